"""UVC412: `uv run` installs again what `uv sync` was told to leave out."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job
from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.model import Condition
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals
from uvci.rules.rule import (
    Context,
    Example,
    FileEdit,
    Finding,
    Fix,
    FixKind,
    Related,
    Rule,
    Severity,
)
from uvci.rules.script_edits import inserted
from uvci.rules.uv_jobs import Absent, UvRun, uses_root_project, uv_runs
from uvci.text.span import Span

_WITHOUT = ("--no-dev", "--no-group", "--no-default-groups")
_ONLY = ("--only-dev", "--only-group")
_CHOOSING = (*_WITHOUT, *_ONLY)
_OTHERWISE = ("--active", "--all-packages", "--package", "--no-sync", "--isolated", "--script")
_NAMING = ("--dev", "--group", "--all-groups")
"""Flags of a run that say themselves which groups to install."""
_INSTALLING = (
    *("--extra", "--all-extras", "--exact", "--reinstall", "--reinstall-package"),
    *("--upgrade", "-U", "--upgrade-package", "-P"),
)
"""Flags of a run that do nothing beside `--no-sync`."""
_BOTH_SINCE = UvVersion(0, 5, 31)
"""The first release that was seen to take `--frozen` and `--no-sync` together; 0.4.30 does not."""
_ASKING = ("--check", "--dry-run", "--help", "-h")
_SETTINGS = ("UV_NO_SYNC", "UV_NO_DEV", "UV_NO_GROUP", "UV_NO_DEFAULT_GROUPS", "UV_ISOLATED")
_CHANGING = frozenset({("sync",), ("venv",), ("add",), ("remove",), ("pip", "sync")})


class _Change(Struct, frozen=True):
    """A sync that leaves something out, and the runs that put it back. `back` says what."""

    sync: JobCommand
    runs: tuple[UvRun, ...]
    back: str


def check(context: Context) -> Iterable[Finding]:
    """The first `uv run` after a sync whose choice of groups it does not repeat."""
    if not context.project.has_pyproject:
        return
    for job in context.jobs:
        for change in _changes(job, context):
            call = change.runs[0].call
            yield RULE.at(
                Origin(call.path, span_in_file(call.line, _words_of(call))),
                f"In {{jobs}} this installs {change.back} after all, which `{_flags(change.sync)}` "
                "left out before; add `--no-sync`, or repeat the flags.",
                job.name,
                fixes=partial(_fixes, change, context),
                related=(Related(change.sync.path, change.sync.span, "it is left out here"),),
            )


def _words_of(call: JobCommand) -> Span:
    return Span(call.command.name_span.start, call.command.subcommand_span.end)


def _flags(sync: JobCommand) -> str:
    """The flags that choose, as typed."""
    chosen = (flag for flag in sync.command.all_flags if flag.name in _CHOOSING)
    return " ".join(flag.span.of(sync.line.text) for flag in chosen)


def _changes(job: Job, context: Context) -> Iterator[_Change]:
    """What happens in the first of the job's sets of variables."""
    runs = [run for run in uv_runs(job, context) if run.variant is job.variants[0]]
    sync: UvRun | None = None
    undoing: list[UvRun] = []
    for run in [*runs, None]:
        if run is None or run.call.command.subcommand in _CHANGING:
            if sync and undoing and (back := _comes_back(sync.call, context.project)):
                yield _Change(sync.call, tuple(undoing), back)
            sync, undoing = run if run and _leaves_out(run, context) else None, []
        elif sync and _puts_back(run, context):
            undoing.append(run)


def _leaves_out(run: UvRun, context: Context) -> bool:
    command = run.call.command
    if command.subcommand != ("sync",) or not command.flag(*_CHOOSING):
        return False
    if command.flag(*_OTHERWISE, *_ASKING) or not _is_settled(run):
        return False
    return command.command.condition is not Condition.MAYBE and _is_here(run, context)


def _puts_back(run: UvRun, context: Context) -> bool:
    command = run.call.command
    if command.subcommand != ("run",) or not command.child:
        return False
    if command.flag(*_CHOOSING, *_NAMING, *_OTHERWISE, *_ASKING):
        return False
    return _is_settled(run) and _is_here(run, context)


def _is_here(run: UvRun, context: Context) -> bool:
    if run.call.command.command.function is not None:
        return False
    return uses_root_project(run.call, run.job, context)


def _is_settled(run: UvRun) -> bool:
    """Whether no variable has a say in which groups are installed, or where."""
    names = (*_SETTINGS, "UV_PROJECT_ENVIRONMENT")
    values = [run.setting(name) for name in names]
    return all(value is Absent.UNSET for value in values[:-1]) and values[-1] is not Absent.UNKNOWN


def _comes_back(sync: JobCommand, project: PythonProject) -> str:
    """What the project has that the sync leaves out and `uv run` installs; empty for nothing.

    uv docs: dependency groups are installed by default where `default-groups` names them, which
    is `dev` unless set.
    """
    command, pyproject = sync.command, project.pyproject
    only = command.flag(*_ONLY)
    if only:
        return "the project's dependencies" if pyproject.dependencies else ""
    defaults = pyproject.uv.get("default-groups", ["dev"])
    groups = {name for name, needs in pyproject.groups.items() if needs}
    if pyproject.uv.get("dev-dependencies"):
        groups.add("dev")
    installed = groups if defaults == "all" else groups.intersection(defaults)
    left = {flag.value for flag in command.all_flags if flag.name == "--no-group"}
    if command.flag("--no-dev"):
        left.add("dev")
    gone = sorted(installed if command.flag("--no-default-groups") else installed & left)
    named = " and ".join(f"`{name}`" for name in gone)
    return f"the {'group' if len(gone) == 1 else 'groups'} {named}" if gone else ""


def _fixes(change: _Change, context: Context) -> tuple[Fix, ...]:
    if not _is_same_everywhere(change, context):
        return ()
    flags, is_only = _flags(change.sync), change.sync.command.flag(*_ONLY) is not None
    texts = {f"Repeat `{flags}`": flags}
    if is_only and any(run.call.command.flag("--all-extras") for run in change.runs):
        texts = {}  # uv refuses the two together
    if all(map(_may_leave_it, change.runs)):
        texts = {"Add `--no-sync`": "--no-sync", **texts}
    edits = {title: _inserted(change.runs, text) for title, text in texts.items()}
    return tuple(
        Fix(title, found, preferred=title in list(texts)[:1], declares=arrivals(found, context))
        for title, found in edits.items()
        if found
    )


def _may_leave_it(run: UvRun) -> bool:
    """Whether a run finds all it needs in the environment as it is, and may say so."""
    command, version = run.call.command, run.version
    if command.flag("--frozen") and version is not None and version < _BOTH_SINCE:
        return False
    return not command.flag(*_INSTALLING)


def _is_same_everywhere(change: _Change, context: Context) -> bool:
    """Whether every job that shares the lines to edit has such a sync before them."""
    lines = {id(run.call.line.plain.origin.node) for run in change.runs}
    for job in context.pipeline.jobs:
        shared = {id(line.plain.origin.node) for line in job.scripts} & lines
        undone = (run.call for other in _changes(job, context) for run in other.runs)
        if shared and not shared <= {id(call.line.plain.origin.node) for call in undone}:
            return False
    return True


def _inserted(runs: tuple[UvRun, ...], text: str) -> tuple[FileEdit, ...]:
    """The edits that add words to each of the calls; none where one cannot be edited."""
    calls = [run.call for run in runs]
    edits = [inserted(one.line, one.command.subcommand_span.end, f" {text}") for one in calls]
    return tuple(edit for each in edits for edit in each) if all(edits) else ()


RULE = Rule(
    code="UVC412",
    name="environment-changed-back",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds a plain `uv run` after a `uv sync` with `--no-dev`, `--no-group`, "
    "`--no-default-groups`, `--only-dev` or `--only-group`, where `pyproject.toml` has what that "
    "leaves out.",
    why="`uv run` brings the environment up to date first, with the groups that are installed by "
    "default: what the sync left out is downloaded and installed after all, and the job tests or "
    "ships another environment than the one that was asked for.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync --locked --no-dev
    - «uv run» python -m app --self-check
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync --locked --no-dev
    - uv run --no-sync python -m app --self-check
""",
            files={
                "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = []\n\n'
                '[dependency-groups]\ndev = ["pytest"]\n',
            },
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/projects/sync/",
        "https://docs.astral.sh/uv/concepts/projects/dependencies/#default-groups",
    ),
)
