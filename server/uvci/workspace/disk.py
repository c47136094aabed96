"""The repository on disk: texts, and which files there are. Everything is read at most once."""

import os
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from msgspec import Struct

from uvci.workspace.gitignore import may_ignore
from uvci.workspace.names import is_pipeline_name

MAX_BYTES = 2 * 1024 * 1024
"""GitLab reads no CI file larger than this (GitLab docs: maximum size of configuration files)."""

_MAX_FILES = 100_000
_GIT_SECONDS = 20
_NEVER_WALKED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".cache", ".tox",
     ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".terraform"}
)  # fmt: skip


class Refusal(Enum):
    """Why a file that is there cannot be used."""

    TOO_BIG = "too big"
    NOT_UTF8 = "not UTF-8"
    UNREADABLE = "unreadable"


class Unreadable(Struct, frozen=True):
    """A file that is there but cannot be used; `message` says why, in one sentence."""

    refusal: Refusal
    message: str


class Listing(Struct, frozen=True, dict=True):
    """The files of a repository, posix and sorted; `complete` is False where it was cut."""

    paths: tuple[str, ...]
    complete: bool = True

    @cached_property
    def known(self) -> frozenset[str]:
        """The same paths, to look one up."""
        return frozenset(self.paths)

    @cached_property
    def yaml(self) -> tuple[str, ...]:
        """The YAML files among them."""
        return tuple(path for path in self.paths if path.endswith((".yml", ".yaml")))

    @cached_property
    def pipelines(self) -> tuple[str, ...]:
        """Those of them that are pipelines by their names."""
        return tuple(filter(is_pipeline_name, self.yaml))


@lru_cache(maxsize=4096)
def normal(path: str) -> str | None:
    """The path from the repository's root that GitLab makes of `path`; None where it leaves it.

    >>> normal("/ci/../ci/test.yml"), normal("../secret.yml")
    ('ci/test.yml', None)
    """
    parts: list[str] = []
    for part in PurePosixPath("/" + path).parts[1:]:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def decode(data: bytes) -> str | Unreadable:
    """The text of a file's bytes, within GitLab's limits; a byte-order mark stays in it."""
    if len(data) > MAX_BYTES:
        return _oversize(len(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x} on line {line}"
        return Unreadable(Refusal.NOT_UTF8, f"It is not UTF-8: {byte}. Save it as UTF-8.")


def too_big(text: str) -> Unreadable | None:
    """Why GitLab would not read a text that is open in an editor, None where it would."""
    if len(text) * 4 <= MAX_BYTES:
        return None
    size = len(text.encode("utf-8", "surrogatepass"))
    return _oversize(size) if size > MAX_BYTES else None


class Disk:
    """What is stored under one folder. `changed` makes a successor that forgets what has changed.

    No path leads out of the folder, neither by `..` nor by a symbolic link.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._loaded: dict[str, str | Unreadable | None] = {}
        self._stored: dict[str, bool] = {}
        self._ignored: dict[str, bool] = {}
        self._listed: Listing | None = None

    def changed(self, paths: Iterable[str]) -> "Disk":
        """The folder after the files at `paths` were written, made or deleted by somebody."""
        successor = Disk(self.root)
        gone = frozenset(paths)
        successor._loaded = {path: text for path, text in self._loaded.items() if path not in gone}
        successor._stored = {path: here for path, here in self._stored.items() if path not in gone}
        listed = self._listed
        if any(path.rpartition("/")[2] == ".gitignore" for path in gone):
            return successor
        if listed is None or all(
            (path in listed.known) == (self._inside(path) is not None) for path in gone
        ):
            successor._listed, successor._ignored = listed, dict(self._ignored)
        return successor

    def load(self, path: str) -> str | Unreadable | None:
        """The text of a file, why it cannot be used, or None where there is no such file."""
        if path not in self._loaded:
            self._loaded[path] = self._load(path)
        return self._loaded[path]

    def exists(self, path: str) -> bool:
        """Whether a file is stored there, readable or not."""
        if path not in self._stored:
            self._stored[path] = self._inside(path) is not None
        return self._stored[path]

    def is_ignored(self, path: str) -> bool:
        """Whether git leaves a stored file out, so that no job will ever see it.

        Git is asked only where a line of `.gitignore` may speak of the file.
        """
        if path not in self._ignored:
            text = self.load(".gitignore")
            speaks = isinstance(text, str) and may_ignore(text, path)
            known = not speaks or not self.listing.complete or path in self.listing.known
            self._ignored[path] = not known
        return self._ignored[path]

    @property
    def listing(self) -> Listing:
        """The files that git does not ignore; without git, those in no folder of tools."""
        if self._listed is None:
            self._listed = _listed_by_git(self.root) or _walked(self.root)
        return self._listed

    def _load(self, path: str) -> str | Unreadable | None:
        place = self._inside(path)
        if place is None:
            return None
        try:
            size = place.stat().st_size
            return decode(place.read_bytes()) if size <= MAX_BYTES else _oversize(size)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            return Unreadable(Refusal.UNREADABLE, f"It cannot be read: {reason}.")

    def _inside(self, path: str) -> Path | None:
        """The regular file at `path`, None where there is none or it lies outside."""
        name = normal(path)
        if not name or "\0" in name:
            return None
        place = Path(os.path.realpath(self.root / name))
        try:
            return place if place.is_file() and place.is_relative_to(self.root) else None
        except OSError:
            return None


def _oversize(size: int) -> Unreadable:
    limit = f"it has {size:,} bytes, and GitLab reads at most {MAX_BYTES:,}"
    return Unreadable(Refusal.TOO_BIG, f"The provided YAML is too big: {limit}.")


def _listed_by_git(root: Path) -> Listing | None:
    if not (root / ".git").exists():
        return None
    import subprocess  # noqa: PLC0415  costs more than checking one small file

    which = ("--cached", "--others", "--exclude-standard", "--deleted")
    try:
        done = subprocess.run(  # noqa: S603  fixed arguments, no shell
            ["git", "ls-files", "-z", "-t", *which],  # noqa: S607  git is found on PATH
            cwd=root,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    # Each entry is a letter, a space and the path; R tells that a tracked file was deleted.
    entries = os.fsdecode(done.stdout).split("\0")
    deleted = {entry[2:] for entry in entries if entry.startswith("R ")}
    paths = sorted({entry[2:] for entry in entries if entry} - deleted)
    return Listing(tuple(paths[:_MAX_FILES]), len(paths) <= _MAX_FILES)


def _walked(root: Path) -> Listing:
    paths: list[str] = []
    for path in _walk(root, ""):
        if len(paths) == _MAX_FILES:
            return Listing(tuple(sorted(paths)), complete=False)
        paths.append(path)
    return Listing(tuple(sorted(paths)))


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    stack = [(os.fspath(folder), prefix)]
    while stack:
        place, before = stack.pop()
        try:
            entries = list(os.scandir(place))
        except OSError:
            continue
        for entry in entries:
            name = before + entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NEVER_WALKED:
                    stack.append((entry.path, name + "/"))
            elif os.path.isfile(entry.path):  # noqa: PTH113  raises on no loop of links
                yield name
