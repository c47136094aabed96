"""Which folder is the repository of a file, and which pipelines lie below a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from uvci.workspace.disk import Disk
from uvci.workspace.names import MAIN, is_component, is_pipeline_name


class Found(Struct, frozen=True):
    """A pipeline file: its repository's folder, and its path from there."""

    repository: Path
    path: str


def find_repository(start: Path) -> Path:
    """The repository that a file or folder belongs to.

    That is the nearest folder with a `.git`; without git the nearest with a `.gitlab-ci.yml`; else
    the folder itself, or the one a file is in. A file below `.gitlab` belongs to what `.gitlab` is
    in.
    """
    place = Path(os.path.realpath(start))
    folder = place if place.is_dir() else place.parent
    around = (folder, *folder.parents)
    for parent in around:
        if (parent / ".git").exists():
            return parent
    for parent in around:
        if any((parent / name).is_file() for name in MAIN):
            return parent
    return next((parent.parent for parent in around if parent.name == ".gitlab"), folder)


class Disks:
    """The repositories met so far, each read once."""

    def __init__(self) -> None:
        self._known: dict[Path, Disk] = {}
        self._repositories: dict[Path, Path] = {}

    def of(self, repository: Path) -> Disk:
        """What is stored in a repository."""
        if repository not in self._known:
            self._known[repository] = Disk(repository)
        return self._known[repository]

    def repository_of(self, start: Path) -> Path:
        """See `find_repository`."""
        if start not in self._repositories:
            self._repositories[start] = find_repository(start)
        return self._repositories[start]


def find_pipelines(folder: Path, disks: Disks) -> tuple[Found, ...]:
    """Every pipeline file below a folder that git does not ignore, by repository and path."""
    top = Path(os.path.realpath(folder))
    repository = disks.repository_of(top)
    if (repository / ".git").exists():
        prefix = "" if top == repository else top.relative_to(repository).as_posix() + "/"
        return tuple(_in_repository(disks.of(repository), prefix))
    found: dict[Found, None] = {}
    for path in disks.of(top).listing.yaml:
        if is_pipeline_name(path):
            found |= dict.fromkeys(_placed(top / path, disks))
    return tuple(sorted(found, key=lambda each: (each.repository, each.path)))


def _in_repository(disk: Disk, prefix: str) -> Iterator[Found]:
    for path in disk.listing.yaml:
        if path.startswith(prefix) and (is_pipeline_name(path) or _is_component(disk, path)):
            yield Found(disk.root, path)


def _is_component(disk: Disk, path: str) -> bool:
    if not path.startswith("templates/"):
        return False
    text = disk.load(path)
    return isinstance(text, str) and is_component(path, text)


def _placed(file: Path, disks: Disks) -> Iterator[Found]:
    """The file within its own repository, which may have been found below the folder asked for."""
    repository = disks.repository_of(file)
    real = Path(os.path.realpath(file))
    if not real.is_relative_to(repository):
        return
    path = real.relative_to(repository).as_posix()
    if not (repository / ".git").exists() or path in disks.of(repository).listing.known:
        yield Found(repository, path)
