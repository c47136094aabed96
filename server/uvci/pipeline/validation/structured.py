"""The checks of keywords that hold rules, variables, needs and matrices."""

from uvci.pipeline.durations import read_duration
from uvci.pipeline.expressions import is_valid
from uvci.pipeline.matrix import MOST_JOBS, matrix_size
from uvci.pipeline.validation.spot import (
    Spot,
    check_keys,
    is_boolean,
    is_integer,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.values import Items, Plain, Table, TypedKey, Unknown, Value

JOB_WHEN = ("on_success", "on_failure", "always", "manual", "delayed")
RULE_WHEN = frozenset({*JOB_WHEN, "never"})
WORKFLOW_WHEN = frozenset({"always", "never"})
RULE_KEYS = frozenset(
    {
        "if",
        "changes",
        "exists",
        "when",
        "start_in",
        "allow_failure",
        "variables",
        "needs",
        "interruptible",
        "auto_cancel",
    }
)
JOB_DATA = ("value", "expand")
ROOT_DATA = ("value", "description", "expand", "options")
_AUTO_CANCEL = {
    "on_new_commit": ("conservative", "interruptible", "none"),
    "on_job_failure": ("none", "all"),
}


def check_variables(value: Value, spot: Spot, data: tuple[str, ...] = JOB_DATA) -> None:
    """`variables`; `data` are the keys that a variable's mapping may have."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    for name, below in value.entries.items():
        place = spot.below(name)
        if isinstance(name, TypedKey) and type(name.value) is not int:
            place.say("key must be an alphanumeric string")
        elif isinstance(below, Items):
            place.plainly("variable definition must be either a string or a hash")
        elif isinstance(below, Table):
            _check_variable_data(below, place, data)


def _check_variable_data(value: Table, spot: Spot, data: tuple[str, ...]) -> None:
    unknown = [key for key in value.entries if key not in data]
    if unknown:
        spot.say(f"config uses invalid data keys: {', '.join(unknown)}", unknown[0])
    held = value.entries.get("value")
    if isinstance(held, Items | Table):
        spot.say("config value must be a scalar", "value")
    expand = value.entries.get("expand")
    if expand is not None and not is_unset(expand) and not is_boolean(expand):
        spot.say("config expand should be a boolean value", "expand")
    options = value.entries.get("options")
    if options is None or is_unset(options):
        return
    if not is_text_list(options):
        spot.say("config options should be an array of strings", "options")
    elif isinstance(options, Items) and isinstance(held, Plain):
        shown = [item.text for item in options.values if isinstance(item, Plain)]
        if held.text not in shown and len(shown) == len(options.values):
            spot.say("config value must be present in options", "value")


def check_rules(value: Value, spot: Spot, allowed_when: frozenset[str] = RULE_WHEN) -> None:
    """`rules`, of jobs and of `workflow`."""
    if isinstance(value, Items) and not value.values:
        spot.say("config can't be blank")
    for keys, rule in _rules(value):
        place = spot.below("rule", *keys)
        if isinstance(rule, Table):
            _check_rule(rule, place, allowed_when)


def is_rule_list(value: Value) -> bool:
    """Whether it is a list of mappings and of such lists."""
    if isinstance(value, Unknown):
        return True
    return isinstance(value, Items) and all(
        isinstance(item, Table | Unknown) or is_rule_list(item) for item in value.values
    )


def _rules(value: Value, before: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Value]]:
    if not isinstance(value, Items):
        return [(before, value)]
    return [
        found for index, item in enumerate(value.values) for found in _rules(item, (*before, index))
    ]


def _check_rule(rule: Table, spot: Spot, allowed_when: frozenset[str]) -> None:
    check_keys(rule, RULE_KEYS, spot)
    condition = rule.entries.get("if")
    text = condition.value if isinstance(condition, Plain) else None
    if isinstance(text, str) and not is_valid(text):
        spot.say("if invalid expression syntax", "if")
    when = rule.entries.get("when")
    if isinstance(when, Plain) and when.value is not None and when.text not in allowed_when:
        spot.say(f"when unknown value: {when.text}", "when")
    _check_start(rule, spot)
    if not spot.is_clean:
        return
    variables = rule.entries.get("variables")
    if isinstance(variables, Table):
        _check_rule_variables(variables, spot.below("variables"))
    auto_cancel = rule.entries.get("auto_cancel")
    if isinstance(auto_cancel, Table):
        check_auto_cancel(auto_cancel, spot.below("auto_cancel"))


def _check_start(rule: Table, spot: Spot) -> None:
    """`start_in` belongs to `when: delayed`, and to nothing else."""
    when, start = rule.entries.get("when"), rule.entries.get("start_in")
    if isinstance(when, Unknown) or isinstance(start, Unknown):
        return
    delayed = isinstance(when, Plain) and when.value == "delayed"
    if not delayed and start is not None and not is_unset(start):
        spot.say("config contains disallowed keys: start_in", "start_in")
    if delayed and is_unset(start):
        spot.say("start in can't be blank", "when")
    if delayed and not (isinstance(start, Plain) and read_duration(start.text) is not None):
        spot.say("start in should be a duration", "when")


def _check_rule_variables(variables: Table, spot: Spot) -> None:
    for name, value in variables.entries.items():
        if isinstance(value, Table) or is_unset(value):
            spot.below(name).say("config must be a string")
        elif isinstance(value, Items):
            spot.below(name).plainly("variable definition must be either a string or a hash")


def check_auto_cancel(value: Table, spot: Spot) -> None:
    """`auto_cancel`."""
    for name, choices in _AUTO_CANCEL.items():
        entry = value.entries.get(name)
        if isinstance(entry, Plain) and entry.value is not None and entry.text not in choices:
            shown = f"{name.replace('_', ' ')} must be one of: {', '.join(choices)}"
            spot.say(shown, name)


def check_workflow(value: Value, spot: Spot) -> None:
    """`workflow`."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, ("name", "rules", "auto_cancel"), spot)
    if not spot.is_clean:
        return
    rules = value.entries.get("rules")
    if rules is not None and not is_unset(rules):
        check_rules(rules, spot.below("rules"), WORKFLOW_WHEN)
    auto_cancel = value.entries.get("auto_cancel")
    if isinstance(auto_cancel, Table):
        check_auto_cancel(auto_cancel, spot.below("auto_cancel"))


def check_needs(value: Value, spot: Spot) -> None:
    """`needs`."""
    if not isinstance(value, Items | Table):
        spot.say("config can only be a hash or an array")
        return
    for keys, need in _rules(value):
        if is_unset(need):
            continue
        known = isinstance(need, Table | Unknown) or is_text(need)
        if not known or (isinstance(need, Table) and not need.entries.keys() & {"job", "pipeline"}):
            spot.below("need", *keys).say("has an unsupported type")


def check_parallel(value: Value, spot: Spot) -> None:
    """`parallel`."""
    if isinstance(value, Table):
        check_keys(value, ("matrix",), spot)
        matrix = value.entries.get("matrix")
        if "matrix" not in value.entries:
            spot.say("config missing required keys: matrix")
        elif matrix is not None and not isinstance(matrix, Unknown) and spot.is_clean:
            _check_matrix(matrix, spot.below("matrix"))
    elif not is_integer(value):
        spot.say("should be an integer or a hash")
    elif isinstance(value, Plain) and isinstance(value.value, int):
        if value.value < 1:
            spot.say("config must be greater than or equal to 1")
        elif value.value > MOST_JOBS:
            spot.say(f"config must be less than or equal to {MOST_JOBS}")


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
        if not values or not all(is_text(one) or is_integer(one) for one in values):
            shown = "config should be a hash of key value pairs, value can be an array"
            spot.say(shown, name)
            return
    if not item.entries:
        spot.say("config should be a hash of key value pairs, value can be an array")


def check_inherit(value: Value, spot: Spot, known: frozenset[str]) -> None:
    """`inherit`; `known` are the keywords that `default` may give."""
    if not isinstance(value, Table):
        return
    defaults = value.entries.get("default")
    if isinstance(defaults, Items):
        named = [item.text for item in defaults.values if isinstance(item, Plain)]
        strange = [name for name in named if name not in known]
        if strange:
            shown = f"config contains unknown values: {', '.join(strange)}"
            spot.below("default").say(shown)
    variables = value.entries.get("variables")
    if not (
        variables is None or is_unset(variables) or is_boolean(variables) or is_text_list(variables)
    ):
        spot.below("variables").say("should be a bool or array of strings")
