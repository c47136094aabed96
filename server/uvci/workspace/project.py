"""What the repository's own Python project says, read from its files."""

import re
from collections.abc import Mapping
from typing import Any

from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.sources import Files
from uvci.text.patterns import lazy_re

_VERSION_LINE = lazy_re(r"^[ \t]*([^#\s]+)", re.MULTILINE)


def read_project(files: Files) -> PythonProject:
    """The project at the repository's root: pyproject.toml, uv.toml, uv.lock, .python-version.

    What does not parse says nothing. uv.toml wins over pyproject.toml (uv docs: configuration
    files).
    """
    pyproject = _table(files.read("pyproject.toml"))
    uv_toml = _table(files.read("uv.toml"))
    pinned = _VERSION_LINE.search(files.read(".python-version") or "")
    return PythonProject(
        requires_python=_text(pyproject, "project", "requires-python"),
        python_version_file=pinned[1] if pinned else None,
        required_uv=_text(uv_toml, "required-version")
        or _text(pyproject, "tool", "uv", "required-version"),
        has_pyproject=files.exists("pyproject.toml") is True,
        has_lock=files.exists("uv.lock") is True,
    )


def _table(text: str | None) -> Mapping[str, Any]:
    if not text:
        return {}
    import tomllib  # noqa: PLC0415  many repositories have no such file

    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _text(table: Any, *path: str) -> str | None:
    for name in path:
        table = table.get(name) if isinstance(table, Mapping) else None
    return table if isinstance(table, str) else None
