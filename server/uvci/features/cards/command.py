"""What a command or flag of uv does, as Markdown."""

from collections.abc import Iterator, Sequence

from uvci.catalog.availability import Availability
from uvci.catalog.command import Command, Flag, FlagMatch
from uvci.catalog.commands import (
    all_commands,
    command_groups,
    find_command,
    find_flag,
    find_global_flag,
    missing_lock_exit_code,
    nearest_commands,
    nearest_flags,
    stale_lock_exit_code,
    subcommands,
)
from uvci.catalog.corrections import deprecated_flag, meant_command, meant_flag
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion, newest
from uvci.features.markdown import bullets, card, code, codes

_REFERENCE = "https://docs.astral.sh/uv/reference/cli/"
_PRUNE = (
    "Keeps wheels built from source and metadata: they are slow to make again",
    "Drops downloaded wheels and unpacked sources: fetching them again is faster than restoring",
    "In `after_script` it also runs after a failure; last in `script` only after success",
)


def command_card(words: Sequence[str], version: UvVersion | None) -> str | None:
    """What `uv <words>` does; None where that is not on record."""
    found = find_command(words, version)
    if found:
        return _known(found.command, found.availability, version)
    if meant := meant_command(words):
        use = f" Write {code('uv ' + meant.use)}." if meant.use else ""
        return f"**{code('uv ' + ' '.join(words[:2]))} is no command of uv.** {meant.says}{use}"
    if words and (does := command_groups().get(words[0])):
        below = [each.words[1] for each in all_commands() if each.words[0] == words[0]]
        return card(f"**{code('uv ' + words[0])}** · {does}", bullets([f"Goes on: {codes(below)}"]))
    if words and (near := nearest_commands(words, version)):
        return f"**uv has no command {code(words[0])}.** Nearest: {codes(near)}."
    return None


def program_card(version: UvVersion | None) -> str:
    """What `uv` alone stands for in a job."""
    here = f"This job has uv {version}" if version else "Which release this job has is not known"
    return card(
        f"**{code('uv')}** · {here}.",
        bullets([f"Goes on: {codes(tuple(subcommands(None, version or newest())))}"]),
        f"[uv: commands]({_REFERENCE})",
    )


def flag_card(
    command: Command | None, typed: str, version: UvVersion | None, value: str | None = None
) -> str | None:
    """What the flag `typed` of `command` does; None where that is not on record.

    With `value` also what that stands for. Without a command only uv's global flags are known.
    """
    found = find_flag(command, typed, version) if command else find_global_flag(typed, version)
    if found is None:
        return _no_flag(command, typed, version) if command else None
    flag = _main_flag(command, found.flag)
    of = code(f"uv {command.name}" if command else "uv")
    doc = flag_doc(command, flag)
    title = f"**{code(flag_signature(found.flag))}** of {of} · {doc}".rstrip(" ·")
    lines = [*_value_facts(flag, value, version)] if value is not None else []
    lines += _flag_facts(command, found, version)
    if command and command.name == "cache prune" and flag.name == "--ci":
        lines = [*_PRUNE, *lines]
    return card(title, bullets(lines), _link(command))


def flag_doc(command: Command | None, flag: Flag) -> str:
    """What a flag does, in a sentence; empty where that is not on record."""
    main = _main_flag(command, flag)
    about = find_variable(main.env) if main.env else None
    return main.doc or (about.does if about else "")


def _main_flag(command: Command | None, flag: Flag) -> Flag:
    """The flag that a flag is another spelling of."""
    main = command.flags.get(flag.alias_of) if command and flag.alias_of else None
    return main or flag


def flag_signature(flag: Flag) -> str:
    """`-p, --python <value>`."""
    short = f"{flag.short}, " if flag.short else ""
    return f"{short}{flag.name}{' <value>' if flag.takes_value else ''}"


def _known(command: Command, availability: Availability, version: UvVersion | None) -> str:
    title = f"**{code('uv ' + command.name)}** · {command.does}"
    prune = _PRUNE if command.name == "cache prune" else ()
    lines = [*_missing(availability, version), *_exit_codes(command, version), *prune]
    if command.alias_of:
        lines.append(f"Another name of {code('uv ' + command.alias_of)}")
    lines.append(_since(command.lifetime.since))
    return card(title, command.advice, bullets(lines), _link(command))


def _missing(availability: Availability, version: UvVersion | None) -> Iterator[str]:
    match availability:
        case Availability.TOO_NEW:
            yield f"**This job's uv {version} does not have it yet**"
        case Availability.REMOVED:
            yield f"**This job's uv {version} no longer has it**"
        case _:
            return


def _exit_codes(
    command: Command, version: UvVersion | None, flag: str = "--locked"
) -> Iterator[str]:
    stale = stale_lock_exit_code(command, version)
    missing = missing_lock_exit_code(command, version)
    if stale is not None:
        yield f"With {code(flag)} and an outdated `uv.lock` it exits with {stale}"
    if missing is not None and missing != stale:
        yield f"With {code(flag)} and no `uv.lock` it exits with {missing}"
    if command.name == "run":
        yield "Exits as the command it runs does"


def _flag_facts(
    command: Command | None, found: FlagMatch, version: UvVersion | None
) -> Iterator[str]:
    flag = _main_flag(command, found.flag)
    yield from _missing(found.availability, version)
    if command and (outdated := deprecated_flag(command, found.flag)):
        use = (
            f": write {' or '.join(map(code, outdated.use.split(' or ')))}"
            if outdated.use
            else ": drop it"
        )
        yield f"Deprecated since uv {outdated.since}{use}"
    if flag is not found.flag:
        yield f"Another name of {code(flag.name)}"
    if values := flag.values_at(version):
        yield f"Values: {codes(values)}"
    if flag.env:
        yield f"The same as the variable {code(flag.env)}"
    if command and (flag.name == "--locked" or (command.name, flag.name) == ("lock", "--check")):
        yield from _exit_codes(command, version, flag.name)
    yield _since_when(command, found)


def _value_facts(flag: Flag, value: str, version: UvVersion | None) -> Iterator[str]:
    """What a flag's value stands for, where it is one of some, and whether uv takes it."""
    if value in flag.values:
        if version and value not in flag.values_at(version):
            yield f"**This job's uv {version} does not take {code(value)}**"
        return
    variable = find_variable(flag.env) if flag.env else None
    for one in variable.values if variable else ():
        if one.text != value:
            continue
        if version and one.accepted.at(version) is False:
            yield f"**This job's uv {version} does not take {code(value)}**"
        if one.doc:
            yield f"{code(value)}: {one.doc}"


def _since_when(command: Command | None, found: FlagMatch) -> str:
    """Since when there is the flag as typed, and under an older name."""
    since = found.lifetime.since
    flags = command.flags if command else {}
    older = [flags[name] for name in found.flag.aliases if name in flags]
    first = min(older, key=lambda flag: flag.lifetime.since, default=None)
    if first is None or first.lifetime.since >= since:
        return _since(since)
    now = f"as {code(found.flag.name)} since uv {since}"
    return f"Since uv {first.lifetime.since} as {code(first.name)}, {now}"


def _since(first: UvVersion | None) -> str:
    return f"Since uv {first}" if first else ""


def _no_flag(command: Command, typed: str, version: UvVersion | None) -> str | None:
    name = typed.partition("=")[0]
    if meant := meant_flag(command, name):
        use = f" Write {code(meant.use)}." if meant.use else ""
        return f"**{code('uv ' + command.name)} has no {code(name)}.** {meant.says}{use}"
    if near := nearest_flags(command, name, version):
        return f"**{code('uv ' + command.name)} has no {code(name)}.** Nearest: {codes(near)}."
    return None


def _link(command: Command | None) -> str:
    anchor = f"#uv-{command.name.replace(' ', '-')}" if command else ""
    return f"[uv: commands]({_REFERENCE}{anchor})"
