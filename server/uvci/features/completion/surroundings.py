"""The folder that a call of uv works in, and the project and files that it finds there."""

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from uvci.features.completion.place import Place
from uvci.pipeline.python_project import PythonProject, read_project
from uvci.pipeline.scripts import shell_states
from uvci.pipeline.shell.model import ShellCursor
from uvci.pipeline.shell.state import joined
from uvci.text.span import Span

_PROJECT_DIR = "${CI_PROJECT_DIR}"
_PYPROJECT = "pyproject.toml"


class Surroundings(Struct, frozen=True):
    """What lies around a call. `paths` are those of all files, seen from where it runs."""

    project: PythonProject
    paths: tuple[str, ...]

    def files(self, endings: tuple[str, ...]) -> Iterator[str]:
        """The files whose names end so."""
        return (path for path in self.paths if endings and path.endswith(endings))

    def env_files(self) -> Iterator[str]:
        """The files of variables: `.env`, `.env.ci`, `ci.env`."""
        names = ((path, posixpath.basename(path)) for path in self.paths)
        return (path for path, name in names if name.startswith(".env") or name.endswith(".env"))

    def folders(self) -> Iterator[str]:
        """The folders below that hold a project."""
        found = (posixpath.split(path) for path in self.paths)
        return (folder for folder, name in found if name == _PYPROJECT and folder)


def around_call(place: Place, cursor: ShellCursor) -> Surroundings:
    """What the call at the cursor finds; the repository's root where it is not known where."""
    directory = joined(_directory_before(place), cursor.command.directory)
    uv = cursor.uv
    changed = uv.directory.value if uv and uv.directory else "."
    project = uv.project.value if uv and uv.project else "."
    here = _folder(joined(directory, changed))
    at = _folder(joined(joined(directory, changed), project))
    files = place.view.files
    inside = f"{at}/{_PYPROJECT}"
    own = read_project(files, f"{at}/") if at and files.exists(inside) else place.view.project
    below = f"{here}/" if here else ""
    paths = tuple(path.removeprefix(below) for path in files.paths() if path.startswith(below))
    return Surroundings(own, paths)


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
    path = (directory or ".").removeprefix(_PROJECT_DIR).lstrip("/")
    is_inside = directory is None or not directory.startswith(("/", "~", ".."))
    return "" if not is_inside or path in ("", ".") or "$" in path else path
