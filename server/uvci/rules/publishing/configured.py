"""What a project's own files tell uv (uv docs: configuration files).

uv.toml wins over `[tool.uv]` of the pyproject.toml beside it: nothing of that table is read then,
not even what uv.toml leaves out (seen with uv 0.8.24 to 0.13.9).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from uvci.pipeline.model import Job
from uvci.pipeline.python_project import read_settings
from uvci.pipeline.scripts import JobCommand
from uvci.pipeline.toml_tables import tables_of
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import is_at_root, is_unset

_NO_PROJECT = ("tool", "self")
_FLAGS = ("--no-config", "--config-file")
_VARIABLES = ("UV_NO_CONFIG", "UV_CONFIG_FILE")


class Configured(Struct, frozen=True, eq=False):
    """The settings in a file; `file` is its name, `pyproject.toml` where there is none."""

    file: str
    settings: Mapping[str, Any]

    def text(self, *names: str) -> str | None:
        """The first text that is set by one of the names."""
        found = (self.settings.get(name) for name in names)
        return next((text for text in found if isinstance(text, str)), None)

    def indexes(self) -> Iterator[Mapping[str, Any]]:
        """The tables `[[index]]`, in their order."""
        yield from tables_of(self.settings.get("index"))

    def index(self, name: str) -> Mapping[str, Any] | None:
        """The index of that name."""
        return next((one for one in self.indexes() if one.get("name") == name), None)


def configured(context: Context) -> Configured | None:
    """The settings of the project at the repository's root; None where they are not known."""
    exists = [context.files.exists(name) for name in ("uv.toml", "pyproject.toml")]
    if None in exists:
        return None
    name = "uv.toml" if exists[0] else "pyproject.toml"
    text = context.files.read(name)
    if text is None:
        return None if any(exists) else Configured(name, {})
    found = read_settings(text, name)
    return None if found is None else Configured(name, found)


def reads_settings(call: JobCommand, job: Job) -> bool:
    """Whether a call surely reads the settings at the repository's root."""
    command = call.command
    if not command.subcommand or command.subcommand[0] in _NO_PROJECT or command.opaque:
        return False
    if not is_at_root(call, job) or command.flag(*_FLAGS):
        return False
    return all(is_unset(name, call, job) for name in _VARIABLES)
