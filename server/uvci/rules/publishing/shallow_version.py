"""UVC507: a version made of git's tags, in a clone without them."""

from collections.abc import Iterable, Iterator
from functools import partial

from uvci.pipeline.model import Job, Scope, Variable, Variant
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.values import Items, Origin, Plain, Table, Value, plains
from uvci.rules.edits import arrivals, replaced, typed_pair
from uvci.rules.places import job_owner
from uvci.rules.rule import (
    Change,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Related,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import Absent, is_at_root, job_setting, may_run_anything
from uvci.syntax.patch import Quoted
from uvci.text.patterns import lazy_re

_DEPTH = "GIT_DEPTH"
_FETCH_FLAGS = "GIT_FETCH_EXTRA_FLAGS"
_FETCHES = lazy_re(r"\bgit\b[^\n]*\b(?:fetch|pull|clone|tag)\b|unshallow")
_PRETENDS = lazy_re(r"PRETEND_VERSION|VERSIONING_BYPASS")
_WRITES = lazy_re(r"pyproject|\b(?:hatch|hatchling|poetry|pdm) version\b|\bbump")
"""What speaks of scripts that change the project before it is built."""
_CLONES = frozenset({"clone", "fetch"})
_DEEPER = lazy_re(r"tags|shallow|depth|deepen")
_SHADOWING = (Scope.MATRIX, Scope.RULE)


def check(context: Context) -> Iterable[Finding]:
    """Values of `GIT_DEPTH` in jobs that build a project whose version git's tags tell."""
    if not context.project.pyproject.version_from_git:
        return
    for job in context.jobs:
        calls = [call for call in uv_commands(job) if _builds_root(call, job)]
        if not calls or _pretends(job) or _is_for_tags(job, context) is not False:
            continue
        for variable in _depths(job):
            if not _fetches(calls[0], job):
                yield _finding(variable, calls[0], job, context)


def _builds(job: Job, _: Context) -> bool:
    return any(call.command.subcommand == ("build",) for call in uv_commands(job))


def _builds_root(call: JobCommand, job: Job) -> bool:
    """Whether a call surely builds the project in the repository's root."""
    command = call.command
    if command.subcommand != ("build",) or command.opaque or command.command.function:
        return False
    if command.flag("--package", "--all-packages", "--all", "--help", "-h", "--list"):
        return False
    sources = [word.value for word in command.positionals]
    return sources in ([], ["."], ["./"]) and is_at_root(call, job)


def _depths(job: Job) -> Iterator[Variable]:
    """The variables that make the job's clone shallow, each once."""
    seen = set()
    for variant in job.variants:
        variable, depth = variant.variables.get(_DEPTH), job_setting(_DEPTH, variant)
        if variable is None or variable.origin is None or _clones_otherwise(variant):
            continue
        if not isinstance(depth, str) or not depth.isdecimal() or int(depth) == 0:
            continue
        if (place := (variable.origin.path, variable.origin.span)) not in seen:
            seen.add(place)
            yield variable


def _clones_otherwise(variant: Variant) -> bool:
    """Whether the runner may fetch nothing, or more than the depth says."""
    strategy, flags = (job_setting(name, variant) for name in ("GIT_STRATEGY", _FETCH_FLAGS))
    if strategy is not Absent.UNSET and strategy not in _CLONES:
        return True
    return flags is Absent.UNKNOWN or (isinstance(flags, str) and bool(_DEEPER.search(flags)))


def _pretends(job: Job) -> bool:
    """Whether the version comes from a variable instead, or a script may write it down."""
    names = (name for variant in job.variants for name in variant.variables)
    return any(map(_PRETENDS.search, names)) or any(
        _PRETENDS.search(line.text) or _WRITES.search(line.text) for line in job.scripts
    )


def _fetches(call: JobCommand, job: Job) -> bool:
    """Whether anything before the build may have fetched more."""
    for line in job.scripts[: job.scripts.index(call.line) + 1]:
        text = line.text
        if line is call.line:
            text = text[: call.command.span.start]
        if _FETCHES.search(text) or any(map(may_run_anything, find_commands(text))):
            return True
    return False


def _is_for_tags(job: Job, context: Context) -> bool | None:
    """Whether the job runs for tags only, whose clone holds that tag at any depth; None: unknown.

    The runner fetches the ref that a pipeline is for (GitLab Runner: refspecs of a job).
    """
    workflow = context.pipeline.merged.get("workflow", "rules")
    if not job.complete or context.pipeline.unread:
        return None
    found = (_all_for_tags(job.keywords.entries.get("rules")), _all_for_tags(workflow))
    if True in found or _only_tags(job.keywords.entries.get("only")):
        return True
    return None if None in found else False


def _all_for_tags(rules: Value | None) -> bool | None:
    if rules is None:
        return False
    tables = list(_flat(rules))
    if not all(isinstance(rule, Table) for rule in tables):
        return None
    conditions = [rule.entries for rule in tables if isinstance(rule, Table)]
    taken = [entries for entries in conditions if not _is(entries.get("when"), "never")]
    texts = (entries.get("if") for entries in taken)
    return all(isinstance(text, Plain) and "CI_COMMIT_TAG" in text.text for text in texts)


def _flat(value: Value) -> Iterator[Value]:
    if isinstance(value, Items):
        for item in value.values:
            yield from _flat(item)
    else:
        yield value


def _is(value: Value | None, text: str) -> bool:
    return isinstance(value, Plain) and value.text == text


def _only_tags(only: Value | None) -> bool:
    refs = only.entries.get("refs") if isinstance(only, Table) else only
    texts = [plain.text for plain in plains(refs)]
    return bool(texts) and all(text == "tags" for text in texts)


def _finding(variable: Variable, call: JobCommand, job: Job, context: Context) -> Finding:
    origin = variable.origin or job.name_origin
    return RULE.at(
        origin,
        "A clone this shallow lacks most of the tags that the project's version is made of, so "
        f"`uv build` of {{jobs}} makes a wrong one or fails; set `{_DEPTH}` to 0.",
        job.name,
        fixes=partial(_fixes, variable, job, context),
        related=(Related(call.path, call.span, "the project is built here"),),
    )


def _fixes(variable: Variable, job: Job, context: Context) -> tuple[Fix, ...]:
    origin, owner = variable.origin, job_owner(job, context)
    if origin is None or owner is None:
        return ()
    pair = typed_pair(origin, context)
    own = owner.get("variables")
    if variable.scope in _SHADOWING or (pair and own and pair.mapping is own.value):
        return _everywhere(origin, context)
    edits = owner.set_variable(_DEPTH, Quoted("0"))
    declares = (Change(job.name, ("variables", _DEPTH)),)
    title = f"Set `{_DEPTH}` to 0 for this job"
    return (Fix(title, edits, preferred=True, declares=declares),) if edits else ()


def _everywhere(origin: Origin, context: Context) -> tuple[Fix, ...]:
    edits = replaced(origin, "0", context)
    declares = arrivals(edits, context)
    return (Fix(f"Set `{_DEPTH}` to 0", edits, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC507",
    name="shallow-version",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `GIT_DEPTH` set to anything but 0 in jobs that run `uv build` on a project whose "
    "version hatch-vcs, setuptools-scm, uv-dynamic-versioning or versioningit makes of git's tags. "
    "Jobs for tags only, jobs that fetch more first, and versions given as a variable are fine.",
    why="GitLab clones only the last commits, and the tags on older ones are not among them. The "
    "build then calls itself something like `0.1.dev1`, or stops.",
    check=check,
    whole=True,
    concerns=_builds,
    examples=(
        Example(
            bad="""\
build:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie
  variables:
    GIT_DEPTH: «"1"»
  script:
    - uv build
  artifacts:
    paths:
      - dist/
""",
            good="""\
build:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie
  variables:
    GIT_DEPTH: "0"
  script:
    - uv build
  artifacts:
    paths:
      - dist/
""",
            files={
                "pyproject.toml": '[project]\nname = "app"\ndynamic = ["version"]\n\n'
                '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n'
                'build-backend = "hatchling.build"\n\n[tool.hatch.version]\nsource = "vcs"\n'
            },
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/pipelines/settings/#limit-the-number-of-changes-fetched-during-clone",
        "https://docs.gitlab.com/ci/runners/configure_runners/#shallow-cloning",
    ),
)
