"""Why a file is looked at or not, what is read for it, and which settings are in force."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from platform import platform, python_version

from msgspec import Struct

from uvci import __version__
from uvci.catalog.tokens import masked
from uvci.catalog.versions import UvVersion, release_date, releases
from uvci.workspace.configuration import Configuration
from uvci.workspace.roots import Standing
from uvci.workspace.settings import KEYS
from uvci.workspace.snapshot import Snapshot

_PACKAGES = (
    "pygls",
    "lsprotocol",
    "PyYAML",
    "ruamel.yaml",
    "msgspec",
    "tree-sitter",
    "tree-sitter-bash",
)
_MOST_FILES = 40


class Topic(Struct, frozen=True):
    """Some facts under one heading: pairs of a name and what is the case."""

    title: str
    facts: tuple[tuple[str, str], ...]


def examine(snapshot: Snapshot, path: str | None) -> tuple[Topic, ...]:
    """Everything about a repository, and about the file at `path` where one is given."""
    about = path or ".gitlab-ci.yml"
    topics = [
        Topic("uvci", tuple(_versions())),
        Topic("catalog", tuple(_catalog())),
        Topic("repository", tuple(_repository(snapshot))),
    ]
    if path is not None:
        facts = ((masked(name), masked(fact)) for name, fact in _file(snapshot, path))
        topics.append(Topic(path, tuple(facts)))
    topics.append(Topic("settings", tuple(_settings(snapshot, about))))
    return tuple(topics)


def _versions() -> Iterator[tuple[str, str]]:
    yield "version", __version__
    yield "python", f"{python_version()} ({sys.executable})"
    yield "system", platform()
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "not installed"


def _catalog() -> Iterator[tuple[str, str]]:
    record = releases()
    yield "newest uv", _dated(record.newest)
    yield "newest with a date", _dated(max(v for v, day in record.dates.items() if day))
    yield "images known up to", _dated(record.newest_read)


def _dated(version: UvVersion) -> str:
    day = release_date(version)
    return f"{version} ({day})" if day else f"{version} (its day is not on record)"


def _repository(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    yield "folder", str(snapshot.root)
    git = (snapshot.root / ".git").exists()
    yield "git", "yes: files that it ignores are left out" if git else "no"
    listing = snapshot.disk.listing
    yield "files", f"{len(listing.paths):,}" + ("" if listing.complete else " (cut)")
    pipelines = list(listing.pipelines)
    more = len(pipelines) - _MOST_FILES
    shown = [*pipelines[:_MOST_FILES], *([f"and {more:,} more"] if more > 0 else [])]
    yield "pipeline files by name", ", ".join(shown) or "none"


def _file(snapshot: Snapshot, path: str) -> Iterator[tuple[str, str]]:
    if refusal := snapshot.refusal(path):
        yield "text", refusal.message
        return
    if snapshot.files().read(path) is None:
        yield "text", "there is no such file"
        return
    roots = snapshot.roots_of(path)
    yield "looked at", _why(snapshot, path, roots)
    for root in roots:
        pipeline = snapshot.pipeline(root)
        yield f"files of {root}", ", ".join(file.path for file in pipeline.files)
        yield f"jobs of {root}", ", ".join(job.name for job in pipeline.jobs) or "none"
        for unread in pipeline.unread:
            yield "cannot be read", unread.why
    yield "findings", str(len(snapshot.findings(path)))


def _why(snapshot: Snapshot, path: str, roots: tuple[str, ...]) -> str:
    if not roots:
        return (
            "no: its name is none of .gitlab-ci.yml, *.gitlab-ci.yml and .gitlab/**/*.yml, and no "
            "pipeline of this repository includes it"
        )
    if roots != (path,):
        return f"yes: it is included by {', '.join(roots)}"
    match snapshot.standing(path):
        case Standing.PIPELINE:
            return "yes: pipelines start from it"
        case Standing.TEMPLATE:
            return "yes: by its name; nothing here includes it, so what it lacks may be elsewhere"


def _settings(snapshot: Snapshot, path: str) -> Iterator[tuple[str, str]]:
    found, configuration = snapshot.found_settings(path), snapshot.configuration(path)
    yield "file", found.path or "none: no uvci.toml, no [tool.uvci] in a pyproject.toml"
    origins = dict(configuration.origins)
    for key in KEYS:
        value = _shown(getattr(configuration, key.attribute))
        yield key.name, f"{value} (from {origins.get(key.name, 'the defaults')})"
    for line in str(found.error or "").splitlines():
        yield "wrong", line
    for line in _not_there(snapshot, configuration):
        yield "wrong", line


def _not_there(snapshot: Snapshot, configuration: Configuration) -> Iterator[str]:
    """What the settings name and nothing is found for."""
    files = snapshot.files()
    for path in configuration.roots:
        if files.read(path) is None:
            yield f"`root` names `{path}`, and there is no such file."
    for project, folder in configuration.includes:
        if not (snapshot.root / configuration.folder / folder).is_dir():
            yield f"`includes.{project}` names `{folder}`, and there is no such folder."


def _shown(value: object) -> str:
    match value:
        case None | ():
            return "nothing"
        case tuple():
            return ", ".join(_item(item) for item in value)
        case _:
            return str(value)


def _item(item: object) -> str:
    match item:
        case (str(name), tuple() as values):
            return f"{name}: {' '.join(map(str, values))}"
        case (str(name), value):
            return f"{name}: {getattr(value, 'name', str(value)).lower()}"
        case _:
            return str(item)
