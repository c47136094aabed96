"""Which pipelines a command line means."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field

from uvci.workspace.repository import Disks, find_pipelines
from uvci.workspace.settings_files import find_settings


class Targets(Struct, frozen=True):
    """What to check, by repository: the paths of pipeline files from its folder.

    `named` are the files that were given one by one, `disks` the repositories. `problems` are
    sentences about what was given and cannot be checked.
    """

    paths: dict[Path, dict[str, None]] = field(default_factory=dict)
    named: dict[Path, set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    disks: Disks = field(default_factory=Disks)

    def __len__(self) -> int:
        return sum(map(len, self.paths.values()))

    def add(self, repository: Path, path: str) -> None:
        """One more pipeline file."""
        self.paths.setdefault(repository, {})[path] = None


def find_targets(given: Iterable[Path]) -> Targets:
    """The pipelines that files and folders stand for; no path at all stands for the repository."""
    targets = Targets()
    for place in tuple(given) or (targets.disks.repository_of(Path.cwd()),):
        if place.is_dir():
            _add_folder(targets, place)
        elif place.is_file():
            _add_file(targets, place)
        elif os.path.lexists(place):
            targets.problems.append(f"{place}: it is neither a file nor a folder")
        else:
            targets.problems.append(f"{place}: there is no such file or folder")
    return targets


def _add_file(targets: Targets, place: Path) -> None:
    repository = targets.disks.repository_of(place.absolute())
    real = Path(os.path.realpath(place))
    if not real.is_relative_to(repository):
        targets.problems.append(f"{place}: it leads out of the repository {repository}")
        return
    path = real.relative_to(repository).as_posix()
    targets.add(repository, path)
    targets.named.setdefault(repository, set()).add(path)


def _add_folder(targets: Targets, place: Path) -> None:
    before = len(targets)
    for found in find_pipelines(place, targets.disks):
        targets.add(found.repository, found.path)
    for repository, path in _set_roots(place, targets.disks):
        targets.add(repository, path)
    if len(targets) == before and not before:
        targets.problems.append(
            f"{place}: there is no pipeline in this folder (looked for .gitlab-ci.yml, "
            "*.gitlab-ci.yml and .gitlab/**/*.yml that git does not ignore)"
        )


def _set_roots(place: Path, disks: Disks) -> Iterator[tuple[Path, str]]:
    """The roots that settings in a folder name, where it is a repository's own or lies in it."""
    repository = disks.repository_of(place.absolute())
    folder = Path(os.path.realpath(place))
    disk = disks.of(repository)
    below = folder.relative_to(repository).as_posix()
    for path in find_settings(disk, "" if below == "." else below).configuration.roots:
        if disk.exists(path) and (repository / path).is_relative_to(folder):
            yield repository, path
