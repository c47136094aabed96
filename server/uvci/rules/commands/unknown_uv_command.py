"""UVC404: a command that the job's uv does not have."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from uvci.catalog.availability import Availability
from uvci.catalog.command import CommandMatch, Meant
from uvci.catalog.commands import (
    command_groups,
    find_command,
    find_flag,
    nearest_commands,
    subcommands,
)
from uvci.catalog.corrections import meant_command, nearly_meant_command, refused_flag
from uvci.catalog.versions import UvVersion, newest
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.uv_flags import STARTERS
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
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.script_edits import rewritten
from uvci.rules.uv_jobs import UvRun, uv_runs


def check(context: Context) -> Iterable[Finding]:
    """Commands that no uv has, or not the one that the job runs."""
    for job in context.jobs:
        for run in uv_runs(job, context):
            if may_judge(run) and (problem := _problem(run)):
                call = run.call
                yield RULE.at(
                    Origin(call.path, span_in_file(call.line, call.command.subcommand_span)),
                    problem,
                    job.name,
                    severity=severity_of(call),
                    fixes=partial(_fixes, run, context),
                )


def _problem(run: UvRun) -> str | None:
    words, version = run.call.command.subcommand, run.version
    if not words or words in [(group,) for group in command_groups()]:
        return None
    if not all(map(is_name, words)):
        return None
    found = find_command(words, version)
    if found is None:
        return _unheard_of(run)
    if version is None or not is_missing(found.availability):
        return None
    note = lifetime_note(found.lifetime, version)
    return f"uv {version} has no command `{_typed(words)}`, {stops(run.call)}. {note}."


def _unheard_of(run: UvRun) -> str | None:
    words, version = run.call.command.subcommand, run.version
    meant, near = meant_command(words), nearest_commands(words, version)
    near = [_in_full(run, each) for each in near]
    if meant and meant.until and (version is None or version <= meant.until):
        return None
    is_script = words[-1].endswith(".py")
    if not is_on_record(version, mistaken=bool(meant or near or is_script)):
        return None
    advice = _advice(words, meant, near, version)
    return f"No uv up to {newest()} has a command `{_typed(words)}`, {stops(run.call)}. {advice}"


def _advice(
    words: tuple[str, ...], meant: Meant | None, near: list[str], version: UvVersion | None
) -> str:
    if meant:
        return meant.says
    if near:
        return f"Did you mean {' or '.join(f'`uv {each}`' for each in near)}?"
    if nearly := nearly_meant_command(words):
        return nearly.says
    if words[-1].endswith(".py"):
        return f"`uv run {words[-1]}` runs it."
    if len(words) == 1:
        return f"`uv run {words[0]}` runs a program of the project."
    known = ", ".join(f"`{word}`" for word in subcommands(words[0], version))
    return f"`uv {words[0]}` has {known}."


def _typed(words: tuple[str, ...]) -> str:
    return " ".join(words)


def _fixes(run: UvRun, context: Context) -> tuple[Fix, ...]:
    command = run.call.command
    found = find_command(command.subcommand, run.version)
    if found is not None:
        renamed = found.command.name != _typed(command.subcommand)
        uses, safe = [found.command.name] if renamed else [], True
    elif meant := meant_command(command.subcommand):
        uses, safe = list(_meant(run.call, meant)), False
    elif (script := command.subcommand[-1]).endswith(".py"):
        uses, safe = [f"run {script}"], False
    elif uses := nearest_commands(command.subcommand, run.version):
        uses, safe = [_in_full(run, each) for each in uses], True
    else:
        nearly = nearly_meant_command(command.subcommand)
        uses, safe = list(_meant(run.call, nearly)) if nearly else [], False
    fixes = [_fix(run, use, context) for use in uses if _takes(run, use)]
    kind = Applicability.SAFE if safe and len(fixes) == 1 else Applicability.UNSAFE
    offered = [replace(fix, applicability=kind) for fix in fixes if fix.edits]
    return tuple(replace(fix, preferred=fix is offered[0]) for fix in offered)


def _meant(call: JobCommand, meant: Meant) -> Iterator[str]:
    packages = call.command.positionals or call.command.flag("-r", "--requirement", "-e")
    if meant.with_packages and packages:
        yield meant.with_packages
    elif meant.use:
        yield meant.use


def _in_full(run: UvRun, near: str) -> str:
    """A command; where a group was misspelt, with the command of it that is typed behind."""
    follower = _follower(run) if near in command_groups() else None
    full = f"{near} {follower}"
    return full if follower and find_command(full.split(), run.version) else near


def _follower(run: UvRun) -> str | None:
    """The word that is typed right behind a command of one word."""
    command = run.call.command
    if not command.positionals or len(command.subcommand) > 1:
        return None
    first = command.positionals[0]
    between = run.call.line.text[command.subcommand_span.end : first.span.start]
    return None if between.strip(" \\\n") else first.value


def _takes(run: UvRun, use: str) -> bool:
    """Whether the job's uv has the command `use`, and that takes all that is typed behind it."""
    words, command = use.split(), run.call.command
    found = find_command(words, run.version)
    if found is None or is_missing(found.availability):
        return False
    starts = tuple(words[: found.taken]) in STARTERS
    given = command.positionals[1:] if _is_of_group(run, use) else command.positionals
    if given and not (found.command.positionals or starts):
        return False
    if starts and len(words) > found.taken:
        return True  # what follows belongs to the program that it starts
    return all(_has(found, flag.name, run.version) for flag in command.flags)


def _has(found: CommandMatch, flag: str, version: UvVersion | None) -> bool:
    match = find_flag(found.command, flag, version)
    if match is None or refused_flag(found.command, match.flag, version):
        return False
    usable = (Availability.KNOWN, Availability.UNKNOWN)
    return match.availability in usable


def _is_of_group(run: UvRun, use: str) -> bool:
    """Whether only the group is to be written anew: what follows is typed already."""
    follower = _follower(run)
    return follower is not None and use.split()[1:] == [follower]


def _fix(run: UvRun, use: str, context: Context) -> Fix:
    call, span = run.call, run.call.command.subcommand_span
    whole = span.of(call.line.text) == _typed(call.command.subcommand)
    text = use.partition(" ")[0] if _is_of_group(run, use) else use
    edits = rewritten(call.line, span, text) if whole else ()
    declares = arrivals(edits, context)
    return Fix(f"Write `uv {use}`", edits, declares=declares, uncovers=True)


RULE = Rule(
    code="UVC404",
    name="unknown-uv-command",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds commands that the job's uv does not have: misspelt ones, those of other tools "
    "(`uv install`, `uv test`), and those of a newer or an older uv. Where nobody knows which uv "
    "the job runs, only those that no uv has.",
    why="uv exits with 2 before it does anything.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv «install»
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/cli/",),
)
