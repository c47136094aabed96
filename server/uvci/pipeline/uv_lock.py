"""A uv.lock: the packages, where each comes from, and which of them an installation takes.

Source: uv docs on project structure and locking; the shape is that of lock files that uv writes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from uvci.pipeline.toml_tables import parsed, table_in, tables_of, text_in, texts_of
from uvci.text.patterns import lazy_re

if TYPE_CHECKING:
    from packaging.tags import Tag

_LARGEST = 16 * 1024 * 1024
_LOCAL = frozenset({"virtual", "editable", "directory"})
_ASKED = lazy_re(r"(?!(?:and|or|in|not)\b)\b[a-z_]+")
_QUOTED = lazy_re(r"'[^']*'|\"[^\"]*\"")
_LINUX = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}
"""What markers ask for, as it is in every image of uv."""
_MACHINES = ("x86_64", "aarch64")
_PATCHES = (0, 99)


class Need(Struct, frozen=True):
    """A package that another needs: version and source only where the name alone is ambiguous."""

    name: str
    version: str | None = None
    marker: str | None = None
    extras: tuple[str, ...] = ()


class LockedPackage(Struct, frozen=True):
    """One package of uv.lock.

    `source` reads `registry`, `git`, `url`, `path`, `editable`, …; `address` is what it names.
    `wheels` are file names. `needs` are those of every installation, `extras` and `groups` those of
    one extra or dependency group more.
    """

    name: str
    version: str | None
    source: str
    address: str
    wheels: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    extras: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)

    def tags(self) -> "frozenset[Tag]":
        """The platforms that its wheels are for."""
        return frozenset(tag for wheel in self.wheels for tag in wheel_tags(wheel))


class Lock(Struct, frozen=True):
    """A uv.lock. `version` is that of its format."""

    version: int | None = None
    requires_python: str | None = None
    packages: tuple[LockedPackage, ...] = ()

    @property
    def from_git(self) -> tuple[LockedPackage, ...]:
        """The packages that are built from a git repository."""
        return tuple(package for package in self.packages if package.source == "git")

    @property
    def root(self) -> LockedPackage | None:
        """The project beside the lock file; None where that is only a workspace."""
        local = (one for one in self.packages if one.source in _LOCAL)
        return next((one for one in local if one.address == "."), None)

    def package(self, name: str) -> LockedPackage | None:
        """The package of that name, however it is spelled."""
        wanted = normal_name(name)
        return next((one for one in self.packages if one.name == wanted), None)

    def installed(
        self, groups: Iterable[str], extras: Iterable[str], python: str | None
    ) -> tuple[LockedPackage, ...]:
        """The packages that an installation of the project on Linux surely takes, in no order.

        `groups` and `extras` are those of the project, `python` is a minor version (`3.13`). What
        depends on a marker that is not judged is left out, and so is what a version does not tell
        apart.
        """
        root = self.root
        if root is None:
            return ()
        pending = [
            *root.needs,
            *(need for name in groups for need in root.groups.get(name, ())),
            *(need for name in extras for need in root.extras.get(name, ())),
        ]
        named: dict[str, list[LockedPackage]] = {}
        for package in self.packages:
            named.setdefault(package.name, []).append(package)
        seen, found = set(pending), {}
        while pending:
            need = pending.pop()
            fitting = [x for x in named.get(need.name, ()) if need.version in (None, x.version)]
            if len(fitting) != 1 or not holds(need.marker, python):
                continue
            package = found[need.name] = fitting[0]
            more = (each for name in need.extras for each in package.extras.get(name, ()))
            new = [each for each in (*package.needs, *more) if each not in seen]
            seen.update(new)
            pending += new
        return tuple(found.values())


@lru_cache(maxsize=8)
def read_lock(text: str) -> Lock | None:
    """What a uv.lock says; None where it does not parse or is larger than any lock there is."""
    if len(text) > _LARGEST:
        return None
    table = parsed(text)
    version = table.get("version")
    if not isinstance(version, int):
        return None
    packages = tuple(_package(entry) for entry in tables_of(table.get("package")))
    return Lock(version, text_in(table, "requires-python"), packages)


@lru_cache(maxsize=1024)
def holds(marker: str | None, python: str | None) -> bool:
    """Whether a marker holds for a Python in a Linux container, whichever the machine and patch.

    Without a `python`, and for what else a marker may ask, that is not sure.

    >>> [holds("python_version >= '3.12'", python) for python in ("3.11", "3.13", None)]
    [False, True, False]
    """
    if marker is None:
        return True
    known = {*_LINUX, "platform_machine"}
    if python:
        known |= {"python_version", "python_full_version"}
    if not set(_ASKED.findall(_QUOTED.sub("", marker))) <= known:
        return False
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison  # noqa: PLC0415  start-up

    try:
        read = Marker(marker)
        return all(read.evaluate(one) for one in _environments(python or "3"))
    except (InvalidMarker, UndefinedComparison):
        return False


def _environments(python: str) -> Iterator[dict[str, str]]:
    for machine, patch in product(_MACHINES, _PATCHES):
        full = {"python_version": python, "python_full_version": f"{python}.{patch}"}
        yield {**_LINUX, **full, "platform_machine": machine}


def normal_name(text: str) -> str:
    """A package's name as lock files and indexes spell it.

    >>> normal_name("Hatch_VCS")
    'hatch-vcs'
    """
    return re.sub(r"[-_.]+", "-", text).lower()


def _package(entry: Mapping[str, Any]) -> LockedPackage:
    kind, address = next(iter(table_in(entry, "source").items()), ("registry", ""))
    return LockedPackage(
        text_in(entry, "name") or "",
        text_in(entry, "version"),
        kind,
        address if isinstance(address, str) else "",
        tuple(_file_names(tables_of(entry.get("wheels")))),
        _needs(entry.get("dependencies")),
        _named_needs(table_in(entry, "optional-dependencies")),
        _named_needs(table_in(entry, "dev-dependencies")),
    )


def _named_needs(table: Mapping[str, Any]) -> dict[str, tuple[Need, ...]]:
    return {name: _needs(listed) for name, listed in table.items()}


def _needs(listed: Any) -> tuple[Need, ...]:
    return tuple(
        Need(
            text_in(entry, "name") or "",
            text_in(entry, "version"),
            text_in(entry, "marker"),
            texts_of(entry.get("extra")),
        )
        for entry in tables_of(listed)
    )


def _file_names(wheels: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    for wheel in wheels:
        place = text_in(wheel, "url") or text_in(wheel, "path") or text_in(wheel, "filename")
        if place:
            yield place.rpartition("/")[2]


@lru_cache(maxsize=4096)
def wheel_tags(wheel: str) -> "frozenset[Tag]":
    """The platforms that a wheel of this file name is for."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415

    try:
        return parse_wheel_filename(wheel)[3]
    except InvalidWheelFilename:
        return frozenset()
