"""The checks of `image` and `services` (GitLab docs: `image`, `services`)."""

from uvci.pipeline.validation.spot import (
    Spot,
    check_keys,
    check_needed_text,
    check_type,
    is_blank,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.validation.structured import check_variables, flat_items
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains

_IMAGE_KEYS = ("docker", "kubernetes", "name", "entrypoint", "ports", "pull_policy")
_SERVICE_KEYS = ("command", "alias", "variables", *_IMAGE_KEYS)
_PULL_POLICIES = frozenset({"always", "if-not-present", "never"})


def check_image(value: Value, spot: Spot) -> None:
    """`image`."""
    _check_container(value, spot)
    if isinstance(value, Table):
        check_keys(value, _IMAGE_KEYS, spot)
        _check_below(value, spot)


def check_services(value: Value, spot: Spot) -> None:
    """`services`."""
    if not isinstance(value, Items):
        spot.say("config should be an array")
        return
    for keys, item in flat_items(value):
        _check_service(item, spot.below("service", *keys))


def _check_service(value: Value, spot: Spot) -> None:
    _check_container(value, spot)
    if not isinstance(value, Table):
        return
    check_keys(value, _SERVICE_KEYS, spot)
    check_type(value, "command", is_text_list, "an array of strings", spot)
    check_type(value, "alias", is_text, "a string", spot)
    _check_below(value, spot)
    variables = value.entries.get("variables")
    if variables is not None and not is_unset(variables) and spot.is_clean:
        check_variables(variables, spot.below("variables"), ())


def _check_container(value: Value, spot: Spot) -> None:
    """What an image and a service have in common: a name, or a mapping with one."""
    if isinstance(value, Unknown):
        return
    if isinstance(value, Table):
        if "ports" in value.entries:
            spot.say("config contains disallowed keys: ports", "ports")
        check_needed_text(value, "name", spot)
        check_type(value, "entrypoint", is_text_list, "an array of strings", spot)
    elif is_text(value):
        if is_blank(value):
            spot.say("name can't be blank")
    else:
        spot.say("config should be a hash or a string")
        check_needed_text(Table({}, value.origin), "name", spot)


def _check_below(value: Table, spot: Spot) -> None:
    policies = value.entries.get("pull_policy")
    if policies is not None and not is_unset(policies) and spot.is_clean:
        _check_pull_policy(policies, spot.below("pull_policy"))


def _check_pull_policy(value: Value, spot: Spot) -> None:
    if isinstance(value, Items):
        strange = [one.text for one in plains(value) if one.text not in _PULL_POLICIES]
        if not is_text_list(value):
            spot.say("config should be an array of strings or a string")
        if strange:
            spot.say(f"config contains unknown values: {', '.join(strange)}")
        if not value.values:
            spot.say("config can't be blank")
    elif not is_text(value):
        spot.say("config should be an array of strings or a string")
    elif isinstance(value, Plain) and value.text not in _PULL_POLICIES:
        spot.say("config is not included in the list")
