"""The environment variables that uv reads, and the names people take for one."""

import re
from functools import cache

from msgspec import Struct

from uvci.catalog.availability import Availability
from uvci.catalog.package_data import CatalogError, load_json
from uvci.catalog.spelling import near_misses
from uvci.catalog.variable import AssumedVariable, RemovedVariable, UvVariable
from uvci.catalog.variable_data import stored_assumed, stored_removed, stored_variable
from uvci.catalog.versions import UvVersion


class _Table(Struct, frozen=True):
    variables: dict[str, UvVariable]
    templates: tuple[tuple[re.Pattern[str], UvVariable], ...]
    instances: dict[str, str]
    removed: dict[str, RemovedVariable]
    assumed: dict[str, AssumedVariable]
    conventions: dict[str, str]
    preview_features: tuple[str, ...]


def find_variable(name: str) -> UvVariable | None:
    """The variable called `name` that uv reads today; a template answers for its names.

    >>> find_variable("UV_INDEX_INTERNAL_PASSWORD").name
    'UV_INDEX_{name}_PASSWORD'
    """
    table = _table()
    if exact := table.variables.get(table.instances.get(name, name)):
        return exact
    matching = (variable for pattern, variable in table.templates if pattern.fullmatch(name))
    return next(matching, None)


def all_variables() -> tuple[UvVariable, ...]:
    """Every variable on record, those of uv first, then the general ones it also reads."""
    return tuple(_table().variables.values())


def uv_variables() -> tuple[UvVariable, ...]:
    """The variables whose names begin with `UV` and that are read today, by name."""
    return tuple(v for v in all_variables() if v.name == "UV" or v.name.startswith("UV_"))


def removed(name: str) -> RemovedVariable | None:
    """What became of a variable that uv no longer reads; None for any other name."""
    table = _table()
    if exact := table.removed.get(name):
        return exact
    templates = (gone for gone in table.removed.values() if "{" in gone.name)
    return next((gone for gone in templates if _pattern(gone.name).fullmatch(name)), None)


def assumed(name: str) -> AssumedVariable | None:
    """What to do instead of setting a name that people expect uv to read; None for any other."""
    return _table().assumed.get(name)


def convention(name: str) -> str | None:
    """What a `UV_` name that projects use for themselves stands for; None for any other."""
    return _table().conventions.get(name)


def nearest(name: str) -> list[str]:
    """The variables that `name` may be a misspelling of, nearest first; often none.

    Names that uv reads, once read, or that projects use for themselves are no misspellings.
    """
    shouted = name.upper()
    if not shouted.startswith("UV") or convention(name) or removed(name) or find_variable(name):
        return []
    if found := find_variable(shouted):
        return [shouted if found.is_template else found.name]
    public = [
        variable.name
        for variable in uv_variables()
        if variable.name != "UV" and not variable.internal and not variable.is_template
    ]
    words = sorted(shouted.split("_"))
    shuffled = [known for known in public if sorted(known.split("_")) == words]
    return shuffled or near_misses(shouted, public)


def availability(variable: UvVariable | RemovedVariable, version: UvVersion) -> Availability:
    """Whether uv `version` reads `variable`."""
    match variable:
        case UvVariable(since=None):
            return Availability.UNKNOWN
        case UvVariable(since=UvVersion() as since):
            return Availability.KNOWN if version >= since else Availability.TOO_NEW
        case RemovedVariable(first=UvVersion() as first) if version < first:
            return Availability.TOO_NEW
        case RemovedVariable(last=UvVersion() as last) if version <= last:
            return Availability.KNOWN if variable.first else Availability.UNKNOWN
        case RemovedVariable(last=UvVersion()):
            return Availability.REMOVED
        case _:
            return Availability.UNKNOWN


def preview_features() -> tuple[str, ...]:
    """The names that `UV_PREVIEW_FEATURES` takes at the newest uv on record."""
    return _table().preview_features


@cache
def _table() -> _Table:
    data = load_json("variables.json")
    try:
        stored = map(stored_variable, [*data["variables"], *data["other_variables"]])
        variables = {variable.name: variable for variable in stored}
        removed = map(stored_removed, data["removed"])
        assumed = map(stored_assumed, data["assumed"])
        return _Table(
            variables=variables,
            templates=tuple((_pattern(v.name), v) for v in variables.values() if v.is_template),
            instances=data["template_instances"],
            removed={gone.name: gone for gone in removed},
            assumed={name.name: name for name in assumed},
            conventions=data["conventions"],
            preview_features=tuple(data["preview_features"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"variables.json has no readable variables: {error!r}") from error


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[a-zA-Z]+\\}", "[A-Z0-9_]+", re.escape(template)))
