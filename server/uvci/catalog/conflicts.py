"""Settings that make uv refuse to run together: variables with variables, variables with flags."""

from collections.abc import Collection, Mapping
from enum import Enum
from functools import cache
from typing import Any

from msgspec import Struct

from uvci.catalog.package_data import CatalogError, load_json
from uvci.catalog.phases import OLDEST_TRIED, Phases, stored_phases
from uvci.catalog.values import is_on
from uvci.catalog.variable import Kind
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion

_EVERY_COMMAND = "*"


class Clash(Enum):
    """When two settings exclude each other: never, while both are on, or when both are set."""

    NEVER = "never"
    ON = "on"
    SET = "set"


class Conflict(Struct, frozen=True):
    """Two settings that make a command exit with 2.

    `first` is a variable, `second` a variable or a flag with its dashes. `clash` says when: a value
    that switches off counts as set, too. `only_value` limits it to one value of `first`.
    """

    first: str
    second: str
    commands: frozenset[str]
    clash: Phases[Clash]
    only_value: str | None

    @property
    def with_flag(self) -> bool:
        """Whether the second setting is a flag."""
        return self.second.startswith("-")

    def concerns(self, command: str) -> bool:
        """Whether it can stop this command (`pip install`, without `uv`)."""
        return _EVERY_COMMAND in self.commands or command in self.commands


def find_conflicts(
    command: str,
    variables: Mapping[str, str],
    flags: Collection[str],
    version: UvVersion | None,
) -> tuple[Conflict, ...]:
    """The conflicts that stop `command` with these variables and these flags, in their long form.

    `variables` are expanded; give an empty value to those that are set to what is not known, and
    leave out those that may not be set. What is not known of
    `version` is not reported, and of an unknown version only what every release does.
    """
    return tuple(
        conflict
        for conflict in all_conflicts()
        if conflict.first in variables
        and conflict.concerns(command)
        and _stops(conflict, variables, flags, version)
    )


@cache
def all_conflicts() -> tuple[Conflict, ...]:
    """Every conflict on record."""
    data = load_json("conflicts.json")
    try:
        return tuple(map(_stored_conflict, data["conflicts"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"conflicts.json has no readable conflicts: {error!r}") from error


def _stops(
    conflict: Conflict,
    variables: Mapping[str, str],
    flags: Collection[str],
    version: UvVersion | None,
) -> bool:
    value = variables[conflict.first]
    present = conflict.second in (flags if conflict.with_flag else variables)
    if not present or not _is_read(conflict, version):
        return False
    if conflict.only_value is not None and value != conflict.only_value:
        return False
    both_on = _counts(conflict.first, value) and (
        conflict.with_flag or _counts(conflict.second, variables[conflict.second])
    )
    match conflict.clash.at(version):
        case Clash.SET:
            return True
        case Clash.ON:
            return both_on
        case Clash.NEVER:
            return False
        case None:
            ever_harmless = any(phase.outcome is Clash.NEVER for phase in conflict.clash.phases)
            return both_on and not ever_harmless


def _is_read(conflict: Conflict, version: UvVersion | None) -> bool:
    """Whether that uv is one that was tried and reads the variables at all."""
    if version is not None and version < OLDEST_TRIED:
        return False
    names = [conflict.first] if conflict.with_flag else [conflict.first, conflict.second]
    known = [variable.since for name in names if (variable := find_variable(name))]
    return version is None or all(since is None or since <= version for since in known)


def _counts(name: str, value: str) -> bool:
    """Whether a variable is on: booleans by their word, others by having a value."""
    variable = find_variable(name)
    if variable is not None and variable.kind is Kind.BOOLEAN:
        return is_on(variable, value) is True
    return value != ""


def _stored_conflict(record: dict[str, Any]) -> Conflict:
    return Conflict(
        first=record["first"],
        second=record["second"],
        commands=frozenset(record["commands"]),
        clash=stored_phases((versions, Clash(outcome)) for versions, outcome in record["clash"]),
        only_value=record.get("only_value"),
    )
