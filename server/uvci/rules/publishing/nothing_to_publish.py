"""UVC508: a job that publishes what it does not have."""

import re
from collections.abc import Iterable
from functools import partial

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand, uv_commands, uv_installs
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import ShellCommand, UvCommand
from uvci.pipeline.shell.uv_commands import find_uv_commands
from uvci.pipeline.values import Items, Origin, Plain
from uvci.rules.places import job_owner
from uvci.rules.publishing.uploads import publish_runs
from uvci.rules.received import may_cover, may_send, senders, sends
from uvci.rules.rule import (
    Applicability,
    Change,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import Absent, UvRun, is_at_root, job_setting
from uvci.text.patterns import lazy_re

_DEFAULT = "dist"
_FOLDER = lazy_re(r"(?:\./)?([A-Za-z0-9_-][A-Za-z0-9_.-]*)/[^/$]*")
_HARMLESS = frozenset(  # a line each would fill two screens
    """
    : [ [[ apk apt apt-get cat cd chmod date dnf echo env exit export head id ls microdnf mkdir
    printenv printf pwd rm set sleep tail test true type unset update-ca-certificates which whoami
    yum
    """.split()  # noqa: SIM905  see above
)
_HARMLESS_GIT = frozenset({"config", "status", "log", "rev-parse", "describe", "tag", "fetch"})
_HARMLESS_UV = frozenset(
    {
        *("", "auth login", "cache clean", "cache dir", "cache prune", "help", "lock", "pip check"),
        *("pip freeze", "pip install", "pip list", "pip sync", "publish", "python find", "sync"),
        *("python install", "python list", "python pin", "self update", "self version", "tree"),
        *("tool install", "tool list", "venv", "version"),
    }
)
_ENVIRONMENT = lazy_re(r".*/(?:activate|env)")
_PIP = lazy_re(r"pip[0-9.]*")
_CODE = lazy_re(r"^[ \t]*[^#\s]", re.MULTILINE)
_WRITES = lazy_re(r">(?!\s*(?:/dev/null|&))")
_KEEPS_FILES = ("GIT_STRATEGY", "GIT_CLEAN_FLAGS", "GIT_CLONE_PATH")
_LIMITED = ("rules", "only", "except", "when")


def check(context: Context) -> Iterable[Finding]:
    """Calls of `uv publish` where no file to publish can be."""
    if context.pipeline.unread:
        return
    for job in context.jobs:
        for run in publish_runs(job, context):
            folder = _folder(run.call)
            if folder is not None and _is_surely_empty(folder, run, context):
                yield _finding(folder, run, context)


def _publishes(job: Job, _: Context) -> bool:
    return any(call.command.subcommand == ("publish",) for call in uv_commands(job))


def _folder(call: JobCommand) -> str | None:
    """The one folder that a call looks for files in; None where it is not known, or looks wider."""
    command = call.command
    if command.opaque or command.command.function or command.command.tested:
        return None
    if not command.positionals:
        return _DEFAULT
    found = {
        m[1] if (m := _FOLDER.fullmatch(word.value or "")) else None for word in command.positionals
    }
    return found.pop() if len(found) == 1 else None


def _is_surely_empty(folder: str, run: UvRun, context: Context) -> bool:
    job = run.job
    if not job.complete or "hooks" in job.keywords.entries:
        return False
    if not is_at_root(run.call, job) or _is_kept(folder, run, context):
        return False
    received = senders(job, context.pipeline)
    if received is None or any(may_send(one, folder) for one in received):
        return False
    return not _may_be_made(run.call, job)


def _is_kept(folder: str, run: UvRun, context: Context) -> bool:
    """Whether the folder may come with the repository, a cache, or a job before on the runner."""
    if any(path.startswith(f"{folder}/") for path in context.files.paths()):
        return True
    if any(job_setting(name, run.variant) is not Absent.UNSET for name in _KEEPS_FILES):
        return True
    return any(
        not cache.complete
        or cache.untracked
        or any(may_cover(path.plain.text, run.variant, folder) for path in cache.paths)
        for cache in run.job.caches
    )


def _may_be_made(call: JobCommand, job: Job) -> bool:
    """Whether anything that runs before the call may write files."""
    installs = [(install.line, install.install.span) for install in uv_installs(job)]
    for line in job.scripts[: job.scripts.index(call.line) + 1]:
        end = call.command.span.start if line is call.line else len(line.text)
        text = line.text[:end]
        commands = [one for one in find_commands(line.text) if one.span.start < end]
        known = {one.command.span: one for one in find_uv_commands(line.text)}
        spans = [span for where, span in installs if where is line]
        if _WRITES.search(text) or (_CODE.search(text) and not commands):
            return True
        for one in commands:
            if any(span.covers(one.span) for span in spans):
                continue
            if not _is_harmless(one, known.get(one.span)):
                return True
    return False


def _is_harmless(command: ShellCommand, uv: UvCommand | None) -> bool:
    """Whether a command surely leaves nothing in the project that could be published."""
    if uv is not None:
        return " ".join(uv.subcommand) in _HARMLESS_UV
    words = [word.value for word in command.words]
    if not words:
        return True
    name, first = command.name or "", words[1] if len(words) > 1 else None
    if name in (".", "source"):
        return _ENVIRONMENT.fullmatch(command.words[-1].raw.strip("\"'")) is not None
    if name == "git":
        return first in _HARMLESS_GIT
    if _PIP.fullmatch(name):
        return first == "install"
    if name.startswith("python"):
        return words[1:4] == ["-m", "pip", "install"] or first == "--version"
    return name in _HARMLESS


def _finding(folder: str, run: UvRun, context: Context) -> Finding:
    built = _builders(run.job, context)
    builders = [job for job in built if sends(job, folder)]
    if builders:
        advice = f"take the artifacts of `{builders[0].name}`"
    elif built:
        advice = f"keep `{folder}/` as artifacts of `{built[0].name}`, and take them"
    else:
        advice = "run `uv build` first, or take the artifacts of the job that does"
    return RULE.at(
        Origin(run.call.path, run.call.span),
        f"There is nothing to publish in {{jobs}}: nothing before this builds, and no artifact "
        f"brings `{folder}/`, so uv exits with 2; {advice}.",
        run.job.name,
        fixes=partial(_fixes, builders, run.job, context),
    )


def _builders(job: Job, context: Context) -> list[Job]:
    """The jobs that build packages, not later than the job itself."""
    stages = context.pipeline.stages
    if job.stage not in stages:
        return []
    usable = stages[: stages.index(job.stage) + 1]
    return [
        one
        for one in context.pipeline.jobs
        if one is not job and one.stage in usable and _builds(one)
    ]


def _builds(job: Job) -> bool:
    return any(call.command.subcommand == ("build",) for call in uv_commands(job))


def _fixes(builders: list[Job], job: Job, context: Context) -> tuple[Fix, ...]:
    owner = job_owner(job, context)
    if len(builders) != 1 or owner is None:
        return ()
    builder, entries = builders[0], job.keywords.entries
    keyword = "dependencies" if "dependencies" in entries else "needs"
    if (keyword in entries and owner.get(keyword) is None) or _names(builder.name, job, keyword):
        return ()
    if keyword == "dependencies" and ("needs" in entries or builder.stage == job.stage):
        return ()
    limited = any(name in builder.keywords.entries for name in _LIMITED)
    how = Applicability.UNSAFE if limited else Applicability.SAFE
    edits = owner.append(keyword, builder.name)
    declares = (Change(job.name, (keyword,)),)
    title = f"Take the artifacts of `{builder.name}`, with `{keyword}`"
    return (Fix(title, edits, how, preferred=True, declares=declares),) if edits else ()


def _names(name: str, job: Job, keyword: str) -> bool:
    """Whether the job names the other one already, then without its artifacts."""
    value = job.keywords.entries.get(keyword)
    items = value.values if isinstance(value, Items) else ()
    tables = [item for item in items if not isinstance(item, Plain)]
    return bool(tables) or any(isinstance(item, Plain) and item.text == name for item in items)


RULE = Rule(
    code="UVC508",
    name="nothing-to-publish",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `uv publish` in jobs that do not build and get no `dist/` from another job, be it "
    "by `needs`, `dependencies`, or the artifacts of the stages before. Jobs that run scripts, "
    "download, or do anything else that may make the files are left alone.",
    why="`uv publish` uploads what lies in `dist/`. Where a job has `needs`, it gets the artifacts "
    "of those jobs only. With no file there uv says `No files found to publish` and exits with 2.",
    check=check,
    whole=True,
    concerns=_publishes,
    examples=(
        Example(
            bad="""\
stages: [build, deploy]

build:
  stage: build
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv build
  artifacts:
    paths:
      - dist/

publish:
  stage: deploy
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  needs: []
  script:
    - «uv publish»
""",
            good="""\
stages: [build, deploy]

build:
  stage: build
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv build
  artifacts:
    paths:
      - dist/

publish:
  stage: deploy
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  needs:
    - build
  script:
    - uv publish
""",
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/yaml/#needs",
        "https://docs.gitlab.com/ci/jobs/job_artifacts/",
        "https://docs.astral.sh/uv/guides/package/#publishing-your-package",
    ),
)
