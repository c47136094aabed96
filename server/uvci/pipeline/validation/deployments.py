"""The checks of `environment`, `release` and `trigger` (GitLab docs: those keywords)."""

from uvci.pipeline.validation.spot import (
    Spot,
    check_below,
    check_duration,
    check_keys,
    check_needed_text,
    check_type,
    check_worded,
    is_blank,
    is_boolean,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.text.patterns import lazy_re

_ENVIRONMENT_KEYS = (
    "name",
    "url",
    "action",
    "on_stop",
    "auto_stop_in",
    "kubernetes",
    "deployment_tier",
)
_ACTIONS = ("start", "stop", "prepare", "verify", "access")
_TIERS = ("production", "staging", "testing", "development", "other")
_NAME = lazy_re(r"[a-zA-Z0-9_${}. -](?:[a-zA-Z0-9_/${}. -]*[a-zA-Z0-9_${}. -])?")
_NAME_FAULT = (
    "name can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces,"
    " but it cannot start or end with '/'"
)
_KUBERNETES_KEYS = (
    "namespace",
    "agent",
    "flux_resource_path",
    "managed_resources",
    "dashboard",
)
_RELEASE_KEYS = (
    "tag_name",
    "tag_message",
    "name",
    "description",
    "ref",
    "released_at",
    "milestones",
    "assets",
)
_INCLUDE_KEYS = (
    *("local", "file", "remote", "template", "component", "artifact", "inputs", "job"),
    *("project", "ref", "rules", "integrity", "cache"),
)
_MOST_CHILDREN = 3
_LONGEST_URL = 255
_NEVER = frozenset({"never"})


def check_environment(value: Value, spot: Spot) -> None:
    """`environment`."""
    if not isinstance(value, Table):
        if not is_text(value):
            spot.say("config should be a hash or a string")
        _check_environment_name(value if is_text(value) else None, spot)
        return
    _check_environment_name(value.entries.get("name"), spot)
    check_keys(value, _ENVIRONMENT_KEYS, spot)
    check_type(value, "url", is_text, "a string", spot)
    url = value.entries.get("url")
    if isinstance(url, Plain) and len(url.text) > _LONGEST_URL:
        spot.say(f"url is too long (maximum is {_LONGEST_URL} characters)", "url")
    actions = "should be start, stop, prepare, verify, or access"
    check_worded(value, "action", _ACTIONS, actions, spot)
    check_worded(value, "deployment_tier", _TIERS, f"must be one of {', '.join(_TIERS)}", spot)
    check_type(value, "on_stop", is_text, "a string", spot)
    check_type(value, "kubernetes", lambda table: isinstance(table, Table), "a hash", spot)
    check_duration(value, "auto_stop_in", spot, _NEVER)
    check_below(value, {"kubernetes": _check_kubernetes}, spot)


def _check_environment_name(name: Value | None, spot: Spot) -> None:
    if isinstance(name, Unknown):
        return
    if is_blank(name):
        spot.say("name can't be blank", "name")
    if name is None or not is_text(name):
        spot.say(_NAME_FAULT, "name")
    if _NAME.fullmatch(name.text if isinstance(name, Plain) else "") is None:
        spot.say(_NAME_FAULT, "name")


def _check_kubernetes(value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        return
    if not value.entries:
        spot.say("config can't be blank")
    check_keys(value, _KUBERNETES_KEYS, spot)
    for name in ("namespace", "agent", "flux_resource_path"):
        check_type(value, name, is_text, "a string", spot)


def check_release(value: Value, spot: Spot) -> None:
    """`release`."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, _RELEASE_KEYS, spot)
    check_needed_text(value, "tag_name", spot)
    message = value.entries.get("tag_message")
    if not is_blank(message) and message is not None and not is_text(message):
        spot.say("tag message should be a string", "tag_message")
    check_needed_text(value, "description", spot)
    milestones = value.entries.get("milestones")
    listed = milestones is None or is_blank(milestones) or is_text(milestones)
    if not listed and milestones is not None and not is_text_list(milestones):
        spot.say("milestones should be an array of strings or a string", "milestones")
    check_below(value, {"assets": _check_assets}, spot)


def _check_assets(value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, ("links",), spot)
    links = value.entries.get("links")
    if not isinstance(links, Unknown) and not (
        isinstance(links, Items) and all(isinstance(one, Table | Unknown) for one in links.values)
    ):
        spot.say("links should be an array of hashes", "links")
    if is_blank(links):
        spot.say("links can't be blank", "links")
    check_below(value, {"links": _check_links}, spot)


def _check_links(value: Value, spot: Spot) -> None:
    for index, link in enumerate(value.values if isinstance(value, Items) else ()):
        if isinstance(link, Table):
            place = spot.below("link", index)
            check_keys(link, ("name", "url", "filepath", "link_type"), place)
            check_needed_text(link, "name", place)
            if is_blank(link.entries.get("url")):
                place.say("url can't be blank", "url")


def check_trigger(value: Value, spot: Spot) -> None:
    """`trigger`."""
    if isinstance(value, Table):
        _check_full_trigger(value, spot)
    elif not is_text(value):
        spot.misfit("has to be either a string or a hash")
    elif is_blank(value):
        spot.say("config can't be blank")


def _check_full_trigger(value: Table, spot: Spot) -> None:
    if not value.entries:
        spot.say("config can't be blank")
    if "include" in value.entries:
        check_keys(value, ("strategy", "include", "inputs", "forward"), spot)
    else:
        check_keys(value, ("project", "branch", "strategy", "inputs", "forward"), spot)
        check_needed_text(value, "project", spot)
        check_type(value, "branch", is_text, "a string", spot)
    check_worded(value, "strategy", ("depend", "mirror"), "should be depend or mirror", spot)
    check_below(value, {"include": _check_child_files, "forward": _check_forward}, spot)


def _check_child_files(value: Value, spot: Spot) -> None:
    if not isinstance(value, Items) and not is_text(value):
        spot.say("config should be an array or a string")
    elif isinstance(value, Items) and len(value.values) > _MOST_CHILDREN:
        spot.say(f"config is too long (maximum is {_MOST_CHILDREN})")
    elif isinstance(value, Items):
        for index, item in enumerate(value.values):
            _check_child_file(item, spot.below("include", index))


def _check_child_file(value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        if not is_text(value):
            spot.say("config should be a hash or a string")
        return
    if not is_blank(value.entries.get("project")) and is_blank(value.entries.get("file")):
        spot.say("config must specify the file where to fetch the config from", "project")
    check_keys(value, _INCLUDE_KEYS, spot)
    if not is_blank(value.entries.get("artifact")) and is_blank(value.entries.get("job")):
        spot.say("config must specify the job where to fetch the artifact from", "artifact")


def _check_forward(value: Value, spot: Spot) -> None:
    if isinstance(value, Table):
        check_keys(value, ("yaml_variables", "pipeline_variables"), spot)
        for name in ("yaml_variables", "pipeline_variables"):
            check_type(value, name, is_boolean, "a boolean value", spot)
    elif not is_unset(value):
        spot.say("config should be a hash")
