"""What one entry of `include:` asks for (GitLab docs: `include`)."""

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from uvci.pipeline.values import Items, Origin, Plain, Reference, Table, Unknown, Value
from uvci.text.patterns import lazy_re

SUBKEYS = ("local", "project", "remote", "template", "artifact", "component")
_EITHER = ", ".join(f"`{name}`" for name in SUBKEYS)
_VARIABLE = lazy_re(r"\$\{?[A-Za-z_]\w*\}?|%[A-Za-z_]\w*%", re.ASCII)
_URL = lazy_re(r"(?:https?|ssh|git)://")


class Ask(Enum):
    """Where an included file lies."""

    LOCAL = "local"
    PROJECT = "project"
    REMOTE = "remote"
    TEMPLATE = "template"
    ARTIFACT = "artifact"
    COMPONENT = "component"


class Wanted(Struct, frozen=True):
    """One file, or a pattern of files, to include. `project` is set for another project's file.

    `origin` is where its location is typed.
    """

    ask: Ask
    location: str
    origin: Origin
    project: str = ""
    inputs: Value | None = None
    rules: Value | None = None


class Refused(Struct, frozen=True):
    """An entry that GitLab refuses, in its words."""

    message: str
    origin: Origin


Read: TypeAlias = Wanted | Refused | Unknown


def read_includes(value: Value | None, *, undefined_is_empty: bool) -> Iterator[Read]:
    """The files that an `include:` names.

    A location with a variable is unknown, unless `undefined_is_empty`.
    """
    entries = value.values if isinstance(value, Items) else (value,)
    for entry in entries:
        match entry:
            case None | Plain(value=None):
                continue
            case Plain(value=str() as text):
                yield from _of_text(text, entry.origin, undefined_is_empty)
            case Table():
                yield from _of_table(entry, undefined_is_empty)
            case Unknown() if not isinstance(entry, Reference):
                yield entry
            case _:
                yield Refused("Each include must be a hash or a string", entry.origin)


def _of_text(text: str, origin: Origin, undefined_is_empty: bool) -> Iterator[Read]:  # noqa: FBT001  passed on
    located = _expanded(text, undefined_is_empty)
    if located is None:
        yield _undecided(text, origin)
    elif not located.strip():
        yield _unlocated({"local": located}, origin)
    else:
        yield Wanted(Ask.REMOTE if _URL.match(located) else Ask.LOCAL, located, origin)


def _of_table(entry: Table, undefined_is_empty: bool) -> Iterator[Read]:  # noqa: FBT001  passed on
    shown: dict[str, object] = {key: _plain(value) for key, value in entry.entries.items()}
    found: dict[str, str] = {}
    for name in SUBKEYS:
        value = entry.entries.get(name)
        if isinstance(value, Unknown):
            yield value
            return
        if not isinstance(value, Plain) or value.value is None:
            continue
        located = _expanded(value.text, undefined_is_empty)
        if located is None:
            yield _undecided(value.text, value.origin)
            return
        shown[name] = located
        if located.strip():
            found[name] = located
    if len(found) > 1:
        yield Refused(f"Each include must use only one of: {_EITHER}", entry.origin)
    elif not found:
        yield _unlocated(shown, entry.origin)
    else:
        yield from _wanted(entry, *found.popitem())


def _wanted(entry: Table, name: str, located: str) -> Iterator[Read]:
    value = entry.entries[name]
    if isinstance(value, Plain) and not isinstance(value.value, str):
        yield Refused(f"Included file `{located}` needs to be a string", value.origin)
        return
    ask = Ask(name)
    inputs, rules = entry.entries.get("inputs"), entry.entries.get("rules")
    if ask is not Ask.PROJECT:
        yield Wanted(ask, located, value.origin, "", inputs, rules)
        return
    files = entry.entries.get("file")
    named = files.values if isinstance(files, Items) else (files,)
    for file in named:
        if isinstance(file, Plain) and file.value:
            yield Wanted(ask, file.text, file.origin, located, inputs, rules)
        elif isinstance(file, Unknown):
            yield file
        else:
            message = "include config must specify the file where to fetch the config from"
            yield Refused(message, entry.origin)


def _expanded(text: str, undefined_is_empty: bool) -> str | None:  # noqa: FBT001  passed on
    """The location with its variables; the pipeline's own are not visible here."""
    if _VARIABLE.search(text) is None:
        return text
    return _VARIABLE.sub("", text) if undefined_is_empty else None


def _undecided(text: str, origin: Origin) -> Unknown:
    return Unknown(f"`{text}` depends on variables that are set elsewhere", origin)


def _unlocated(shown: dict[str, object], origin: Origin) -> Refused:
    entry = json.dumps(shown, separators=(",", ":"), ensure_ascii=False)
    return Refused(
        f"`{entry}` does not have a valid subkey for include. Valid subkeys are: {_EITHER}", origin
    )


def _plain(value: Value) -> object:
    match value:
        case Plain():
            return value.value if isinstance(value.value, bool | int | float) else value.text
        case Table():
            return {key: _plain(below) for key, below in value.entries.items()}
        case Items():
            return [_plain(item) for item in value.values]
        case Unknown():
            return None
