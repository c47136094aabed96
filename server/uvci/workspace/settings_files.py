"""Where settings are written: the nearest `uvci.toml` or `pyproject.toml` with `[tool.uvci]`."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from uvci.text.patterns import lazy_re
from uvci.workspace.configuration import Configuration
from uvci.workspace.disk import Disk, Unreadable
from uvci.workspace.settings import ConfigError, ReadSettings, SettingProblem, read_settings

_HEADER = lazy_re(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ENTRY = lazy_re(
    r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*="
)
_NAME = lazy_re(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_SYNTAX_LINE = lazy_re(r"\(at line (\d+), column \d+\)$")


class FoundSettings(Struct, frozen=True):
    """The settings of one folder, the file they stand in (None: nowhere) and what is wrong."""

    configuration: Configuration
    path: str | None = None
    error: ConfigError | None = None


def find_settings(disk: Disk, folder: str) -> FoundSettings:
    """The settings for files in `folder`: those written there, or in the nearest folder above.

    The search ends at the repository's root. Beside a `uvci.toml`, `pyproject.toml` is not read.
    """
    for place in (PurePosixPath(folder), *PurePosixPath(folder).parents):
        for name, below in (("uvci.toml", ()), ("pyproject.toml", ("tool", "uvci"))):
            path = (place / name).as_posix()
            text = disk.load(path)
            if text is None:
                continue
            if (found := _read(path, text, below)) is not None:
                configuration = replace(Configuration(), folder=_folder(path))
                return FoundSettings(found.over(configuration), path, found.error)
    return FoundSettings(Configuration())


def _folder(path: str) -> str:
    parent = PurePosixPath(path).parent.as_posix()
    return "" if parent == "." else parent


def _read(path: str, text: str | Unreadable, below: tuple[str, ...]) -> ReadSettings | None:
    """The settings in a file, None where it says nothing about uvci."""
    if isinstance(text, Unreadable):
        return None if below else _failed(path, text.message, None)
    if below and "uvci" not in text:
        return None
    import tomllib  # noqa: PLC0415  most repositories set nothing

    try:
        table: Any = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _SYNTAX_LINE.search(str(error))
        return _failed(path, f"It is not TOML: {error}.", int(line[1]) if line else None)
    for name in below:
        table = table.get(name) if isinstance(table, Mapping) else None
    if table is None:
        return None
    read = read_settings(table, path)
    if read.error is None:
        return read
    lines = _key_lines(text)
    located = (
        replace(problem, line=_line(lines, (*below, *problem.path)))
        for problem in read.error.problems
    )
    return replace(read, error=ConfigError(path, tuple(located)))


def _failed(path: str, message: str, line: int | None) -> ReadSettings:
    return ReadSettings(path, {}, ConfigError(path, (SettingProblem((), message, line),)))


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The 1-based lines that begin tables and entries, by the keys that lead there.

    Good enough for messages: a line inside a multi-line text may pass for an entry.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _names(header[1])
            lines.setdefault(table, number)
        elif entry := _ENTRY.match(line):
            lines.setdefault((*table, *_names(entry[1])), number)
    return lines


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(next(filter(None, found), "") for found in _NAME.findall(dotted))


def _line(lines: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> int | None:
    """The line of the longest beginning of `path` that has one."""
    ends = range(len(path), 0, -1)
    return next((lines[path[:end]] for end in ends if path[:end] in lines), None)
