"""What the project around a pipeline says of its tools, its requirements and its distributions."""

from collections.abc import Iterator

from uvci.features.migration.groups import default_groups
from uvci.features.view import View
from uvci.pipeline.python_project import Pyproject, requirement_name

_REQUIREMENTS = (
    *("requirements.txt", "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt"),
    *("requirements/dev.txt", "requirements-test.txt", "test-requirements.txt"),
    "requirements/test.txt",
)


def options_for(pyproject: Pyproject, name: str) -> str | None:
    """The options with which `uv run` finds a package of the project; None where it has none.

    Empty where it is installed anyway; else with a blank in front.
    """
    groups = {group: pyproject.group(group) for group in pyproject.groups}
    usual = [*pyproject.dependencies]
    for group in default_groups(pyproject):
        usual += pyproject.group(group)
    if _asks_for(usual, name):
        return ""
    named = [(f" --group {group}", texts) for group, texts in groups.items()]
    named += [(f" --extra {extra}", texts) for extra, texts in pyproject.extras.items()]
    return next((option for option, texts in named if _asks_for(texts, name)), None)


def installed_for(view: View, name: str) -> Iterator[str]:
    """What `uv pip install` is told so that a tool runs in a project that uv does not manage."""
    texts = {each: view.files.read(each) or "" for each in _listed(view)}
    having = [each for each, text in texts.items() if _asks_for(text.splitlines(), name)]
    for each in dict.fromkeys([*list(texts)[:1], *having[:1]]):
        yield f"-r {each}"
    if is_package(view):
        yield "-e ."
    if not having:
        yield name


def is_bare(view: View) -> bool:
    """Whether nothing says what the project needs."""
    return not (view.project.pyproject.has_project or _listed(view) or is_package(view))


def is_package(view: View) -> bool:
    """Whether uv would build distributions of the project, with its backend or with setuptools."""
    pyproject = view.project.pyproject
    chosen = pyproject.uv.get("package")
    if chosen is not None:
        return bool(chosen)
    is_built = bool(pyproject.build_backend or pyproject.build_requires)
    return is_built or (not pyproject.has_project and view.files.exists("setup.py") is True)


def key_file(view: View) -> str | None:
    """The file whose change makes a new cache worth it."""
    names = ("uv.lock", *_REQUIREMENTS, "pyproject.toml", "setup.py")
    return next((name for name in names if view.files.exists(name)), None)


def _listed(view: View) -> list[str]:
    return [name for name in _REQUIREMENTS if view.files.exists(name)]


def _asks_for(requirements: list[str] | tuple[str, ...], name: str) -> bool:
    return any(requirement_name(one) == name for one in requirements)
