"""What a command or flag of uv does, as Markdown."""

from collections.abc import Iterator, Sequence

from uvci.catalog.availability import Availability
from uvci.catalog.command import Command, Flag
from uvci.catalog.commands import (
    all_commands,
    command_groups,
    find_command,
    find_flag,
    missing_lock_exit_code,
    nearest_commands,
    nearest_flags,
    stale_lock_exit_code,
)
from uvci.catalog.corrections import deprecated_flag, meant_command, meant_flag
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion
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


def flag_card(command: Command, typed: str, version: UvVersion | None) -> str | None:
    """What the flag `typed` of `command` does; None where that is not on record."""
    found = find_flag(command, typed, version)
    if found is None:
        return _no_flag(command, typed, version)
    flag = found.flag
    about = find_variable(flag.env) if flag.env else None
    doc = flag.doc or (about.does if about else "")
    title = f"**{code(flag_signature(flag))}** of {code('uv ' + command.name)} · {doc}".rstrip(" ·")
    lines = [*_flag_facts(command, flag, found.availability, version)]
    if command.name == "cache prune" and flag.name == "--ci":
        lines = [*_PRUNE, *lines]
    return card(title, bullets(lines), _link(command))


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


def _exit_codes(command: Command, version: UvVersion | None) -> Iterator[str]:
    stale = stale_lock_exit_code(command, version)
    missing = missing_lock_exit_code(command, version)
    if stale is not None:
        yield f"With `--locked` and an outdated `uv.lock` it exits with {stale}"
    if missing is not None and missing != stale:
        yield f"With `--locked` and no `uv.lock` it exits with {missing}"
    if command.name == "run":
        yield "Exits as the command it runs does"


def _flag_facts(
    command: Command, flag: Flag, availability: Availability, version: UvVersion | None
) -> Iterator[str]:
    yield from _missing(availability, version)
    if outdated := deprecated_flag(command, flag):
        use = f": write {code(outdated.use)}" if outdated.use else ": drop it"
        yield f"Deprecated since uv {outdated.since}{use}"
    if flag.values:
        yield f"Values: {codes(flag.values)}"
    if flag.env:
        yield f"The same as the variable {code(flag.env)}"
    if flag.name == "--locked":
        yield from _exit_codes(command, version)
    yield _since(flag.lifetime.since)


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


def _link(command: Command) -> str:
    return f"[uv: commands]({_REFERENCE}#uv-{command.name.replace(' ', '-')})"
