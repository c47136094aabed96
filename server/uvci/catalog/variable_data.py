"""Variables as the package's data file writes them."""

from collections.abc import Callable
from typing import Any

from uvci.catalog.phases import Outcome, Phases, stored_phases
from uvci.catalog.variable import (
    AssumedVariable,
    Checked,
    Deprecation,
    Empty,
    Kind,
    Reader,
    RemovedVariable,
    UvVariable,
    ValidValue,
)
from uvci.catalog.versions import UvVersion, stored_version

_ALWAYS = stored_phases([("..", True)])


def stored_variable(record: dict[str, Any]) -> UvVariable:
    """The variable of one record.

    Raises:
        KeyError, TypeError, ValueError: when the record is not one.
    """
    return UvVariable(
        name=record["name"],
        kind=Kind(record["kind"]),
        does=record["does"],
        advice=record["advice"],
        since=_version(record.get("since")),
        default=record.get("default"),
        values=tuple(map(_value, record.get("values", []))),
        values_open=record.get("values_open", False),
        folds_case=record.get("folds_case", False),
        flag=record.get("flag"),
        setting=record.get("setting"),
        empty=_phases(record.get("empty"), Empty),
        checked=_phases(record.get("checked"), Checked),
        exit_code=_phases(record.get("exit_code"), int),
        strict=_phases(record.get("strict"), bool),
        minimum=record.get("minimum"),
        maximum=record.get("maximum"),
        separator=record.get("separator"),
        items=record.get("items"),
        read_by=Reader(record.get("read_by", "uv")),
        alias_of=record.get("alias_of"),
        deprecated=_deprecation(record.get("deprecated")),
        hidden=record.get("hidden", False),
        internal=record.get("internal", False),
        set_by_uv=record.get("set_by_uv", False),
        may_hold_secret=record.get("may_hold_secret", False),
        risky=record.get("risky", False),
    )


def stored_removed(record: dict[str, Any]) -> RemovedVariable:
    """The removed variable of one record; raises as `stored_variable` does."""
    return RemovedVariable(
        name=record["name"],
        first=_version(record.get("first")),
        last=_version(record.get("last")),
        replacement=record.get("replacement"),
        says=record["says"],
        internal=record.get("internal", False),
    )


def stored_assumed(record: dict[str, Any]) -> AssumedVariable:
    """The assumed variable of one record; raises as `stored_variable` does."""
    return AssumedVariable(record["name"], record.get("use"), record["says"])


def _value(record: dict[str, Any]) -> ValidValue:
    return ValidValue(
        text=record["value"],
        doc=record["doc"],
        accepted=stored_phases(record["accepted"]) if "accepted" in record else _ALWAYS,
        alias_of=record.get("alias_of"),
        deprecated=_deprecation(record.get("deprecated")),
        risky=record.get("risky", False),
    )


def _phases(stored: Any, outcome: Callable[[Any], Outcome]) -> Phases[Outcome] | None:
    """The phases of one behaviour: a list of range and outcome, or the one outcome of all time."""
    if stored is None:
        return None
    entries = stored if isinstance(stored, list) else [("..", stored)]
    return stored_phases((versions, outcome(text)) for versions, text in entries)


def _deprecation(record: dict[str, Any] | None) -> Deprecation | None:
    if record is None:
        return None
    since = stored_version(record["since"])
    return Deprecation(since, record["replacement"], _version(record.get("warns_since")))


def _version(text: str | None) -> UvVersion | None:
    return None if text is None else stored_version(text)
