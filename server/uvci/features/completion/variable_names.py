"""Names of variables: those uv reads first, each with a good value to start from."""

from collections.abc import Iterator
from functools import partial

from uvci.catalog.availability import Availability
from uvci.catalog.gitlab import runner_controls
from uvci.catalog.variable import Kind, Reader, UvVariable
from uvci.catalog.variables import availability, uv_variables
from uvci.features.cards.variable import variable_card
from uvci.features.completion.place import Place
from uvci.features.completion.variable_values import best_value
from uvci.features.snippet import escape, placeholder
from uvci.features.view import CompletionItem, ItemKind

_FIRST = (
    "UV_CACHE_DIR",
    "UV_LINK_MODE",
    "UV_LOCKED",
    "UV_FROZEN",
    "UV_SYSTEM_PYTHON",
    "UV_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "UV_INDEX",
    "UV_DEFAULT_INDEX",
    "UV_PUBLISH_URL",
    "UV_PUBLISH_USERNAME",
    "UV_PUBLISH_PASSWORD",
    "UV_PYTHON_INSTALL_DIR",
    "UV_NO_DEV",
    "UV_HTTP_TIMEOUT",
)
_GUIDE = {
    "UV_VERSION": "Release of uv in the image's tag: a convention, uv does not read it.",
    "PYTHON_VERSION": "Python in the image's tag: a convention.",
    "BASE_LAYER": "Operating system in the image's tag: a convention.",
}


def variable_name_items(place: Place) -> Iterator[CompletionItem]:
    """The variables that may be set here and are not yet: deprecated ones last and marked."""
    for variable in sorted(uv_variables(), key=_rank):
        if variable.internal or variable.set_by_uv or variable.name in place.siblings:
            continue
        if variable.hidden and not place.slot.typed.startswith(variable.name[:6]):
            continue
        yield _item(place, variable)
    for name, about in _GUIDE.items():
        if name not in place.siblings:
            yield _named(place, name, detail="image tag", about=about)
    for control in runner_controls():
        if control.name not in place.siblings:
            yield _named(place, control.name, detail="GitLab Runner", about=control.doc)


def shell_name_items(place: Place) -> Iterator[CompletionItem]:
    """The variables of uv that a script may set, each with its `=`."""
    for variable in sorted(uv_variables(), key=_rank):
        if variable.internal or variable.set_by_uv or variable.hidden or "{" in variable.name:
            continue
        yield place.slot.item(
            variable.name,
            ItemKind.VARIABLE,
            value=f"{variable.name}=",
            detail=_detail(place, variable),
            documentation=partial(variable_card, variable, place.uv_version),
            deprecated=variable.deprecated is not None,
            retrigger=True,
        )


def _rank(variable: UvVariable) -> tuple[bool, int, bool, str]:
    first = _FIRST.index(variable.name) if variable.name in _FIRST else len(_FIRST)
    deprecated = variable.deprecated is not None or variable.alias_of is not None
    return (deprecated, first, variable.read_by is not Reader.UV, variable.name)


def _item(place: Place, variable: UvVariable) -> CompletionItem:
    text, snippet = _written(place, variable.name)
    return place.slot.item(
        variable.name,
        ItemKind.VARIABLE,
        text=text,
        snippet=snippet,
        detail=_detail(place, variable),
        documentation=partial(variable_card, variable, place.uv_version),
        deprecated=variable.deprecated is not None,
        retrigger=text is not None,
    )


def _named(place: Place, name: str, detail: str, about: str) -> CompletionItem:
    text, snippet = _written(place, name)
    return place.slot.item(
        name,
        ItemKind.VARIABLE,
        text=text,
        snippet=snippet,
        detail=detail,
        documentation=partial(str, about),
    )


def _written(place: Place, name: str) -> tuple[str | None, str | None]:
    """The text or the snippet of `NAME: value`; just the name where a colon is there already."""
    if place.is_name_only:
        return name, None
    if "{" in name:
        before, _, rest = name.partition("{")
        return None, f"{escape(before)}${{1:NAME}}{escape(rest.partition('}')[2])}: $0"
    value = best_value(name, place)
    if value is None:
        return f"{name}: ", None
    written = place.slot.write(value)
    quote = written[0] if written != value and written[:1] in ("'", '"') else ""
    inner = written[1:-1] if quote else written
    return None, f"{name}: {quote}{placeholder(1, inner)}{quote}"


def _detail(place: Place, variable: UvVariable) -> str:
    if variable.deprecated:
        return f"deprecated: {variable.deprecated.replacement}"
    version = place.uv_version
    if version and availability(variable, version) is Availability.TOO_NEW:
        return f"needs uv {variable.since}, this job has {version}"
    if variable.kind is Kind.SECRET:
        return "secret: better a masked CI/CD variable"
    return str(variable.kind.value)
