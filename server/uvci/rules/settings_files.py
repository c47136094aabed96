"""What settings files of the project may tell uv, beside the variables of a job.

uv reads the nearest `uv.toml`, or `pyproject.toml` with a table `[tool.uv]`, from the folder it
works in upwards (uv docs: configuration files).
"""

from functools import lru_cache
from pathlib import PurePosixPath

from uvci.pipeline.shell.state import joined
from uvci.rules.kept import by_owner
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import UvRun

_NAMES = ("pyproject.toml", "uv.toml")
_ELSEWHERE = frozenset({"UV_CONFIG_FILE"})


def working_directory(run: UvRun) -> str | None:
    """Where uv works, seen from the project folder: where it is called, and `--directory`."""
    flag = run.call.command.directory
    if flag is None:
        return run.call.directory
    return joined(run.call.directory, flag.value) if flag.value is not None else None


def may_be_configured(run: UvRun, name: str, context: Context) -> bool:
    """Whether a file may set `name` (`cache-dir`) for a call of uv."""
    if run.call.command.flag("--config-file") or run.set_among(_ELSEWHERE):
        return True
    texts = (context.files.read(path) for path in _files(run))
    return any(text is not None and name in text for text in texts)


@by_owner
def _files(run: UvRun) -> tuple[str, ...]:
    folder, project = working_directory(run), run.call.command.project
    if project is not None:
        folder = joined(folder, project.value)
    return _around(folder)


@lru_cache(maxsize=1024)
def _around(folder: str | None) -> tuple[str, ...]:
    """The files that uv may read for a folder, those in the repository's root last."""
    folders = [PurePosixPath()]
    if folder and "$" not in folder and not folder.startswith(("/", "~", "..")):
        folders = [PurePosixPath(folder), *PurePosixPath(folder).parents]
    return tuple((each / name).as_posix() for each in dict.fromkeys(folders) for name in _NAMES)
