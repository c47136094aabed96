"""UVC402: `uv sync` and `uv run` that may change what `uv.lock` says."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import ImageUse, Job
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.model import Condition
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, setting_changes
from uvci.rules.images.plain import has_plain_image
from uvci.rules.places import root_owner
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.script_edits import inserted
from uvci.rules.uv_jobs import Absent, UvRun, is_at_root, is_of_project, uses_root_project, uv_runs
from uvci.syntax.patch import Quoted
from uvci.text.patterns import lazy_re

_LOCKED = "UV_LOCKED"
_LOCKED_SINCE = UvVersion(0, 4, 25)
_CHECKING = ("--locked", "--check")
_UNCHANGING = ("--frozen", "--no-sync", "--dry-run", "--check", "--help", "-h")
_RESOLVING = (
    *("--upgrade", "-U", "--upgrade-package", "-P", "--upgrade-group", "--no-locked"),
    *("--resolution", "--prerelease", "--prerelease-package", "--pre", "--fork-strategy"),
    *("--exclude-newer", "--exclude-newer-package", "--no-sources", "--no-sources-package"),
    *("--index", "--default-index", "--index-url", "-i", "--extra-index-url", "--no-index"),
    *("--find-links", "-f", "--no-frozen"),
)
"""Flags that ask for another lock file than the one that is there."""
_SETTINGS = (
    *(_LOCKED, "UV_FROZEN", "UV_NO_SYNC", "UV_RESOLUTION", "UV_PRERELEASE", "UV_FORK_STRATEGY"),
    *("UV_EXCLUDE_NEWER", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"),
    *("UV_FIND_LINKS", "UV_NO_SOURCES", "UV_NO_INDEX"),
)
_REWRITING = frozenset({("lock",), ("add",), ("remove",), ("version",), ("init",), ("upgrade",)})
_TOUCHES = lazy_re(
    r"pyproject|uv\.lock|\bbump|semantic-release|\b(?:poetry|hatch|pdm) version|\bcz\b"
)
"""What speaks of scripts that change the project before they lock it."""


def check(context: Context) -> Iterable[Finding]:
    """The first call in each job that locks anew where `uv.lock` does not fit."""
    if not context.project.has_pyproject or context.files.exists("uv.lock") is not True:
        return
    if context.project.pyproject.uv.get("managed") is False:
        return  # uv leaves the project alone
    for job in context.jobs:
        run = _first(job, context) if job.complete and _is_image_known(job) else None
        if run is not None:
            call = run.call
            words = " ".join(("uv", *call.command.subcommand))
            yield RULE.at(
                Origin(call.path, call.span),
                f"`{words}` locks anew in {{jobs}} without a word when `uv.lock` does not fit "
                "pyproject.toml, and installs what nobody has committed; add `--locked`, or set "
                f"`{_LOCKED}`.",
                job.name,
                fixes=partial(_fixes, run, context),
            )


def _is_image_known(job: Job) -> bool:
    """Whether no image can have set uv's variables: somebody's own may have."""
    return not isinstance(job.image, ImageUse) or has_plain_image(job)


def _first(job: Job, context: Context) -> UvRun | None:
    """The first call of the job that locks without being asked to; None where it is led up to.

    Behind a call that checks the lock file, that is known to fit. Behind `uv sync --frozen` a
    `uv run` is left alone: the job has said that it takes the lock file as it is.
    """
    frozen = False
    for run in uv_runs(job, context):
        if run.variant is not job.variants[0] or _is_led_up_to(run):
            return None
        command = run.call.command
        frozen |= command.subcommand == ("sync",) and command.flag("--frozen") is not None
        if frozen and command.subcommand == ("run",):
            continue
        if uses_root_project(run.call, job, context) and _relocks(run):
            same = (each for each in uv_runs(job, context) if each.call is run.call)
            return run if all(map(_relocks, same)) and not _is_touched(run) else None
    return None


def _is_led_up_to(run: UvRun) -> bool:
    """Whether a call checks the lock file, or changes it on purpose."""
    command = run.call.command
    if command.subcommand in _REWRITING:
        return True
    checks = command.flag("--locked") is not None and is_of_project(run.call)
    return checks or (command.subcommand == ("sync",) and bool(command.flag(*_RESOLVING)))


def _relocks(run: UvRun) -> bool:
    command = run.call.command
    if command.flag(*_CHECKING, *_UNCHANGING, *_RESOLVING) or command.command.function:
        return False
    if command.subcommand == ("run",) and not command.child:
        return False
    if run.setting("GIT_STRATEGY") not in (Absent.UNSET, "clone", "fetch"):
        return False
    return all(run.setting(name) is Absent.UNSET for name in _SETTINGS)


def _is_touched(run: UvRun) -> bool:
    """Whether anything before the call in the job speaks of changing the project."""
    lines = run.job.scripts[: run.job.scripts.index(run.call.line) + 1]
    texts = [line.text for line in lines[:-1]]
    texts.append(run.call.line.text[: run.call.command.span.start])
    return any(map(_TOUCHES.search, texts))


def _fixes(run: UvRun, context: Context) -> tuple[Fix, ...]:
    offered = [fix for fix in (_for_pipeline(run, context), _flag(run, context)) if fix.edits]
    return tuple(replace(fix, preferred=fix is offered[0]) for fix in offered)


def _for_pipeline(run: UvRun, context: Context) -> Fix:
    old = run.version is not None and run.version < _LOCKED_SINCE
    owner = None if old or not _may_all_be_locked(context) else root_owner(context)
    edits = owner.set_variable(_LOCKED, Quoted("1")) if owner else ()
    title = f"Set `{_LOCKED}` for every job"
    return Fix(title, edits, Applicability.UNSAFE, declares=setting_changes(_LOCKED))


def _may_all_be_locked(context: Context) -> bool:
    """Whether every job of the pipeline still does its work when uv may not touch `uv.lock`."""
    jobs = context.pipeline.jobs
    return all(_may_be_locked(call, job) for job in jobs for call in uv_commands(job))


def _may_be_locked(call: JobCommand, job: Job) -> bool:
    command = call.command
    if command.opaque or command.subcommand in _REWRITING - {("lock",)}:
        return False
    if command.subcommand == ("lock",) and not command.flag(*_CHECKING):
        return False
    if not is_of_project(call):
        return True
    return not command.flag("--frozen", *_RESOLVING) and is_at_root(call, job)


def _flag(run: UvRun, context: Context) -> Fix:
    command, line = run.call.command, run.call.line
    sure = command.command.condition is not Condition.MAYBE
    edits = inserted(line, command.subcommand_span.end, " --locked") if sure else ()
    declares = arrivals(edits, context)
    return Fix("Add `--locked`", edits, Applicability.UNSAFE, declares=declares)


_FILES = {
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\n',
    "uv.lock": "version = 1\n",
}

RULE = Rule(
    code="UVC402",
    name="unlocked-sync",
    severity=Severity.HINT,
    fix=FixKind.SOMETIMES,
    what="Finds the first `uv sync` or `uv run` of a job that may write another `uv.lock` than the "
    "committed one: without `--locked`, `--frozen` or `--no-sync`, and without the variables that "
    "do the same.",
    why="When somebody changes pyproject.toml and forgets `uv lock`, the job resolves the project "
    "anew, passes with versions that nobody has committed, and says nothing.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - «uv sync»
    - uv run pytest
""",
            good="""\
variables:
  UV_LOCKED: "1"

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync
    - uv run pytest
""",
            files=_FILES,
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/projects/sync/#automatic-lock-and-sync",
        "https://docs.astral.sh/uv/reference/environment/#uv_locked",
    ),
)
