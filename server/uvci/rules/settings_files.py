"""What settings files of the project may tell uv, beside the variables of a job.

uv reads the nearest `uv.toml`, or `pyproject.toml` with a table `[tool.uv]`, from the folder it
works in upwards (uv docs: configuration files).
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from uvci.pipeline.shell.state import joined
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import Absent, UvRun

_NAMES = ("pyproject.toml", "uv.toml")


def working_directory(run: UvRun) -> str | None:
    """Where uv works, seen from the project folder: where it is called, and `--directory`."""
    flag = run.call.command.directory
    if flag is None:
        return run.call.directory
    return joined(run.call.directory, flag.value) if flag.value is not None else None


def may_be_configured(run: UvRun, name: str, context: Context) -> bool:
    """Whether a file may set `name` (`cache-dir`) for a call of uv; that of no other project."""
    if run.call.command.flag("--config-file"):
        return True
    if run.setting("UV_CONFIG_FILE") is not Absent.UNSET and run.variant.closed:
        return True
    texts = (context.files.read(path) for path in _files(run))
    return any(text is not None and name in text for text in texts)


def _files(run: UvRun) -> Iterator[str]:
    """The files that uv may read, those in the repository's root last."""
    folder, project = working_directory(run), run.call.command.project
    if project is not None:
        folder = joined(folder, project.value)
    if folder and "$" not in folder and not folder.startswith(("/", "~", "..")):
        for each in (PurePosixPath(folder), *PurePosixPath(folder).parents):
            yield from ((each / name).as_posix() for name in _NAMES)
    else:
        yield from _NAMES
