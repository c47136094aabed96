"""The folder that a call of uv works in, and the project and files that it finds there."""

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from uvci.features.completion.place import Place
from uvci.pipeline.python_project import PythonProject, read_project
from uvci.pipeline.scripts import shell_states
from uvci.pipeline.shell.model import ShellCursor
from uvci.pipeline.shell.state import joined
from uvci.pipeline.sources import Files
from uvci.pipeline.uv_lock import Lock
from uvci.text.span import Span

_PROJECT_DIR = "${CI_PROJECT_DIR}"
_PYPROJECT = "pyproject.toml"


class Surroundings(Struct, frozen=True):
    """What lies around a call: its project, the lock file of that or of the workspace around.

    `below` is the folder it runs in, as the files' paths begin; the paths told are without it.
    """

    project: PythonProject
    lock: Lock | None
    repository: Files
    below: str = ""

    def files(self, endings: tuple[str, ...]) -> Iterator[str]:
        """The files whose names end so."""
        return (path for path in self._paths() if path.endswith(endings)) if endings else iter(())

    def env_files(self) -> Iterator[str]:
        """The files of variables: `.env`, `.env.ci`, `ci.env`."""
        names = ((path, posixpath.basename(path)) for path in self._paths())
        return (path for path, name in names if name.startswith(".env") or name.endswith(".env"))

    def folders(self) -> Iterator[str]:
        """The folders below that hold a project."""
        found = map(posixpath.split, self.files((_PYPROJECT,)))
        return (folder for folder, name in found if name == _PYPROJECT and folder)

    def _paths(self) -> Iterator[str]:
        paths = self.repository.paths()
        return (path.removeprefix(self.below) for path in paths if path.startswith(self.below))


def around_call(place: Place, cursor: ShellCursor) -> Surroundings:
    """What the call at the cursor finds; the repository's root where it is not known where."""
    uv, files, root = cursor.uv, place.view.files, place.view.project
    start = joined(_directory_before(place), cursor.command.directory)
    here = joined(start, uv.directory.value) if uv and uv.directory else start
    at = _folder(joined(here, uv.project.value) if uv and uv.project else here)
    project = read_project(files, at) if at and files.exists(f"{at}{_PYPROJECT}") else root
    return Surroundings(project, project.lock or root.lock, files, _folder(here))


def _directory_before(place: Place) -> str | None:
    """Where the script items before the one at the cursor end."""
    if place.job is None:
        return "."
    for line, state in shell_states(place.job):
        origin = line.plain.origin
        if origin.path == place.view.path and _reaches(origin.span, place):
            return state.directory
    return "."


def _reaches(span: Span, place: Place) -> bool:
    """Whether the cursor is in a scalar, or in the blanks behind it, which are none of it yet."""
    behind = place.view.document.text[span.end : place.offset]
    return span.touches(place.offset) or (span.start <= place.offset and not behind.strip(" "))


def _folder(directory: str | None) -> str:
    """A folder of the repository as its files' paths begin; empty for the root."""
    if directory is None or directory.startswith(("/", "~", "..")):
        return ""
    path = directory.removeprefix(_PROJECT_DIR).lstrip("/")
    return "" if path in ("", ".") or "$" in path else f"{path}/"
