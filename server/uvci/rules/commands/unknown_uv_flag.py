"""UVC405: a flag that the command of the job's uv does not have, or only to refuse it."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.command import Command, FlagMatch, Meant
from uvci.catalog.commands import (
    commands_with_flag,
    find_command,
    find_flag,
    find_global_flag,
    nearest_flags,
)
from uvci.catalog.corrections import meant_flag, older_flags, refused_flag
from uvci.catalog.versions import UvVersion, newest
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.model import Flag
from uvci.pipeline.values import Origin
from uvci.rules.commands.refusals import (
    is_missing,
    is_name,
    is_on_record,
    lifetime_note,
    may_judge,
    severity_of,
    stops,
)
from uvci.rules.edits import arrivals
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    FileEdit,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.script_edits import inserted, removed_word, rewritten
from uvci.rules.shared_calls import shared_runs
from uvci.rules.uv_jobs import UvRun, uv_runs
from uvci.text.span import Span

_UNJUDGED = frozenset({"generate-shell-completion", "build-backend", "auth helper"})
"""Commands that have further commands, or take back flags that all others have."""
_TOLD_ELSEWHERE = frozenset({("publish", "--skip-existing")})
"""UVC506 says more about it."""
_SHOWN = 3
_VERSION_FLAGS = ("--version", "-V")


class _Problem(Struct, frozen=True):
    """A flag that uv refuses. `text` ends before what it does to the job; `uses` replace it.

    `takes_value`: its value is dropped with it. `moves`: it is only in the wrong place.
    """

    flag: Flag
    text: str
    advice: str = ""
    uses: tuple[str, ...] = ()
    safe: bool = True
    takes_value: bool = False
    moves: bool = False


def check(context: Context) -> Iterable[Finding]:
    """Flags that the command of the job's uv does not take."""
    for job in context.jobs:
        for run in uv_runs(job, context):
            if not may_judge(run):
                continue
            call = run.call
            for problem in _problems(run):
                advice = f" {problem.advice}" if problem.advice else ""
                yield RULE.at(
                    Origin(call.path, span_in_file(call.line, problem.flag.name_span)),
                    f"{problem.text}, {stops(call)}.{advice}",
                    job.name,
                    severity=severity_of(call),
                    fixes=partial(_fixes, problem, run, context),
                )


def _problems(run: UvRun) -> Iterator[_Problem]:
    uv, version = run.call.command, run.version
    found = find_command(uv.subcommand, version)
    command = found.command if found else None
    for flag in _named(uv.global_flags):
        if problem := _before(flag, command, version):
            yield problem
    if command is None or command.name in _UNJUDGED or (found and is_missing(found.availability)):
        return
    is_uvx = uv.subcommand_span == uv.name_span or uv.subcommand == ("tool", "uvx")
    for flag in _named(uv.flags):
        if is_uvx and flag.name in _VERSION_FLAGS:
            continue
        if problem := _behind(flag, command, version):
            yield problem


def _named(flags: tuple[Flag, ...]) -> Iterator[Flag]:
    """The flags whose names are what uv gets, and no placeholders."""
    return (flag for flag in flags if is_name(flag.name))


def _before(flag: Flag, command: Command | None, version: UvVersion | None) -> _Problem | None:
    """What is wrong with a flag between `uv` and the command."""
    match = find_global_flag(flag.name, version)
    if match is not None:
        if version is None or not is_missing(match.availability):
            return None
        older = older_flags(command, match.flag, version) if command else []
        return replace(_absent(flag, "", match, version), uses=tuple(older))
    own = find_flag(command, flag.name, version) if command else None
    if command and own and not is_missing(own.availability):
        text = f"uv takes `{flag.name}` only behind the command"
        return _Problem(flag, text, f"Write it behind `{command.words[-1]}`.", moves=True)
    if command is None or not is_on_record(version, mistaken=False):
        return None
    return _Problem(flag, _nowhere(flag, ""))


def _behind(flag: Flag, command: Command, version: UvVersion | None) -> _Problem | None:
    """What is wrong with a flag of a command."""
    match = find_flag(command, flag.name, version)
    if match is None:
        return _never(flag, command, version)
    if version is not None and is_missing(match.availability):
        problem = _absent(flag, command.name, match, version)
        older = older_flags(command, match.flag, version)
        if meant := meant_flag(command, flag.name):
            return _corrected(problem, meant)
        return replace(problem, uses=tuple(older))
    if (command.name, match.flag.name) in _TOLD_ELSEWHERE:
        return None
    if refused := refused_flag(command, match.flag, version):
        text = f"`uv {command.name}` has `{flag.name}` only to refuse it"
        return _corrected(_Problem(flag, text), refused)
    return None


def _never(flag: Flag, command: Command, version: UvVersion | None) -> _Problem | None:
    meant = meant_flag(command, flag.name)
    near = nearest_flags(command, flag.name, version)
    of_another = version is None and commands_with_flag(flag.name, newest())
    if not is_on_record(version, mistaken=bool(meant or near or of_another)):
        return None
    problem = _Problem(flag, _nowhere(flag, command.name))
    if meant:
        return _corrected(problem, meant)
    if near:
        names = " or ".join(f"`{name}`" for name in near)
        return replace(problem, advice=f"Did you mean {names}?", uses=tuple(near))
    others = [f"`uv {name}`" for name in commands_with_flag(flag.name, version or newest())]
    return replace(problem, advice=_elsewhere(others)) if others else problem


def _elsewhere(commands: list[str]) -> str:
    """Which commands have the flag."""
    if len(commands) > _SHOWN:
        return f"{', '.join(commands[:_SHOWN])} and others have it."
    return f"{' and '.join(commands)} {'has' if len(commands) == 1 else 'have'} it."


def _nowhere(flag: Flag, command: str) -> str:
    name = f"`uv {command}`" if command else "`uv`"
    return f"No uv up to {newest()} has a flag `{flag.name}` of {name}"


def _absent(flag: Flag, command: str, match: FlagMatch, version: UvVersion) -> _Problem:
    name = f"`uv {command}`" if command else "`uv`"
    text = f"uv {version} has no flag `{flag.name}` of {name}"
    return _Problem(flag, text, f"{lifetime_note(match.lifetime, version)}.")


def _corrected(problem: _Problem, meant: Meant) -> _Problem:
    uses = () if meant.use is None else (meant.use,)
    return replace(
        problem,
        advice=meant.says,
        uses=uses,
        safe=meant.use == "",
        takes_value=meant.takes_value,
    )


def _fixes(problem: _Problem, run: UvRun, context: Context) -> tuple[Fix, ...]:
    call, flag = run.call, problem.flag
    if not flag.span.of(call.line.text).startswith("-"):
        return ()  # quoted, or one letter of several
    if problem.moves:
        fixes = [_moved(call, flag, context)]
    else:
        fixes = [_used(run, problem, use, context) for use in problem.uses]
    offered = [fix for fix in fixes if fix.edits]
    is_sure = problem.safe and len(offered) == 1 and not _is_taken_by_another(flag, run, context)
    kind = Applicability.SAFE if is_sure else Applicability.UNSAFE
    offered = [replace(fix, applicability=kind) for fix in offered]
    return tuple(replace(fix, preferred=fix is offered[0]) for fix in offered)


def _is_taken_by_another(flag: Flag, run: UvRun, context: Context) -> bool:
    """Whether a uv of the same line takes the flag, as one of several in a matrix may."""
    return any(
        all(problem.flag.span != flag.span for problem in _problems(other))
        for other in shared_runs(run.call, context)
    )


def _moved(call: JobCommand, flag: Flag, context: Context) -> Fix:
    behind, line = call.command.subcommand_span.end, call.line
    added = inserted(line, behind, " " + flag.span.of(line.text))
    removed = removed_word(line, flag.span)
    edits = (*removed, *added) if removed and added else ()
    return Fix(f"Move `{flag.name}` behind the command", edits, declares=arrivals(edits, context))


def _used(run: UvRun, problem: _Problem, use: str, context: Context) -> Fix:
    """`use` in place of a flag: nothing, another flag, or another command that has the flag."""
    line, flag, uv = run.call.line, problem.flag, run.call.command
    if not use:
        title, edits = f"Drop `{flag.name}`", removed_word(line, _with_value(problem, run.call))
    elif not use.startswith("-"):
        words = use.removesuffix(f" {flag.name}")
        title, edits = f"Write `uv {use}`", rewritten(line, uv.subcommand_span, words)
    else:
        title, edits = f"Write `{use}`", _renamed(run, problem, use)
    declares, is_slip = arrivals(edits, context), problem.safe and bool(use)
    return Fix(title, edits, declares=declares, uncovers=is_slip)


def _renamed(run: UvRun, problem: _Problem, use: str) -> tuple[FileEdit, ...]:
    """Another flag in its place, with the value where both take one."""
    line, flag, uv = run.call.line, problem.flag, run.call.command
    found = find_command(uv.subcommand, run.version)
    match = find_flag(found.command, use, run.version) if found else None
    if match is None or is_missing(match.availability):
        return ()
    if match.flag.takes_value:
        followed = flag.value_span is not None or flag.span.end < uv.span.end
        return rewritten(line, flag.name_span, use) if followed else ()
    if flag.value_span is not None and not problem.takes_value:
        return ()
    return rewritten(line, _with_value(problem, run.call), use)


def _with_value(problem: _Problem, call: JobCommand) -> Span:
    """The flag with its value, also one typed behind it that uv's own flags do not tell."""
    flag = problem.flag
    behind = [word.span for word in call.command.positionals if word.span.start > flag.span.end]
    if not problem.takes_value or flag.value_span is not None or not behind:
        return flag.span
    return Span(flag.span.start, min(behind).end)


RULE = Rule(
    code="UVC405",
    name="unknown-uv-flag",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds flags that the command does not have in the job's uv: misspelt ones, those of "
    "other tools or other commands, those of a newer or an older uv, and those that uv has only to "
    "refuse them (`uv pip install --user`). Where nobody knows which uv the job runs, only those "
    "that no uv takes.",
    why="uv exits with 2 before it does anything.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync «--lokced»
    - uv run --no-sync pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync --locked
    - uv run --no-sync pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/cli/",),
)
