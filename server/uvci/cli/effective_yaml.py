"""Effective values as YAML that GitLab reads back as they are, with a note on each."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.syntax.writing import quote_if_needed, quote_key_if_needed, written_literal

Note: TypeAlias = Callable[[Value], str]
_STEP = "  "


def yaml_lines(table: Table, note: Note) -> Iterator[str]:
    """The lines of a block mapping; `note` gives the comment behind a value, or nothing."""
    for name, value in table.entries.items():
        yield from _pair(quote_key_if_needed(name), value, note)


def _pair(key: str, value: Value, note: Note) -> Iterator[str]:
    match value:
        case Table(entries=entries) if entries:
            yield f"{key}:"
            yield from (_STEP + line for line in yaml_lines(value, note))
        case Items(values=values) if values:
            yield f"{key}:"
            yield from (_STEP + line for item in values for line in _item(item, note))
        case _:
            first, *rest = _scalar(value)
            yield f"{key}: {first}{_comment(value, note)}"
            yield from (_STEP + line for line in rest)


def _item(value: Value, note: Note) -> Iterator[str]:
    match value:
        case Table(entries=entries) if entries:
            lines = yaml_lines(value, note)
        case Items(values=values) if values:
            lines = (line for item in values for line in _item(item, note))
        case _:
            first, *rest = _scalar(value)
            lines = iter([f"{first}{_comment(value, note)}", *rest])
    yield f"- {next(lines)}"
    yield from (_STEP + line for line in lines)


def _comment(value: Value, note: Note) -> str:
    text = note(value)
    return f"  # {text}" if text else ""


def _scalar(value: Value) -> list[str]:
    match value:
        case Plain(value=str(text)):
            literal = written_literal(text, "") if "\n" in text else None
            return literal or [quote_if_needed(text)]
        case Plain(value=None):
            return ["null"]
        case Plain(value=bool(truth)):
            return ["true" if truth else "false"]
        case Plain():
            return [value.text]
        case Unknown():
            return ["null"]
        case Table():
            return ["{}"]
        case Items():
            return ["[]"]
