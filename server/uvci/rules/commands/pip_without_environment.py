"""UVC401: `uv pip` with no environment to install into."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import UvProgram
from uvci.pipeline.values import Origin, plains
from uvci.rules.commands.python_requests import is_in_image, is_path
from uvci.rules.edits import arrivals, setting_changes
from uvci.rules.images.plain import has_plain_image, runs_in_image
from uvci.rules.places import job_owner, root_owner
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
from uvci.rules.script_edits import inserted
from uvci.rules.shared_calls import shared_runs
from uvci.rules.uv_jobs import Absent, UvRun, may_run_anything, uv_runs
from uvci.syntax.patch import Quoted
from uvci.text.patterns import lazy_re

_INSTALLING = frozenset({("pip", "install"), ("pip", "sync")})
# As tried: 0.5.4 refuses both without an environment, 0.5.5 does not.
_TARGET_SINCE = UvVersion(0, 5, 5)
_MAKES_ENVIRONMENT = frozenset({("venv",), ("sync",), ("run",), ("add",)})
_HINTS = lazy_re(
    r"activate|venv|virtualenv|conda|poetry|pdm|pipenv|pixi|hatch|rye|tox|nox|\btar |unzip"
)
_QUOTED = lazy_re(r"[\"'\\\n]")
_NAMES_ENVIRONMENT = ("VIRTUAL_ENV", "CONDA_PREFIX")
_SYSTEM = "UV_SYSTEM_PYTHON"


def check(context: Context) -> Iterable[Finding]:
    """Calls of `uv pip install` and `sync` that no environment, flag or variable helps."""
    for job in context.jobs:
        runs = [run for run in uv_runs(job, context) if _installs(run)]
        if not runs or not _is_known(job, context):
            continue
        for run in runs:
            if not _is_prepared(run):
                yield RULE.at(
                    Origin(run.call.path, run.call.span),
                    _message(run),
                    job.name,
                    fixes=partial(_fixes, run, context),
                )


def _is_known(job: Job, context: Context) -> bool:
    """Whether nothing but the job's scripts and variables may give it an environment."""
    if not job.complete or not has_plain_image(job) or not runs_in_image(job):
        return False
    return not _is_configured(context) and not _is_brought(job, context)


def _lacks(run: UvRun, context: Context) -> bool:
    """Whether a call finds no environment to install into."""
    return _installs(run) and _is_known(run.job, context) and not _is_prepared(run)


def _may_install(job: Job, _: Context) -> bool:
    return any(call.command.subcommand in _INSTALLING for call in uv_commands(job))


def _message(run: UvRun) -> str:
    words = " ".join(("uv", *run.call.command.subcommand))
    asked = _asked(run.call)
    why = f", as `{asked}` names no environment" if asked else ""
    system = (
        ", or install into the image's Python with `--system` or `UV_SYSTEM_PYTHON`"
        if is_in_image(run)
        else ""
    )
    return (
        f"`{words}` finds no virtual environment in {{jobs}} and exits with 2{why}; "
        f"make one with `{_making(run.call)}`{system}."
    )


def _asked(call: JobCommand) -> str:
    """The Python that a call asks for, as typed."""
    flag = call.command.flag("--python", "-p")
    return flag.span.of(call.line.text) if flag else ""


def _making(call: JobCommand) -> str:
    """The command that makes an environment which the call takes."""
    return f"uv venv {_asked(call)}".rstrip()


def _installs(run: UvRun) -> bool:
    """Whether it is such a call, without a flag that says where to install, and surely so."""
    command = run.call.command
    if command.subcommand not in _INSTALLING or command.opaque:
        return False
    if command.program is UvProgram.PYTHON_MODULE or command.command.function:
        return False
    if command.flag("--system", "--help", "-h", "--dry-run"):
        return False
    if command.flag("--target", "-t", "--prefix"):
        return run.version is not None and run.version < _TARGET_SINCE
    python = command.flag("--python", "-p")
    return python is None or (python.value is not None and not is_path(python.value))


def _is_configured(context: Context) -> bool:
    """Whether the project's own settings may speak of `uv pip`."""
    pyproject, own = context.files.read("pyproject.toml"), context.files.read("uv.toml")
    return "tool.uv.pip" in (pyproject or "") or "pip" in (own or "")


def _is_brought(job: Job, context: Context) -> bool:
    """Whether an environment may come from a cache or from another job."""
    cached = (path.plain.text for cache in job.caches for path in cache.paths)
    made = (
        plain.text
        for other in context.pipeline.jobs
        for plain in plains(other.keywords.get("artifacts", "paths"))
    )
    return any("venv" in text for text in (*cached, *made))


def _is_prepared(run: UvRun) -> bool:
    """Whether the call may find an environment: a variable names one, or a command makes one."""
    if run.is_on("UV_SYSTEM_PYTHON") or run.setting("UV_SYSTEM_PYTHON") is Absent.UNKNOWN:
        return True
    if any(run.setting(name) is not Absent.UNSET for name in _NAMES_ENVIRONMENT):
        return True
    python = run.setting("UV_PYTHON")
    if python is Absent.UNKNOWN or (isinstance(python, str) and is_path(python)):
        return True
    if run.call.directory is None or any(export.name == "PATH" for export in run.call.exports):
        return True
    calls = uv_commands(run.job)
    before = (call.command.subcommand for call in calls[: calls.index(run.call)])
    return any(words in _MAKES_ENVIRONMENT for words in before) or _may_make_one(run)


def _may_make_one(run: UvRun) -> bool:
    """Whether anything else that runs before may leave an environment behind."""
    lines = run.job.scripts[: run.job.scripts.index(run.call.line) + 1]
    for line in lines:
        start = run.call.command.span.start if line is run.call.line else len(line.text)
        text = line.text[:start]
        if _HINTS.search(text) or any(map(may_run_anything, find_commands(text))):
            return True
    return False


def _fixes(run: UvRun, context: Context) -> tuple[Fix, ...]:
    fixes: list[Fix | None] = [_venv(run, context)]
    if is_in_image(run):
        fixes = [_for_job(run, context), _for_pipeline(context), _flag(run, context), *fixes]
    offered = [fix for fix in fixes if fix is not None and fix.edits]
    return tuple(replace(fix, preferred=fix is offered[0]) for fix in offered)


def _for_job(run: UvRun, context: Context) -> Fix | None:
    owner = job_owner(run.job, context)
    if owner is None:
        return None
    edits, kind = owner.set_variable(_SYSTEM, Quoted("1")), _applicability([run.job], context)
    declares = (Change(run.job.name, ("variables", _SYSTEM)),)
    return Fix(f"Set `{_SYSTEM}` for this job", edits, kind, declares=declares)


def _for_pipeline(context: Context) -> Fix | None:
    owner = root_owner(context)
    if owner is None:
        return None
    edits, kind = owner.set_variable(_SYSTEM, Quoted("1")), _applicability(context.jobs, context)
    return Fix(f"Set `{_SYSTEM}` for every job", edits, kind, declares=setting_changes(_SYSTEM))


def _applicability(jobs: Iterable[Job], context: Context) -> Applicability:
    """Whether the variable changes nothing for calls that have an environment."""
    runs = (run for job in jobs for run in uv_runs(job, context))
    calls = (run for run in runs if run.call.command.subcommand in _INSTALLING)
    safe = all(_lacks(run, context) for run in calls)
    return Applicability.SAFE if safe else Applicability.UNSAFE


def _flag(run: UvRun, context: Context) -> Fix | None:
    edits = inserted(run.call.line, run.call.command.subcommand_span.end, " --system")
    shared = list(shared_runs(run.call, context))
    if not all(_lacks(each, context) and is_in_image(each) for each in shared):
        return None
    return Fix("Add `--system`", edits, declares=arrivals(edits, context))


def _venv(run: UvRun, context: Context) -> Fix | None:
    """`uv venv` in front of the call, on the same line of the script."""
    command, making = run.call.command.command, _making(run.call)
    if command.in_pipeline or command.conditional or command.assignments:
        return None
    if _QUOTED.search(making) or not all(
        _lacks(each, context) for each in shared_runs(run.call, context)
    ):
        return None
    edits = inserted(run.call.line, run.call.command.span.start, f"{making} && ")
    declares = arrivals(edits, context)
    return Fix(f"Make an environment first, with `{making}`", edits, declares=declares)


RULE = Rule(
    code="UVC401",
    name="pip-without-environment",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `uv pip install` and `uv pip sync` in jobs on uv's images, or on plain official "
    "ones, that neither make nor activate, restore or name an environment, and do not ask for the "
    "image's Python.",
    why="Other than pip, uv does not install into the Python it happens to find: without a virtual "
    "environment it exits with 2. Naming a version (`--python 3.12`) does not change that, naming "
    "an interpreter does.",
    check=check,
    whole=True,
    concerns=_may_install,
    examples=(
        Example(
            bad="""\
lint:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - «uv pip install ruff»
    - ruff check
""",
            good="""\
lint:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_SYSTEM_PYTHON: "1"
  script:
    - uv pip install ruff
    - ruff check
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/gitlab/#using-uv-pip",
        "https://docs.astral.sh/uv/pip/environments/",
    ),
)
