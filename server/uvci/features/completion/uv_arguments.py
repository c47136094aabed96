"""What the project has to offer where uv is told names and files: groups, packages, scripts."""

from collections.abc import Iterable, Iterator

from uvci.catalog.commands import subcommands
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.completion.surroundings import Surroundings, around_call
from uvci.features.completion.variable_values import python_items
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.python_project import requirement_name
from uvci.pipeline.shell.model import ShellCursor, UvCommand

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
}
_FILE_ARGUMENTS = {
    ("pip", "compile"): (_PYPROJECT, ".in"),
    ("pip", "sync"): (".txt", "pylock.toml"),
    ("run",): (".py",),
}
_FOLDER_FLAGS = frozenset({"--directory", "--project"})
_TAKE_PYTHONS = frozenset(
    ("python", word) for word in ("install", "uninstall", "pin", "find", "upgrade")
)
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


def flag_argument_items(
    place: Place, slot: Slot, cursor: ShellCursor, flag: str
) -> Iterator[CompletionItem]:
    """What of this project may stand behind a flag, spelled out as uv's documentation does."""
    subcommand = cursor.uv.subcommand if cursor.uv else ()
    around = around_call(place, cursor)
    for name, origin in _names(around, subcommand, flag):
        yield slot.item(name, ItemKind.VALUE, detail=origin)
    if flag in _FOLDER_FLAGS:
        yield from _items(slot, around.folders(), ItemKind.FILE)
    elif flag == "--env-file":
        yield from _items(slot, around.env_files(), ItemKind.FILE)
    elif flag == "--python-version":
        yield from python_items(place.with_slot(slot))
    yield from _items(slot, around.files(_FILE_FLAGS.get(flag, ())), ItemKind.FILE)


def argument_items(place: Place, slot: Slot, cursor: ShellCursor) -> Iterator[CompletionItem]:
    """What of this project a command may be given: files, packages, and for `uv run` programs."""
    uv = cursor.uv
    if uv is None:
        return
    around = around_call(place, cursor)
    if uv.subcommand == ("run",):
        yield from _runnable(around, slot, uv)
        return
    if uv.subcommand == ("remove",):
        yield from _items(slot, _requirements(around), ItemKind.VALUE)
    elif uv.subcommand in _TAKE_PYTHONS:
        yield from python_items(place.with_slot(slot))
    elif uv.subcommand == ("help",) and not uv.positionals:
        yield from _items(slot, subcommands(None, place.uv_version), ItemKind.COMMAND)
    yield from _items(slot, around.files(_FILE_ARGUMENTS.get(uv.subcommand, ())), ItemKind.FILE)


def _runnable(around: Surroundings, slot: Slot, uv: UvCommand) -> Iterator[CompletionItem]:
    """What `uv run` can start: with `--script` a file, with `-m` a module."""
    is_module = uv.flag("--module", "-m") is not None
    programs = _modules(around) if is_module else _programs(around)
    if not uv.flag("--script", "-s"):
        for name, origin in programs.items():
            yield slot.item(name, ItemKind.COMMAND, detail=origin)
    if not is_module:
        yield from _items(slot, around.files(_FILE_ARGUMENTS["run",]), ItemKind.FILE)


def _items(slot: Slot, names: Iterable[str], kind: ItemKind) -> Iterator[CompletionItem]:
    return (slot.item(name, kind) for name in names)


def _names(
    around: Surroundings, subcommand: tuple[str, ...], flag: str
) -> Iterator[tuple[str, str]]:
    project = around.project.pyproject
    if flag in _EXTRA_FLAGS or (flag == "--optional" and subcommand in (("add",), ("remove",))):
        yield from ((name, _PYPROJECT) for name in project.extras)
    elif flag in _GROUP_FLAGS:
        yield from ((name, _PYPROJECT) for name in project.groups)
    elif flag == "--package":
        yield from ((name, _LOCK) for name in _members(around))
    elif flag == "--index" and subcommand == ("publish",):
        yield from ((name, _PYPROJECT) for name in project.index_names)
    elif flag in _PACKAGE_FLAGS:
        yield from _packages(around).items()


def _members(around: Surroundings) -> Iterator[str]:
    """The packages of the workspace."""
    for package in around.lock.packages if around.lock else ():
        if package.source in _MEMBER_SOURCES and package.name:
            yield package.name


def _packages(around: Surroundings) -> dict[str, str]:
    """Packages that the project asks for, then all that the lock file has."""
    asked = _requirements(around)
    locked = (package.name for package in around.lock.packages) if around.lock else ()
    return {
        **dict.fromkeys(asked, _PYPROJECT),
        **{name: _LOCK for name in locked if name not in asked},
    }


def _requirements(around: Surroundings) -> dict[str, None]:
    project = around.project.pyproject
    lists = (project.dependencies, *project.extras.values(), *project.groups.values())
    names = (requirement_name(text) for texts in lists for text in texts)
    return dict.fromkeys(name for name in names if name)


def _programs(around: Surroundings) -> dict[str, str]:
    """Programs that lie in the project's environment: its own, and those of what it asks for."""
    asked = {_PROGRAMS[name]: _PYPROJECT for name in _requirements(around) if name in _PROGRAMS}
    return dict.fromkeys(around.project.pyproject.scripts, "[project.scripts]") | asked


def _modules(around: Surroundings) -> dict[str, str]:
    """What of these `python -m` can start: `sphinx` for `sphinx-build`."""
    asked = [(name, _PROGRAMS[name]) for name in _requirements(around) if name in _PROGRAMS]
    names = (name if program.startswith(name) else program for name, program in asked)
    return {name.replace("-", "_"): _PYPROJECT for name in names}
