"""uv's commands and flags, at each version."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.availability import Availability, Lifetime, stored_lifetime
from uvci.catalog.command import Command, CommandMatch, Flag, FlagMatch
from uvci.catalog.package_data import CatalogError, load_json
from uvci.catalog.phases import Phases, stored_phases
from uvci.catalog.spelling import near_misses
from uvci.catalog.versions import UvVersion, stored_version

_USABLE = (Availability.KNOWN, Availability.UNKNOWN)


class _Alias(Struct, frozen=True, eq=False):
    command: str
    lifetime: Lifetime


class _Table(Struct, frozen=True, eq=False):
    records: dict[str, dict[str, Any]]
    shared_flags: dict[str, dict[str, Any]]
    groups: dict[str, str]
    aliases: dict[str, _Alias]
    global_flags: dict[str, Flag]
    exit_codes: dict[str, dict[str, Phases[int]]]
    pythons: dict[str, Lifetime]


def all_commands() -> tuple[Command, ...]:
    """Every command on record, the ones of daily use first."""
    return tuple(_command(name) for name in _table().records)


def command_groups() -> dict[str, str]:
    """The words that only lead to commands (`pip`, `cache`), each with what they are about."""
    return dict(_table().groups)


def find_command(words: Sequence[str], version: UvVersion | None) -> CommandMatch | None:
    """The command that `words`, what follows `uv` without global flags, begin with.

    >>> find_command(["pip", "install", "ruff"], None).command.name
    'pip install'
    """
    table = _table()
    for length in (2, 1):
        name = " ".join(words[:length])
        if len(words) < length:
            continue
        if name in table.records:
            command = _command(name)
            own = command.lifetime
            return CommandMatch(command, length, own.at(version), own)
        if alias := table.aliases.get(name):
            lifetime = alias.lifetime
            return CommandMatch(_command(alias.command), length, lifetime.at(version), lifetime)
    return None


def subcommands(group: str | None, version: UvVersion | None) -> dict[str, str]:
    """The words that may follow `uv`, or `uv <group>`, with what each does; for completion."""
    offered = [
        command
        for command in all_commands()
        if command.lifetime.at(version) in _USABLE and not command.hidden
    ]
    leads = {command.words[0] for command in offered if len(command.words) > 1}
    words = (
        {} if group else {name: does for name, does in command_groups().items() if name in leads}
    )
    for command in offered:
        if command.words[:-1] == ((group,) if group else ()):
            words[command.words[-1]] = command.does
    return words


def nearest_commands(words: Sequence[str], version: UvVersion | None) -> list[str]:
    """The commands that the first words may be misspellings of, nearest first."""
    table = _table()
    group = words[0] if words and words[0] in table.groups else None
    typed = words[1:2] if group else words[:1]
    near = near_misses(typed[0], subcommands(group, version)) if typed else []
    return [f"{group} {word}" if group else word for word in near]


def find_flag(command: Command, flag: str, version: UvVersion | None) -> FlagMatch | None:
    """The flag of `command` that `flag` writes: long, short, an alias, with or without `=value`.

    >>> find_flag(find_command(["sync"], None).command, "-p", None).flag.name
    '--python'
    """
    name = _spelling(flag)
    if found := _lookup(command.flags, name, version):
        lifetime = found.lifetime_of(name)
        return FlagMatch(found, lifetime.at(version), is_global=False, lifetime=lifetime)
    match = find_global_flag(flag, version)
    if match and match.flag.behind:
        lifetime = match.flag.behind
        return replace(match, availability=lifetime.at(version), lifetime=lifetime)
    return match


def find_global_flag(flag: str, version: UvVersion | None) -> FlagMatch | None:
    """The flag that `flag` writes between `uv` and the command, where only global ones may be."""
    name = _spelling(flag)
    found = _lookup(_table().global_flags, name, version)
    if found is None:
        return None
    lifetime = found.lifetime_of(name)
    return FlagMatch(found, lifetime.at(version), is_global=True, lifetime=lifetime)


def flags_of(command: Command, version: UvVersion | None) -> tuple[Flag, ...]:
    """The flags to offer for `command` at `version`: its own, then the global ones.

    Hidden flags are left out, and further spellings of one that is offered.
    """
    every = {**_table().global_flags, **command.flags}
    ordered = [*command.flags, *(name for name in every if name not in command.flags)]
    usable = {
        name: every[name]
        for name in ordered
        if (every[name].behind or every[name].lifetime).at(version) in _USABLE
    }
    return tuple(
        flag
        for flag in usable.values()
        if flag.alias_of not in usable and not flag.is_hidden(version)
    )


def global_flags() -> tuple[Flag, ...]:
    """The flags that may stand before or after every command."""
    return tuple(_table().global_flags.values())


def flags_before_command(version: UvVersion | None) -> tuple[Flag, ...]:
    """The flags to offer between `uv` and its command at `version`, those its help shows."""
    return tuple(
        flag
        for flag in global_flags()
        if flag.lifetime.at(version) in _USABLE and not flag.is_hidden(version)
    )


def pythons(version: UvVersion | None) -> tuple[str, ...]:
    """The Pythons in use (`3.14`) that `version` can download, newest first."""
    return tuple(name for name, life in _table().pythons.items() if life.at(version) in _USABLE)


def nearest_flags(command: Command, flag: str, version: UvVersion | None) -> list[str]:
    """The flags of `command` that `flag` may be a misspelling of, nearest first."""
    known = [known.name for known in flags_of(command, version)]
    return near_misses(flag.partition("=")[0], known) if flag.startswith("--") else []


def commands_with_flag(flag: str, version: UvVersion | None) -> list[str]:
    """The commands that have a flag of this long name at `version`."""
    return [
        command.name
        for command in all_commands()
        if (own := command.flags.get(flag)) and own.lifetime.at(version) is Availability.KNOWN
    ]


def takes_variable(command: Command, variable: str) -> bool:
    """Whether a flag of `command`, its own or a global one, is also set by `variable`."""
    own = (flag.env for flag in command.flags.values())
    return variable in own or any(flag.env == variable for flag in global_flags())


def stale_lock_exit_code(command: Command, version: UvVersion | None) -> int | None:
    """How `command --locked` ends when `uv.lock` is stale; None where that is not known."""
    phases = _table().exit_codes["stale lock file"].get(command.name)
    return phases.at(version) if phases else None


def missing_lock_exit_code(command: Command, version: UvVersion | None) -> int | None:
    """How `command --locked` ends without `uv.lock`; None where that is not known."""
    phases = _table().exit_codes["missing lock file"].get(command.name)
    return phases.at(version) if phases else None


def failed_download_exit_code(command: Command, version: UvVersion | None) -> int | None:
    """How `command` ends when a package cannot be fetched; None where that is not known.

    Seen with a closed port and uv 0.4.30, 0.5.31, 0.6.17, 0.7.22, 0.8.24, 0.9.30, 0.10.12, 0.12.5,
    0.12.24 and 0.13.9.
    """
    phases = _table().exit_codes["failed download"].get(command.name)
    return phases.at(version) if phases else None


def _spelling(flag: str) -> str:
    """A flag without its value."""
    return flag.partition("=")[0] if flag.startswith("--") else flag[:2]


def _lookup(flags: dict[str, Flag], name: str, version: UvVersion | None) -> Flag | None:
    if exact := flags.get(name):
        return exact
    named = [flag for flag in flags.values() if name == flag.short or name in flag.aliases]
    # A short form may be older than the long one that has it now.
    older = [flags[old] for flag in named for old in flag.aliases if old in flags]
    missing = (Availability.REMOVED, Availability.TOO_NEW)
    living = (flag for flag in (*named, *older) if flag.lifetime.at(version) not in missing)
    return next(living, named[0] if named else None)


@cache
def _table() -> _Table:
    data = load_json("commands.json")
    try:
        return _stored_table(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"commands.json has no readable commands: {error!r}") from error


def _stored_table(data: dict[str, Any]) -> _Table:
    shared = data["flags"]
    return _Table(
        records=data["commands"],
        shared_flags=shared,
        groups=data["groups"],
        aliases={
            alias["words"]: _Alias(alias["command"], stored_lifetime(alias["in"]))
            for alias in data["aliases"]
        },
        pythons={python: stored_lifetime(text) for python, text in data["pythons"].items()},
        global_flags={
            name: _stored_flag(name, entry, shared) for name, entry in data["global_flags"].items()
        },
        exit_codes={
            case: {command: stored_phases(entries) for command, entries in codes.items()}
            for case, codes in data["exit_codes"].items()
        },
    )


@cache
def _command(name: str) -> Command:
    table = _table()
    record = table.records[name]
    try:
        return Command(
            name=name,
            does=record["does"],
            advice=record.get("advice", ""),
            lifetime=stored_lifetime(record["in"]),
            flags={
                flag: _stored_flag(flag, entry, table.shared_flags)
                for flag, entry in record["flags"].items()
            },
            positionals=tuple(record.get("positionals", ())),
            alias_of=record.get("alias_of"),
            hidden=record.get("hidden", False),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"commands.json has no readable uv {name}: {error!r}") from error


def _stored_flag(name: str, entry: str | dict[str, Any], shared: dict[str, Any]) -> Flag:
    """One flag: what all commands share about it, and what this command says differently."""
    own = {"in": entry} if isinstance(entry, str) else entry
    record = {**shared[name], **own}
    hidden = record.get("hidden", False)
    values = record.get("values") or {}
    by_range = values if isinstance(values, dict) else {}
    return Flag(
        name=name,
        doc=record.get("doc", ""),
        lifetime=stored_lifetime(record["in"]),
        takes_value=bool(record.get("value")),
        short=record.get("short"),
        aliases=tuple(record.get("aliases") or ()),
        env=record.get("env"),
        values=tuple(chain.from_iterable(by_range.values()) if by_range else values),
        value_lifetimes={
            value: stored_lifetime(text) for text, each in by_range.items() for value in each
        },
        alias_of=record.get("alias_of"),
        hidden=bool(hidden),
        hidden_since=stored_version(hidden) if isinstance(hidden, str) else None,
        short_lifetime=_optional_lifetime(record.get("short_in")),
        behind=_optional_lifetime(record.get("behind")),
    )


def _optional_lifetime(text: str | None) -> Lifetime | None:
    return stored_lifetime(text) if text else None
