"""UVC406: a flag that has a better name."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.availability import Availability
from uvci.catalog.command import Command, DeprecatedFlag, FlagMatch
from uvci.catalog.commands import find_command, find_flag, find_global_flag
from uvci.catalog.corrections import deprecated_flag
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.model import Flag
from uvci.pipeline.values import Origin
from uvci.rules.commands.refusals import is_missing
from uvci.rules.edits import arrivals
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    FindingTag,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.script_edits import removed_word, rewritten
from uvci.rules.shared_calls import shared_runs
from uvci.rules.uv_jobs import Absent, UvRun, uv_runs

_CHANGING = frozenset({"--isolated", "--index-url", "--extra-index-url"})
"""Flags whose new name may do more: settings are left aside, `uv add` writes indexes down."""
_EXCLUDED = {"--python-preference": "UV_PYTHON_PREFERENCE"}
"""Variables that uv refuses beside the new name of a flag."""


class _Outdated(Struct, frozen=True, eq=False):
    """An outdated flag of a call; `use` is what to write for it and its value, None: nothing."""

    flag: Flag
    old: DeprecatedFlag
    command: Command
    use: str | None


def check(context: Context) -> Iterable[Finding]:
    """Old names of flags, where the job's uv knows the new ones."""
    for job in context.jobs:
        runs = uv_runs(job, context)
        for run in runs:
            for outdated in _outdated(run):
                call, flag = run.call, outdated.flag
                same = (other for other in runs if other.call is call)
                if not all(_has_both(other, outdated) for other in same):
                    continue  # in a matrix of releases only the old name works everywhere
                yield RULE.at(
                    Origin(call.path, span_in_file(call.line, flag.name_span)),
                    _message(outdated),
                    job.name,
                    fixes=partial(_fixes, outdated, call, context),
                    tags=(FindingTag.DEPRECATED,),
                )


def _outdated(run: UvRun) -> Iterator[_Outdated]:
    uv, version = run.call.command, run.version
    found = find_command(uv.subcommand, version)
    if version is None or found is None or is_missing(found.availability):
        return
    command = found.command
    before = ((flag, find_global_flag(flag.name, version)) for flag in uv.global_flags)
    behind = ((flag, find_flag(command, flag.name, version)) for flag in uv.flags)
    for flag, match in (*before, *behind):
        old = _old(command, match)
        if match is None or old is None or version < old.since:
            continue
        excluded = _EXCLUDED.get(match.flag.name)
        if excluded and run.setting(excluded) is not Absent.UNSET:
            continue
        use = old.values.get(flag.value or "") if old.values else old.use
        if (use is None and old.values) or (use and not _has(use, command, run)):
            continue
        yield _Outdated(flag, old, command, use)


def _has_both(run: UvRun, outdated: _Outdated) -> bool:
    """Whether the uv of a run has the old and the new name of a flag in the same call."""
    span, use = outdated.flag.span, outdated.use
    return any(each.flag.span == span and each.use == use for each in _outdated(run))


def _old(command: Command, match: FlagMatch | None) -> DeprecatedFlag | None:
    if match is None or match.availability is not Availability.KNOWN:
        return None
    return deprecated_flag(command, match.flag)


def _has(flag: str, command: Command, run: UvRun) -> bool:
    match = find_flag(command, flag, run.version)
    return match is not None and match.availability is Availability.KNOWN


def _message(outdated: _Outdated) -> str:
    old, typed = outdated.old, outdated.flag.name
    loud = ", and uv warns about it" if old.warns else ""
    if outdated.use is None:
        what = f"`uv {outdated.command.name}` in {{jobs}} ignores `{typed}`"
        return f"{what} since uv {old.since}{loud}; drop it."
    works = loud or ", and works only until a release drops it"
    what = f"`{typed}` in {{jobs}} is outdated since uv {old.since}"
    return f"{what}{works}; write `{outdated.use}`."


def _fixes(outdated: _Outdated, call: JobCommand, context: Context) -> tuple[Fix, ...]:
    flag, use, line = outdated.flag, outdated.use, call.line
    if use is None:
        title, edits = f"Drop `{flag.name}`", removed_word(line, flag.span)
    elif outdated.old.values:
        title, edits = f"Write `{use}`", rewritten(line, flag.span, use)
    elif not flag.name_span.of(line.text).startswith("-"):
        return ()  # one letter of several
    else:
        glued = flag.value_span and flag.value_span.start == flag.name_span.end
        written = f"{use}=" if glued else use
        title, edits = f"Write `{use}`", rewritten(line, flag.name_span, written)
    if not all(_has_both(each, outdated) for each in shared_runs(call, context)):
        return ()  # the uv of another job that shares the line may not know the new name
    kind = Applicability.UNSAFE if outdated.old.flag in _CHANGING else Applicability.SAFE
    fix = Fix(title, edits, kind, preferred=True, declares=arrivals(edits, context))
    return (fix,) if edits else ()


RULE = Rule(
    code="UVC406",
    name="deprecated-uv-flag",
    severity=Severity.HINT,
    fix=FixKind.SOMETIMES,
    what="Finds flags that uv has given another name, or that do nothing any more, where the job's "
    "uv knows the new name.",
    why="Old names work until a release drops them, some with a warning in every job's log.",
    check=check,
    examples=(
        Example(
            bad="""\
lock:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv lock «--locked»
""",
            good="""\
lock:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv lock --check
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/cli/",),
)
