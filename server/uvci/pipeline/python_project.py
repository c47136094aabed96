"""The Python project around a pipeline: what pyproject.toml, uv.lock and .python-version say.

Sources: the pyproject.toml specification (packaging.python.org), uv docs on projects and locking.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from uvci.pipeline.sources import Files
from uvci.pipeline.toml_tables import parsed, table_in, tables_of, text_in, texts_of
from uvci.pipeline.uv_lock import Lock, normal_name, read_lock
from uvci.text.patterns import lazy_re

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_VERSION_LINE = lazy_re(r"^[ \t]*([^#\s]+)", re.MULTILINE)
_VCS_BACKENDS = ("hatch-vcs", "setuptools-scm", "uv-dynamic-versioning", "versioningit")
_VCS_SOURCES = frozenset({"vcs", "uv-dynamic-versioning", "versioningit"})
"""What `source` of `[tool.hatch.version]` says where the version comes from git."""


class PythonProject(Struct, frozen=True):
    """Facts of the project at the repository's root; None or empty where nothing says so.

    `pyproject` and `lock` are read when they are first asked for.
    """

    requires_python: str | None = None
    python_version_file: str | None = None
    required_uv: str | None = None
    has_pyproject: bool = False
    has_lock: bool = False
    pyproject_text: str | None = None
    lock_text: str | None = None

    @property
    def pythons(self) -> "SpecifierSet | None":
        """`requires-python` as a set of versions; None where it is missing or wrong."""
        return specifiers(self.requires_python)

    @property
    def pyproject(self) -> "Pyproject":
        """What pyproject.toml says."""
        return read_pyproject(self.pyproject_text or "")

    @property
    def lock(self) -> Lock | None:
        """What uv.lock says; None where there is none or it cannot be read."""
        return None if self.lock_text is None else read_lock(self.lock_text)


class Pyproject(Struct, frozen=True):
    """A pyproject.toml. Requirements are as typed.

    `scripts` are the names of the programs that it installs. `uv` is the table `[tool.uv]`.
    `groups` are the dependency groups without those they include, which `included` names.
    `version_in_file`: the build backend is told to read a dynamic version from a file.
    """

    name: str | None = None
    version: str | None = None
    requires_python: str | None = None
    dynamic: frozenset[str] = frozenset()
    dependencies: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    included: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    build_backend: str | None = None
    build_requires: tuple[str, ...] = ()
    uv: Mapping[str, Any] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    scripts: tuple[str, ...] = ()
    version_in_file: bool = False

    @property
    def index_names(self) -> tuple[str, ...]:
        """What the indexes of `[tool.uv]` are called (uv docs: package indexes)."""
        names = (text_in(table, "name") for table in tables_of(self.uv.get("index")))
        return tuple(name for name in names if name is not None)

    @property
    def has_project(self) -> bool:
        """Whether it describes a project, and not only tools' settings."""
        return self.name is not None

    @property
    def version_from_git(self) -> bool:
        """Whether the version is made of git's tags, which a shallow clone may lack."""
        if "version" not in self.dynamic or self.version_in_file:
            return False
        names = {requirement_name(text) for text in self.build_requires}
        if "setuptools-scm" in names and not self._uses_scm:
            names.remove("setuptools-scm")
        return any(backend in names for backend in _VCS_BACKENDS)

    @property
    def _uses_scm(self) -> bool:
        """Whether setuptools-scm is told to make the version (its documentation: usage).

        Beside setuptools, without a table of its own, it only lists the files of the package.
        """
        simple = any("simple" in text and "[" in text for text in self.build_requires)
        return simple or bool(self.tools & {"setuptools_scm", "setuptools-scm"})

    def group(self, name: str) -> tuple[str, ...]:
        """The requirements of a dependency group, with those of the groups it includes.

        uv still reads `tool.uv.dev-dependencies` as part of `dev` (its documentation).
        """
        old = texts_of(self.uv.get("dev-dependencies")) if name == "dev" else ()
        waiting, seen = [name], dict[str, tuple[str, ...]]()
        while waiting:
            each = waiting.pop(0)
            if each not in seen:
                seen[each] = self.groups.get(each, ())
                waiting += self.included.get(each, ())
        return (*old, *(text for texts in seen.values() for text in texts))


def read_project(files: Files, folder: str = "") -> PythonProject:
    """The project in `folder` (posix, ends with a slash; the repository's root by default).

    What does not parse says nothing. uv.toml wins over pyproject.toml (uv docs: configuration
    files).
    """
    text = files.read(f"{folder}pyproject.toml")
    pyproject = read_pyproject(text or "")
    settings = parsed(files.read(f"{folder}uv.toml") or "")
    pinned = _VERSION_LINE.search(files.read(f"{folder}.python-version") or "")
    lock = files.read(f"{folder}uv.lock")
    return PythonProject(
        requires_python=pyproject.requires_python,
        python_version_file=pinned[1] if pinned else None,
        required_uv=text_in(settings, "required-version")
        or text_in(pyproject.uv, "required-version"),
        has_pyproject=files.exists(f"{folder}pyproject.toml") is True,
        has_lock=files.exists(f"{folder}uv.lock") is True,
        pyproject_text=text,
        lock_text=lock,
    )


@lru_cache(maxsize=32)
def read_pyproject(text: str) -> Pyproject:
    """What a pyproject.toml says; nothing where it does not parse."""
    table = parsed(text)
    project, build = table_in(table, "project"), table_in(table, "build-system")
    tool = table_in(table, "tool")
    return Pyproject(
        name=text_in(project, "name"),
        version=text_in(project, "version"),
        requires_python=text_in(project, "requires-python"),
        dynamic=frozenset(texts_of(project.get("dynamic"))),
        dependencies=texts_of(project.get("dependencies")),
        extras=_lists(table_in(project, "optional-dependencies")),
        groups=_lists(table_in(table, "dependency-groups")),
        included=_included(table_in(table, "dependency-groups")),
        build_backend=text_in(build, "build-backend"),
        build_requires=texts_of(build.get("requires")),
        uv=table_in(tool, "uv"),
        tools=frozenset(tool),
        scripts=tuple(table_in(project, "scripts")),
        version_in_file=_has_version_in_file(tool),
    )


@lru_cache(maxsize=32)
def read_settings(text: str, name: str) -> Mapping[str, Any] | None:
    """What a uv.toml, or `[tool.uv]` of a pyproject.toml, says; None where it does not parse."""
    table = parsed(text)
    if not table and text.strip():
        return None
    return table_in(table_in(table, "tool"), "uv") if name.endswith("pyproject.toml") else table


def _has_version_in_file(tool: Mapping[str, Any]) -> bool:
    """Whether hatch or setuptools is told where the version is written (their documentation)."""
    hatch = table_in(table_in(tool, "hatch"), "version")
    dynamic = table_in(table_in(tool, "setuptools"), "dynamic")
    return (bool(hatch) and hatch.get("source") not in _VCS_SOURCES) or "version" in dynamic


@lru_cache(maxsize=256)
def specifiers(text: str | None) -> "SpecifierSet | None":
    """The versions that `text` allows; None where it says none."""
    if not text:
        return None
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  start-up

    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def requirement_name(text: str) -> str:
    """The normalized name that a requirement begins with.

    >>> requirement_name("Hatch_VCS>=0.4")
    'hatch-vcs'
    """
    found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", text)
    return normal_name(found[1]) if found else ""


def _included(groups: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The groups that each group includes (the specification of dependency groups)."""
    return {
        name: tuple(filter(None, (text_in(item, "include-group") for item in items)))
        for name, items in groups.items()
        if isinstance(items, list)
    }


def _lists(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: texts_of(value) for name, value in table.items()}
