"""The checks of `rules`, `workflow`, `only` and `except` (GitLab docs: those keywords)."""

import re

from uvci.pipeline.durations import read_duration
from uvci.pipeline.expressions import is_valid
from uvci.pipeline.validation.spot import (
    Check,
    Spot,
    check_below,
    check_keys,
    check_type,
    check_worded,
    is_boolean,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.validation.structured import check_needs, check_variables, flat_items
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.text.patterns import lazy_re

JOB_WHEN = ("on_success", "on_failure", "always", "manual", "delayed")
_RULE_WHEN = frozenset({*JOB_WHEN, "never"})
_WORKFLOW_WHEN = frozenset({"always", "never"})
_SHARED_KEYS = (
    "if",
    "changes",
    "exists",
    "when",
    "start_in",
    "allow_failure",
    "variables",
    "needs",
)
_RULE_KEYS = (*_SHARED_KEYS, "interruptible")
_WORKFLOW_KEYS = (*_SHARED_KEYS, "auto_cancel")
_INCLUDE_KEYS = ("if", "exists", "when", "changes")
_MOST_PATHS = 50
_TOO_MANY = f"has too many entries (maximum {_MOST_PATHS})"
_WEEK = 7 * 86_400
_LONGEST_NAME = 255
_PATTERN = lazy_re(r"/.*/[ismU]*", re.DOTALL)
_BEYOND_RE2 = lazy_re(r"\(\?<?[=!]")
_AUTO_CANCEL = {
    "on_new_commit": ("conservative", "interruptible", "none"),
    "on_job_failure": ("none", "all"),
}


def check_rules(value: Value, spot: Spot) -> None:
    """`rules` of a job."""
    _check_rules(value, spot, _RULE_WHEN, _RULE_KEYS)


def include_rules_fault(value: Value | None) -> str | None:
    """What GitLab says against the `rules` of an include: the first fault."""
    if value is None or is_unset(value):
        return None
    spot = Spot(("include", "rules"))
    _check_rules(value, spot, _WORKFLOW_WHEN, _INCLUDE_KEYS)
    return spot.faults[0].message if spot.faults else None


def _check_rules(
    value: Value, spot: Spot, allowed_when: frozenset[str], keys: tuple[str, ...]
) -> None:
    if isinstance(value, Unknown):
        return
    if not isinstance(value, Items):
        spot.say("config should be an array")
        return
    if not value.values:
        spot.say("config can't be blank")
    for path, rule in flat_items(value):
        place = spot.below("rule", *path)
        if isinstance(rule, Table):
            _check_rule(rule, place, allowed_when, keys)
        elif not isinstance(rule, Unknown):
            place.say("config should be a hash")


def is_rule_list(value: Value) -> bool:
    """Whether it is a list of mappings and of such lists."""
    if isinstance(value, Unknown):
        return True
    return isinstance(value, Items) and all(
        isinstance(item, Table | Unknown) or is_rule_list(item) for item in value.values
    )


def _check_rule(
    rule: Table, spot: Spot, allowed_when: frozenset[str], keys: tuple[str, ...]
) -> None:
    if not rule.entries:
        spot.say("config can't be blank")
    check_start(rule, spot)
    condition = rule.entries.get("if")
    if isinstance(condition, Items | Table) or (
        isinstance(condition, Plain) and not is_unset(condition) and not _is_expression(condition)
    ):
        spot.say("if invalid expression syntax", "if")
    check_type(rule, "allow_failure", is_boolean, "a boolean value", spot)
    check_type(rule, "interruptible", is_boolean, "a boolean value", spot)
    when = rule.entries.get("when")
    if isinstance(when, Plain) and when.value is not None and when.text not in allowed_when:
        spot.say(f"when unknown value: {when.text}", "when")
    check_keys(rule, keys, spot)
    check_below(rule, _BELOW_RULE, spot)


def _is_expression(value: Plain) -> bool:
    return isinstance(value.value, str) and is_valid(value.value)


def check_start(rule: Table, spot: Spot) -> None:
    """`start_in` of a rule belongs to `when: delayed`, and to nothing else."""
    when, start = rule.entries.get("when"), rule.entries.get("start_in")
    if isinstance(when, Unknown) or isinstance(start, Unknown):
        return
    delayed = isinstance(when, Plain) and when.value == "delayed"
    if not delayed and start is not None:
        spot.say("config contains disallowed keys: start_in", "start_in")
    if not delayed:
        return
    if is_unset(start):
        spot.say("start in can't be blank", "when")
    check_delay(start, spot)


def check_delay(start: Value | None, spot: Spot) -> None:
    """A `start_in`: a duration, no longer than a week."""
    text = start.text if isinstance(start, Plain) and is_text(start) else ""
    seconds = read_duration(text)
    if not seconds:
        spot.say("start in should be a duration", "when")
    if not seconds or seconds > _WEEK:
        spot.say("start in should not exceed the limit", "when")


def _check_changes(value: Value, spot: Spot) -> None:
    if isinstance(value, Items):
        _check_paths(value, "config", spot)
    elif not isinstance(value, Table):
        spot.misfit("should be an array or a hash")
    else:
        check_keys(value, ("paths", "compare_to", "regexp"), spot)
        if not value.entries.keys() & {"paths", "regexp"}:
            spot.say("config missing required keys: paths")
        if "regexp" not in value.entries:
            _check_paths(value.entries.get("paths"), "paths", spot)
        check_type(value, "compare_to", is_text, "a string", spot)


def _check_exists(value: Value, spot: Spot) -> None:
    if isinstance(value, Items):
        _check_paths(value, "config", spot)
    elif isinstance(value, Table):
        check_keys(value, ("paths", "project", "ref", "regexp"), spot)
        if not value.entries.keys() & {"paths", "regexp"}:
            spot.say("config missing required keys: paths")
        if "ref" in value.entries and "project" not in value.entries:
            spot.say("config missing required keys: project")
        paths = value.entries.get("paths")
        if paths is not None and not is_unset(paths):
            _check_paths(paths, "paths", spot)
        check_type(value, "project", is_text, "a string", spot)
        check_type(value, "ref", is_text, "a string", spot)
    elif not is_text(value):
        spot.misfit("should be a string, an array of strings, or a hash")


def _check_paths(value: Value | None, name: str, spot: Spot) -> None:
    if value is None or not is_text_list(value):
        spot.say(f"{name} should be an array of strings")
    if isinstance(value, Items) and len(value.values) > _MOST_PATHS:
        spot.say(f"{name} {_TOO_MANY}")


def _check_auto_cancel(value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, _AUTO_CANCEL, spot)
    for name, choices in _AUTO_CANCEL.items():
        check_worded(value, name, choices, f"must be one of: {', '.join(choices)}", spot)


_BELOW_RULE: dict[str, Check] = {
    "changes": _check_changes,
    "exists": _check_exists,
    "variables": lambda value, spot: check_variables(value, spot, ()),
    "needs": lambda value, spot: check_needs(value, spot, ("job",)),
    "auto_cancel": _check_auto_cancel,
}


def check_workflow(value: Value, spot: Spot) -> None:
    """`workflow`."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, ("rules", "name", "auto_cancel"), spot)
    name = value.entries.get("name")
    if isinstance(name, Plain) and isinstance(name.value, str) and len(name.value) > _LONGEST_NAME:
        spot.say(f"name is too long (maximum is {_LONGEST_NAME} characters)", "name")
    check_below(value, {"rules": _check_workflow_rules, "auto_cancel": _check_auto_cancel}, spot)


def _check_workflow_rules(value: Value, spot: Spot) -> None:
    _check_rules(value, spot, _WORKFLOW_WHEN, _WORKFLOW_KEYS)


def check_policy(value: Value, spot: Spot) -> None:
    """`only` and `except`."""
    if isinstance(value, Items):
        _check_refs(value, "config", spot)
    elif not isinstance(value, Table):
        spot.misfit("has to be either an array of conditions or a hash")
    else:
        _check_full_policy(value, spot)


def _check_full_policy(value: Table, spot: Spot) -> None:
    if not value.entries:
        spot.say("config can't be blank")
    check_keys(value, ("refs", "kubernetes", "variables", "changes"), spot)
    variables = value.entries.get("variables")
    for one in variables.values if isinstance(variables, Items) else ():
        if isinstance(one, Plain) and not _is_expression(one):
            spot.say("variables invalid expression syntax", "variables")
    refs = value.entries.get("refs")
    if refs is not None and not is_unset(refs):
        _check_refs(refs, "refs", spot)
    active = value.entries.get("kubernetes")
    if isinstance(active, Plain) and active.value is not None and active.text != "active":
        spot.say(f"kubernetes unknown value: {active.text}", "kubernetes")
    for name in ("variables", "changes"):
        check_type(value, name, is_text_list, "an array of strings", spot)


def _check_refs(value: Value, name: str, spot: Spot) -> None:
    if isinstance(value, Unknown):
        return
    if not isinstance(value, Items) or not all(map(_is_ref, value.values)):
        spot.say(f"{name} should be an array of strings or regular expressions using re2 syntax")


def _is_ref(value: Value) -> bool:
    if isinstance(value, Unknown):
        return True
    if not isinstance(value, Plain) or not isinstance(value.value, str):
        return False
    return _PATTERN.fullmatch(value.value) is None or not _BEYOND_RE2.search(value.value)
