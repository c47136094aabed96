"""What the project has to offer where uv is told names and files: groups, packages, scripts."""

from collections.abc import Iterator

from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.python_project import requirement_name

_PYPROJECT, _LOCK = "pyproject.toml", "uv.lock"
_EXTRA_FLAGS = frozenset({"--extra", "--no-extra"})
_GROUP_FLAGS = frozenset({"--group", "--no-group", "--only-group"})
_PACKAGE_FLAGS = frozenset(
    {
        *("--no-binary-package", "--no-build-isolation-package", "--no-build-package"),
        *("--no-editable-package", "--no-emit-package", "--no-install-package"),
        *("--no-sources-package", "--refresh-package", "--reinstall-package"),
        *("--upgrade-package", "--prerelease-package", "--exclude-newer-package"),
    }
)
_MEMBER_SOURCES = frozenset({"editable", "virtual", "directory"})
_FILE_FLAGS = {
    "--requirements": (".txt", ".in", _PYPROJECT, "pylock.toml"),
    "--requirement": (".txt", ".in", _PYPROJECT, "pylock.toml"),
    "--constraints": (".txt",),
    "--constraint": (".txt",),
    "--overrides": (".txt",),
    "--override": (".txt",),
    "--with-requirements": (".txt",),
    "--config-file": (".toml",),
    "--env-file": (".env",),
}
_FILE_ARGUMENTS = {
    ("pip", "compile"): (_PYPROJECT, ".in"),
    ("pip", "sync"): (".txt", "pylock.toml"),
    ("run",): (".py",),
}
_PROGRAMS = {
    **{name: name for name in ("pytest", "ruff", "mypy", "pyright", "ty", "coverage", "bandit")},
    **{name: name for name in ("black", "isort", "flake8", "pylint", "mkdocs", "tox", "nox")},
    **{name: name for name in ("alembic", "uvicorn", "gunicorn", "celery", "invoke", "twine")},
    **{name: name for name in ("pip-audit", "pre-commit", "basedpyright", "deptry", "codespell")},
    "sphinx": "sphinx-build",
    "robotframework": "robot",
    "django": "django-admin",
}
"""What packages that jobs commonly run are called on the command line."""


def flag_argument_items(place: Place, slot: Slot, flag: str) -> Iterator[CompletionItem]:
    """What of this project may stand behind a flag, spelled out as uv's documentation does."""
    for name, origin in _names(place, flag):
        yield slot.item(name, ItemKind.VALUE, detail=origin)
    yield from _files(place, slot, _FILE_FLAGS.get(flag, ()))


def argument_items(
    place: Place, slot: Slot, subcommand: tuple[str, ...]
) -> Iterator[CompletionItem]:
    """What of this project a command may be given: files, and for `uv run` programs."""
    if subcommand == ("run",):
        for name, origin in _programs(place).items():
            yield slot.item(name, ItemKind.COMMAND, detail=origin)
    yield from _files(place, slot, _FILE_ARGUMENTS.get(subcommand, ()))


def _names(place: Place, flag: str) -> Iterator[tuple[str, str]]:
    project = place.view.project.pyproject
    if flag in _EXTRA_FLAGS:
        yield from ((name, _PYPROJECT) for name in project.extras)
    elif flag in _GROUP_FLAGS:
        yield from ((name, _PYPROJECT) for name in project.groups)
    elif flag == "--package":
        yield from ((name, _LOCK) for name in _members(place))
    elif flag in _PACKAGE_FLAGS:
        yield from _packages(place).items()


def _members(place: Place) -> Iterator[str]:
    """The packages of the workspace."""
    lock = place.view.project.lock
    for package in lock.packages if lock else ():
        if package.source in _MEMBER_SOURCES and package.name:
            yield package.name


def _packages(place: Place) -> dict[str, str]:
    """Packages that the project asks for, then all that the lock file has."""
    lock = place.view.project.lock
    locked = lock.packages if lock else ()
    return {
        **dict.fromkeys(_requirements(place), _PYPROJECT),
        **{package.name: _LOCK for package in locked if package.name not in _requirements(place)},
    }


def _requirements(place: Place) -> dict[str, None]:
    project = place.view.project.pyproject
    lists = (project.dependencies, *project.extras.values(), *project.groups.values())
    names = (requirement_name(text) for texts in lists for text in texts)
    return dict.fromkeys(name for name in names if name)


def _programs(place: Place) -> dict[str, str]:
    """Programs that lie in the project's environment: its own, and those of what it asks for."""
    asked = {_PROGRAMS[name]: _PYPROJECT for name in _requirements(place) if name in _PROGRAMS}
    return dict.fromkeys(place.view.project.pyproject.scripts, "[project.scripts]") | asked


def _files(place: Place, slot: Slot, endings: tuple[str, ...]) -> Iterator[CompletionItem]:
    for path in place.view.files.paths() if endings else ():
        if path.endswith(endings):
            yield slot.item(path, ItemKind.FILE)
