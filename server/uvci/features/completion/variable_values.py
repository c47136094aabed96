"""Values of variables: what the job's uv accepts, quoted as GitLab needs it."""

from collections.abc import Iterator
from functools import partial

from uvci.catalog.commands import pythons
from uvci.catalog.gitlab import find_runner_control
from uvci.catalog.values import valid_values
from uvci.catalog.variable import Kind, UvVariable
from uvci.catalog.variables import find_variable, preview_features
from uvci.features.cards.variable import variable_card
from uvci.features.completion.composed import value_items as tag_value_items
from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind

_PROJECT_INDEX = "${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/pypi"
_SUGGESTED: dict[str, tuple[tuple[str, str], ...]] = {
    "UV_CACHE_DIR": (
        (".uv-cache", "in the project, where GitLab can cache it"),
        ("$CI_PROJECT_DIR/.uv-cache", "also right after cd"),
    ),
    "UV_PYTHON_INSTALL_DIR": (("$CI_PROJECT_DIR/.uv-python", "in the project, can be cached"),),
    "UV_PYTHON_CACHE_DIR": (("$CI_PROJECT_DIR/.uv-python-cache", "in the project"),),
    "UV_TOOL_DIR": (("$CI_PROJECT_DIR/.uv-tools", "in the project, can be cached"),),
    "UV_PROJECT_ENVIRONMENT": (
        (".venv", "the default"),
        ("/usr/local", "the Python of a python image"),
    ),
    "UV_HTTP_TIMEOUT": (("60", "seconds"), ("120", "seconds")),
    "UV_LOCK_TIMEOUT": (("300", "seconds, the default"),),
    "UV_PUBLISH_URL": ((_PROJECT_INDEX, "this project's package registry"),),
    "UV_PUBLISH_CHECK_URL": ((f"{_PROJECT_INDEX}/simple", "skips files already published"),),
    "UV_PUBLISH_USERNAME": (("gitlab-ci-token", "goes with $CI_JOB_TOKEN"),),
    "UV_PUBLISH_PASSWORD": (("$CI_JOB_TOKEN", "goes with gitlab-ci-token"),),
    "UV_INDEX": ((f"gitlab={_PROJECT_INDEX}/simple", "this project's package registry"),),
    "UV_DEFAULT_INDEX": ((f"gitlab={_PROJECT_INDEX}/simple", "this project's package registry"),),
    "UV_INDEX_{name}_USERNAME": (("gitlab-ci-token", "goes with $CI_JOB_TOKEN"),),
    "UV_INDEX_{name}_PASSWORD": (("$CI_JOB_TOKEN", "goes with gitlab-ci-token"),),
    "GIT_DEPTH": (("0", "everything, tags too: for versions taken from git"), ("20", "")),
    "CACHE_FALLBACK_KEY": (("uv-$CI_DEFAULT_BRANCH", ""),),
}


def variable_value_items(place: Place, name: str) -> Iterator[CompletionItem]:
    """What `name` may be set to."""
    yield from tag_value_items(place, name)
    variable = find_variable(name)
    about = partial(variable_card, variable, place.uv_version) if variable else None
    for value, detail in _SUGGESTED.get(variable.name if variable else name, ()):
        yield place.slot.item(value, ItemKind.VALUE, detail=detail, documentation=about)
    if variable:
        yield from _typed_values(place, variable)
    if control := find_runner_control(name):
        for value in control.values:
            detail = "default" if value == control.default else ""
            yield place.slot.item(value, ItemKind.VALUE, detail=detail)


def best_value(name: str, place: Place) -> str | None:
    """The value a newly typed `name` starts with, None where only its author can know."""
    variable = find_variable(name)
    if suggested := _SUGGESTED.get(variable.name if variable else name):
        return suggested[0][0]
    if variable is None or variable.kind not in (Kind.BOOLEAN, Kind.PRESENCE, Kind.ENUM):
        return None
    values = [value.text for value in valid_values(variable, place.uv_version)]
    if name == "UV_LINK_MODE" and "copy" in values:
        return "copy"
    return values[0] if values else None


def _typed_values(place: Place, variable: UvVariable) -> Iterator[CompletionItem]:
    if variable.name == "UV_PYTHON":
        yield from python_items(place)
    if variable.name == "UV_PREVIEW_FEATURES":
        for feature in preview_features():
            yield place.slot.item(feature, ItemKind.VALUE)
    for value in valid_values(variable, place.uv_version):
        if value.text in place.siblings:
            continue
        yield place.slot.item(
            value.text,
            ItemKind.VALUE,
            detail="default" if value.text == variable.default else "",
            documentation=partial(str, value.doc),
            deprecated=value.deprecated is not None,
        )
    if variable.default and variable.kind in (Kind.INTEGER, Kind.SECONDS):
        yield place.slot.item(variable.default, ItemKind.VALUE, detail="default")


def python_items(place: Place) -> Iterator[CompletionItem]:
    """The Pythons that the job's uv can download, the project's own first."""
    wanted = (place.view.project.python_version_file or "").strip()
    for python in dict.fromkeys((wanted, *pythons(place.uv_version))):
        if python:
            detail = "as .python-version says" if python == wanted else ""
            yield place.slot.item(python, ItemKind.VALUE, detail=detail)
