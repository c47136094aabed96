"""What a pipeline is built from: files somebody else reads, and the project around them."""

from datetime import date
from typing import Protocol

from msgspec import Struct, field

from uvci.catalog.versions import UvVersion


class Files(Protocol):
    """The repository's files as the core asks for them; the workspace does the reading."""

    def read(self, path: str) -> str | None:
        """The text of the file at `path` (posix, from the repository root); None: no such file."""
        ...

    def paths(self) -> tuple[str, ...]:
        """All files of the repository that git does not ignore, sorted; may be cut (`complete`)."""
        ...

    def exists(self, path: str) -> bool | None:
        """Whether a file is there; None when that cannot be known."""
        ...

    def foreign(self, project: str, path: str) -> str | None:
        """The text of another project's file where the settings say it can be read."""
        ...


class MemoryFiles(Struct, frozen=True):
    """Files held in memory: for examples, tests and text from standard input."""

    texts: dict[str, str] = field(default_factory=dict)

    def read(self, path: str) -> str | None:
        """See `Files.read`."""
        return self.texts.get(path)

    def paths(self) -> tuple[str, ...]:
        """See `Files.paths`."""
        return tuple(sorted(self.texts))

    def exists(self, path: str) -> bool | None:
        """See `Files.exists`."""
        return path in self.texts

    def foreign(self, project: str, path: str) -> str | None:
        """See `Files.foreign`: keys read `project:path`."""
        return self.texts.get(f"{project}:{path}")


class Settings(Struct, frozen=True):
    """What the user may set that changes findings; the workspace reads them from files.

    `target_version` is the uv to assume where a job's own cannot be known.
    `undefined_is_empty`: variables that no file sets count as not set where GitLab decides what to
    include, as in its linter; they are unknown otherwise.
    """

    target_version: UvVersion | None = None
    today: date | None = None
    undefined_is_empty: bool = False
