"""The checks of keywords that hold variables, needs and matrices."""

from uvci.pipeline.matrix import MOST_JOBS, matrix_size
from uvci.pipeline.validation.spot import (
    Spot,
    check_below,
    check_keys,
    check_needed_text,
    check_type,
    is_boolean,
    is_integer,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.values import Items, Plain, Table, TypedKey, Unknown, Value

JOB_DATA = ("value", "expand")
ROOT_DATA = ("value", "description", "expand", "options")
_NEED_KEYS = ("job", "artifacts", "optional", "parallel")
_OTHER_PIPELINE_KEYS = ("pipeline", "job", "artifacts", "optional")
_PAIRS = "config should be a hash of key value pairs, value can be an array"
_MOST_CROSS_PIPELINE = 5
_EITHER = "should be a bool or array of strings"

Path = tuple[int, ...]


def flat_items(value: Value, before: Path = ()) -> list[tuple[Path, Value]]:
    """The items of a list and of the lists in it, each with the way to it."""
    if not isinstance(value, Items):
        return [(before, value)]
    return [
        found
        for index, item in enumerate(value.values)
        for found in flat_items(item, (*before, index))
    ]


def check_variables(value: Value, spot: Spot, data: tuple[str, ...] = JOB_DATA) -> None:
    """`variables`; `data` are the keys that a variable's mapping may have, if it may be one."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    for name, below in value.entries.items():
        place = spot.below(name)
        if isinstance(below, Items):
            place.plainly("variable definition must be either a string or a hash")
            continue
        if isinstance(name, TypedKey) and type(name.value) is not int:
            place.say("key must be an alphanumeric string")
        if isinstance(below, Table) or is_unset(below):
            table = below if isinstance(below, Table) else Table({}, below.origin)
            _check_variable_data(table, place, data)


def _check_variable_data(value: Table, spot: Spot, data: tuple[str, ...]) -> None:
    held, told = value.entries.get("value"), value.entries.get("description")
    if isinstance(held, Items | Table):
        spot.say("config value must be a scalar", "value")
    if told is not None and not (is_unset(told) or is_text(told) or is_integer(told)):
        spot.say("config description must be an alphanumeric string", "description")
    expand, options = value.entries.get("expand"), value.entries.get("options")
    if expand is not None and not is_unset(expand) and not is_boolean(expand):
        spot.say("config expand should be a boolean value", "expand")
    if options is not None and not is_unset(options) and not is_text_list(options):
        spot.say("config options should be an array of strings", "options")
    unknown = [key for key in value.entries if key not in data]
    if not data:
        spot.say("config must be a string")
    elif unknown:
        spot.say(f"config uses invalid data keys: {', '.join(unknown)}", unknown[0])
    if isinstance(options, Items) and is_text_list(options) and isinstance(held, Plain):
        shown = [item.text for item in options.values if isinstance(item, Plain)]
        if shown and held.text not in shown and len(shown) == len(options.values):
            spot.say("config value must be present in options", "value")


def check_needs(
    value: Value, spot: Spot, allowed: tuple[str, ...] = ("job", "cross_dependency")
) -> None:
    """`needs`; `allowed` are the kinds it may hold.

    `job` is of this pipeline, `cross_dependency` of another one, `bridge` another one itself.
    """
    if not isinstance(value, Items | Table):
        spot.say("config can only be a hash or an array")
        return
    if isinstance(value, Table) and not value.entries:
        spot.say("config can not be an empty hash")
        return
    needs = [(keys, need) for keys, need in flat_items(value) if not is_unset(need)]
    kinds = [_need_kind(need) for _, need in needs]
    extra = [kind for kind in dict.fromkeys(kinds) if kind not in ("", "bridge", *allowed)]
    if extra:
        spot.say(f"config uses invalid types: {', '.join(extra)}")
    pipelines = [
        need for _, need in needs if isinstance(need, Table) and "pipeline" in need.entries
    ]
    if len(pipelines) > _MOST_CROSS_PIPELINE:
        spot.say(f"config must be less than or equal to {_MOST_CROSS_PIPELINE}")
    for keys, need in needs:
        place = spot.below("need", *keys)
        if _need_kind(need) == "bridge" and "bridge" not in allowed:
            place.misfit("has an unsupported type")
        else:
            _check_need(need, place)


def _need_kind(need: Value) -> str:
    if not isinstance(need, Table):
        return "job" if isinstance(need, Plain) and is_text(need) else ""
    if need.entries.keys() & {"pipeline", "project"}:
        return "cross_dependency" if "job" in need.entries else "bridge"
    return "job" if "job" in need.entries else ""


def _check_need(need: Value, spot: Spot) -> None:
    if isinstance(need, Unknown):
        return
    if not isinstance(need, Table):
        if not is_text(need):
            spot.misfit("has an unsupported type")
        elif isinstance(need, Plain) and not need.text.strip():
            spot.say("config can't be blank")
        return
    if not need.entries.keys() & {"job", "pipeline"}:
        spot.misfit("has an unsupported type")
    elif "project" in need.entries or "job" not in need.entries:
        return  # of paid plans: other pipelines' artifacts and states
    else:
        _check_full_need(need, spot)


def _check_full_need(need: Table, spot: Spot) -> None:
    if "pipeline" in need.entries:
        check_keys(need, _OTHER_PIPELINE_KEYS, spot)
        check_needed_text(need, "pipeline", spot)
        check_needed_text(need, "job", spot)
    else:
        check_keys(need, _NEED_KEYS, spot)
        check_needed_text(need, "job", spot)
    check_type(need, "artifacts", is_boolean, "a boolean value", spot)
    check_type(need, "optional", is_boolean, "a boolean value", spot)
    if "pipeline" not in need.entries:
        check_below(need, {"parallel": check_parallel}, spot)


def check_parallel(value: Value, spot: Spot) -> None:
    """`parallel`."""
    if isinstance(value, Table):
        _check_full_parallel(value, spot)
    elif isinstance(value, Plain) and isinstance(value.value, float):
        spot.say("config must be an integer")
    elif not is_integer(value):
        spot.misfit("should be an integer or a hash")
    elif isinstance(value, Plain) and isinstance(value.value, int):
        if value.value < 1:
            spot.say("config must be greater than or equal to 1")
        elif value.value > MOST_JOBS:
            spot.say(f"config must be less than or equal to {MOST_JOBS}")


def check_trigger_parallel(value: Value, spot: Spot) -> None:
    """`parallel` of a trigger job, which takes no number."""
    check_parallel(value, spot)
    if isinstance(value, Plain) and isinstance(value.value, int | float):
        spot.say('config cannot use "parallel: <number>".')


def _check_full_parallel(value: Table, spot: Spot) -> None:
    check_keys(value, ("matrix",), spot)
    if "matrix" not in value.entries:
        spot.say("config missing required keys: matrix")
    check_below(value, {"matrix": _check_matrix}, spot)


def _check_matrix(value: Value, spot: Spot) -> None:
    if not isinstance(value, Items) or not all(
        isinstance(item, Table | Unknown) for item in value.values
    ):
        spot.say("config should be an array of hashes")
        return
    if matrix_size(value) > MOST_JOBS:
        spot.say(f"config generates too many jobs (maximum is {MOST_JOBS})")
        return
    for index, item in enumerate(value.values):
        if isinstance(item, Table):
            _check_matrix_entry(item, spot.below("variables", index))


def _check_matrix_entry(item: Table, spot: Spot) -> None:
    """Numbers with a point, true and false are no values of a matrix."""
    for name, value in item.entries.items():
        values = value.values if isinstance(value, Items) else (value,)
        blank = isinstance(value, Plain) and not value.text.strip()
        if blank or not values or not all(is_text(one) or is_integer(one) for one in values):
            spot.say(_PAIRS, name)
            return


def check_inherit(value: Value, spot: Spot, known: frozenset[str]) -> None:
    """`inherit`; `known` are the keywords that `default` may give."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, ("default", "variables"), spot)
    check_below(
        value,
        {
            "default": lambda below, place: _check_defaults(below, place, known),
            "variables": _check_inherited,
        },
        spot,
    )


def _check_inherited(value: Value, spot: Spot) -> None:
    if isinstance(value, Items):
        if not is_text_list(value):
            spot.say("config should be an array of strings")
    elif not is_boolean(value):
        spot.misfit(_EITHER)


def _check_defaults(value: Value, spot: Spot, known: frozenset[str]) -> None:
    _check_inherited(value, spot)
    named = value.values if isinstance(value, Items) else ()
    strange = [item.text for item in named if isinstance(item, Plain) and item.text not in known]
    if strange:
        spot.say(f"config contains unknown values: {', '.join(strange)}")
