"""The repository's files as the core sees them: the editor's buffers first, then the disk."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from uvci.workspace.disk import Disk, normal
from uvci.workspace.interruption import checkpoint

_NEVER_LEFT_OUT = (".yml", ".yaml", ".gitignore")


class RepositoryFiles(Struct, frozen=True, eq=False):
    """One state of a repository's files (see `uvci.pipeline.sources.Files`).

    `buffers` are texts by path that count before the disk. `projects` are the folders where other
    projects can be read, by their path on GitLab.
    """

    disk: Disk
    buffers: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, Disk] = field(default_factory=dict)

    def read(self, path: str) -> str | None:
        """See `Files.read`; None too for a file that cannot be used."""
        name = normal(path)
        if name is None:
            return None
        text = self.buffers[name] if name in self.buffers else self.disk.load(name)
        return text if isinstance(text, str) and not self._is_left_out(name) else None

    def paths(self) -> tuple[str, ...]:
        """See `Files.paths`; new files that are only open in the editor are listed too."""
        listed = self.disk.listing
        new = self.buffers.keys() - listed.known
        return tuple(sorted({*listed.paths, *new})) if new else listed.paths

    def exists(self, path: str) -> bool | None:
        """See `Files.exists`; what lies outside the repository does not exist for GitLab."""
        name = normal(path)
        if name is None:
            return False
        stored = name in self.buffers or self.disk.exists(name)
        return stored and not self._is_left_out(name)

    def _is_left_out(self, name: str) -> bool:
        """Whether git ignores what lies there; pipelines somebody names are judged all the same."""
        return not name.endswith(_NEVER_LEFT_OUT) and self.disk.is_ignored(name)

    def foreign(self, project: str, path: str) -> str | None:
        """See `Files.foreign`."""
        disk = self.projects.get(project)
        name = normal(path)
        if disk is None or name is None:
            return None
        text = disk.load(name)
        return text if isinstance(text, str) else None


class RecordedFiles(Struct, frozen=True, eq=False):
    """Files that remember what was asked of them, so that what it led to can be kept or dropped."""

    files: RepositoryFiles
    asked: set[str] = field(default_factory=set)
    listed: list[bool] = field(default_factory=list)

    def read(self, path: str) -> str | None:
        """See `Files.read`."""
        checkpoint()
        self.asked.update((normal(path) or "", ".gitignore"))
        return self.files.read(path)

    def paths(self) -> tuple[str, ...]:
        """See `Files.paths`."""
        self.listed.append(True)
        return self.files.paths()

    def exists(self, path: str) -> bool | None:
        """See `Files.exists`."""
        self.asked.update((normal(path) or "", ".gitignore"))
        return self.files.exists(path)

    def foreign(self, project: str, path: str) -> str | None:
        """See `Files.foreign`."""
        return self.files.foreign(project, path)


def project_disks(includes: Mapping[str, str], base: Path) -> dict[str, Disk]:
    """The folders of other projects: `includes` as in the settings, relative to `base`."""
    return {project.strip("/"): Disk(base / folder) for project, folder in includes.items()}
