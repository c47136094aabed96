"""The indexes and hosts that a job's uv takes from the project's own files."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.publishing.configured import Configured, configured, reads_settings
from uvci.rules.publishing.given import settings_given
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import is_of_project, is_unset

_RESOLVING = frozenset({("sync",), ("lock",), ("run",), ("add",)})
_RESOLVING_PIP = frozenset({("pip", "install"), ("pip", "sync"), ("pip", "compile")})
_INDEXES = ("index", "index-url", "extra-index-url")
_REPLACING = frozenset({"UV_DEFAULT_INDEX", "UV_INDEX_URL", "--default-index", "--index-url", "-i"})
_NOT_LOOKING = ("--no-index", "--offline", "--help", "-h", "--no-sync", "--frozen")
_NOT_LOOKING_VARIABLES = ("UV_NO_INDEX", "UV_OFFLINE", "UV_NO_SYNC", "UV_FROZEN")


class ConfiguredSetting(Struct, frozen=True, eq=False):
    """What `file` says under `name`, and the first call of a job that goes by it."""

    file: str
    name: str
    text: str
    call: JobCommand

    @property
    def origin(self) -> Origin:
        """The call: what it reads is in no pipeline file."""
        return Origin(self.call.path, self.call.span)


def configured_indexes(job: Job, context: Context) -> Iterator[ConfiguredSetting]:
    """The addresses of indexes in the project's files that a call of the job looks at."""
    found = _with_any(_INDEXES, context)
    call = _first_call(job) if found else None
    if call is None or found is None:
        return
    is_replaced = any(given.name in _REPLACING for given in settings_given(job))
    pinned = _pinned(context.project.pyproject.uv)
    for index in found.indexes():
        is_used = not index.get("explicit") or index.get("name") in pinned
        if is_used and not (is_replaced and index.get("default")):
            yield from _texts(found, "index", index.get("url"), call)
    if not is_replaced:
        yield from _texts(found, "index-url", found.settings.get("index-url"), call)
    yield from _texts(found, "extra-index-url", found.settings.get("extra-index-url"), call)


def configured_texts(name: str, job: Job, context: Context) -> Iterator[ConfiguredSetting]:
    """Another setting of the project's files that a call of the job goes by."""
    found = _with_any((name,), context)
    call = _first_call(job) if found else None
    if call and found:
        yield from _texts(found, name, found.settings.get(name), call)


def _with_any(names: tuple[str, ...], context: Context) -> Configured | None:
    """The project's settings where they say anything under one of the names."""
    found = configured(context)
    return found if found and any(name in found.settings for name in names) else None


def _first_call(job: Job) -> JobCommand | None:
    """The first call that surely looks for packages where the project's files say."""
    return next((call for call in uv_commands(job) if _looks(call, job)), None)


def _looks(call: JobCommand, job: Job) -> bool:
    command = call.command
    if command.flag(*_NOT_LOOKING) or not reads_settings(call, job):
        return False
    if not all(is_unset(name, call, job) for name in _NOT_LOOKING_VARIABLES):
        return False
    if command.subcommand in _RESOLVING_PIP:
        return True
    return command.subcommand in _RESOLVING and is_of_project(call)


def _pinned(settings: Mapping[str, Any]) -> set[str]:
    """The indexes by whose names `[tool.uv.sources]` pins packages."""
    sources = settings.get("sources")
    entries = sources.values() if isinstance(sources, Mapping) else ()
    listed = [one for entry in entries for one in (entry if isinstance(entry, list) else [entry])]
    names = (one.get("index") for one in listed if isinstance(one, Mapping))
    return {name for name in names if isinstance(name, str)}


def _texts(
    found: Configured, name: str, value: Any, call: JobCommand
) -> Iterator[ConfiguredSetting]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            yield ConfiguredSetting(found.file, name, text, call)
