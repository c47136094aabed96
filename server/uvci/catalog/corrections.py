"""What to write instead of commands and flags that uv has not, refuses, or calls by a new name."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from uvci.catalog.availability import Availability
from uvci.catalog.command import Command, DeprecatedFlag, Flag, Meant
from uvci.catalog.commands import find_flag, global_flags
from uvci.catalog.package_data import CatalogError, load_json
from uvci.catalog.phases import Phases, stored_phases
from uvci.catalog.spelling import near_misses
from uvci.catalog.versions import UvVersion, stored_version


class RefusedFlag(Struct, frozen=True):
    """A flag that makes `command` exit with 2 while it `holds`; `meant` is what to do instead."""

    command: str
    flag: str
    holds: Phases[bool]
    meant: Meant


class _Table(Struct, frozen=True, eq=False):
    commands: dict[str, Meant]
    flags: dict[tuple[str, str], Meant]
    refused: dict[tuple[str, str], RefusedFlag]
    deprecated: dict[tuple[str, str], DeprecatedFlag]


def meant_command(words: Sequence[str]) -> Meant | None:
    """What people mean by a command that no uv has; None where that is not on record."""
    meant = _table().commands
    return meant.get(" ".join(words[:2])) or meant.get(" ".join(words[:1]))


def nearly_meant_command(words: Sequence[str]) -> Meant | None:
    """The same for a word that is a slip away from one on record: `uv instal`."""
    known = _table().commands
    near = near_misses(words[0], (name for name in known if " " not in name)) if words else []
    return known[near[0]] if near else None


def meant_flag(command: Command, flag: str) -> Meant | None:
    """What people mean by a flag that `command` lacks; None where that is not on record."""
    return _table().flags.get((command.name, flag))


def refused_flag(command: Command, flag: Flag, version: UvVersion | None) -> Meant | None:
    """What to do instead, where that uv's `command` has `flag` only to refuse it; else None."""
    refused = _table().refused.get((command.name, flag.name))
    return refused.meant if refused and refused.holds.at(version) else None


def all_refused_flags() -> tuple[RefusedFlag, ...]:
    """Every flag that is refused at some release (seen with uv 0.4.30 to 0.13.9)."""
    return tuple(_table().refused.values())


def deprecated_flag(command: Command, flag: Flag) -> DeprecatedFlag | None:
    """What to write instead of an outdated flag; None for a flag that is not outdated."""
    own = "global" if flag in global_flags() else command.name
    deprecated = _table().deprecated
    return deprecated.get((own, flag.name)) or deprecated.get(("*", flag.name))


def older_flags(command: Command, flag: Flag, version: UvVersion | None) -> list[str]:
    """The old names of `flag` that `command` has at `version`."""
    old = [each.flag for each in _table().deprecated.values() if each.use == flag.name]
    found = [(name, find_flag(command, name, version)) for name in old]
    return [name for name, match in found if match and match.availability is Availability.KNOWN]


@cache
def _table() -> _Table:
    data = load_json("commands.json")
    try:
        return _Table(
            {each["words"]: _meant(each) for each in data["meant"]},
            {(each["command"], each["flag"]): _meant(each) for each in data["meant_flags"]},
            {(each["command"], each["flag"]): _refused(each) for each in data["refused_flags"]},
            {
                (each["command"], each["flag"]): _deprecated(each)
                for each in data["deprecated_flags"]
            },
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"commands.json has no readable corrections: {error!r}") from error


def _meant(record: dict[str, Any]) -> Meant:
    until = record.get("until")
    return Meant(
        record.get("use"),
        record["says"],
        record.get("with_packages"),
        stored_version(until) if until else None,
        bool(record.get("value")),
    )


def _refused(record: dict[str, Any]) -> RefusedFlag:
    holds = stored_phases(record["in"])
    return RefusedFlag(record["command"], record["flag"], holds, _meant(record))


def _deprecated(record: dict[str, Any]) -> DeprecatedFlag:
    return DeprecatedFlag(
        record["flag"],
        stored_version(record["since"]),
        record.get("use"),
        record["warns"],
        record.get("values", {}),
    )
