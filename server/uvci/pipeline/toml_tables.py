"""TOML as somebody may have typed it: what does not parse, or has another shape, says nothing."""

from collections.abc import Mapping
from typing import Any


def parsed(text: str) -> Mapping[str, Any]:
    """The tables of a TOML text; none where it does not parse.

    >>> parsed("[project]"), parsed("[project")
    ({'project': {}}, {})
    """
    if not text.strip():
        return {}
    import tomllib  # noqa: PLC0415  many repositories have no such file

    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def table_in(table: Any, name: str) -> Mapping[str, Any]:
    """The table `name` in another; an empty one where there is none."""
    found = table.get(name) if isinstance(table, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text_in(table: Any, name: str) -> str | None:
    """The text `name` in a table; None where there is none."""
    found = table.get(name) if isinstance(table, Mapping) else None
    return found if isinstance(found, str) else None


def texts_of(value: Any) -> tuple[str, ...]:
    """The texts of a list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def tables_of(value: Any) -> tuple[Mapping[str, Any], ...]:
    """The tables of a list."""
    found = value if isinstance(value, list) else []
    return tuple(item for item in found if isinstance(item, Mapping))
