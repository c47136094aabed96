"""The checks of single keywords of a job (GitLab docs: CI/CD YAML syntax reference)."""

import re

from uvci.pipeline.durations import read_duration
from uvci.pipeline.validation.spot import (
    Spot,
    check_below,
    check_boolean,
    check_duration,
    check_keys,
    check_texts,
    check_type,
    is_boolean,
    is_integer,
    is_integer_or_list,
    is_nested_texts,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.text.patterns import lazy_re

_NESTED = "should be a string or a nested array of strings up to 10 levels deep"
_INPUT_KEYS = ("default", "description", "options", "regex", "type")
_LONGEST_TIMEOUT = 2_629_746
"""Seconds of the month that GitLab counts with; a job may not take longer."""

_PATTERN = lazy_re(r"/.*/[ismU]*", re.DOTALL)
_WHOLE = lazy_re(r"[+-]?[0-9]+")
_BEYOND_RE2 = lazy_re(r"(?<!\\)(?:\\\\)*\(\?<?[=!]")
_RETRY_WHEN = frozenset(
    {
        "always",
        "api_failure",
        "archived_failure",
        "data_integrity_failure",
        "job_execution_timeout",
        "no_updates_canceling",
        "no_updates_running",
        "runner_configuration_error",
        "runner_external_dependency_failure",
        "runner_interrupted",
        "runner_system_failure",
        "runner_unsupported",
        "scheduler_failure",
        "script_failure",
        "server_timeout_canceling",
        "server_timeout_running",
        "stale_schedule",
        "stuck_or_timeout_failure",
        "stuck_pending_no_matching_runners",
        "stuck_pending_with_matching_runners",
        "unknown_failure",
        "unmet_prerequisites",
    }
)


def check_script(value: Value, spot: Spot) -> None:
    """`script`, `before_script`, `after_script`."""
    if not is_text(value) and not is_nested_texts(value):
        spot.say(f"config {_NESTED}")


def check_stage(value: Value, spot: Spot) -> None:
    """`stage`."""
    if not is_text(value):
        spot.say("config should be a string")


def check_tags(value: Value, spot: Spot) -> None:
    """`tags`."""
    check_texts(value, spot)
    if isinstance(value, Items) and len(value.values) >= 50:
        spot.say("config must be less than the limit of 50 tags")


def check_timeout(value: Value, spot: Spot) -> None:
    """`timeout`."""
    text = value.text if isinstance(value, Plain) and is_text(value) else ""
    seconds = read_duration(text)
    if not isinstance(value, Unknown) and not seconds:
        spot.say("config should be a duration")
    if not isinstance(value, Unknown) and (not seconds or seconds > _LONGEST_TIMEOUT):
        spot.say("config should not exceed the limit")


def check_retry(value: Value, spot: Spot) -> None:
    """`retry`; its messages say no place."""
    if isinstance(value, Table):
        _check_full_retry(value, spot)
    elif not is_integer(value):
        spot.plainly("retry config has to be either an integer or a hash")
    elif isinstance(value, Plain) and isinstance(value.value, int):
        _check_retry_count(value.value, "config", spot)


def _check_retry_count(count: int, name: str, spot: Spot) -> None:
    if count < 0:
        spot.plainly(f"retry {name} must be greater than or equal to 0")
    elif count > 2:
        spot.plainly(f"retry {name} must be less than or equal to 2")


def _check_retry_max(value: Value, spot: Spot) -> None:
    """A number, which may be written as a text."""
    held = value.value if isinstance(value, Plain) else None
    if isinstance(held, float):
        spot.plainly("retry max must be an integer", "max")
    elif isinstance(held, int) and not isinstance(held, bool):
        _check_retry_count(held, "max", spot)
    elif isinstance(held, str) and _WHOLE.fullmatch(held):
        _check_retry_count(int(held), "max", spot)
    else:
        spot.plainly("retry max is not a number", "max")


def _check_full_retry(value: Table, spot: Spot) -> None:
    unknown = [key for key in value.entries if key not in ("max", "when", "exit_codes")]
    if unknown:
        shown = ", ".join(unknown)
        spot.plainly(f"retry config contains unknown keys: {shown}", unknown[0])
    most = value.entries.get("max")
    if most is not None and not is_unset(most) and not isinstance(most, Unknown):
        _check_retry_max(most, spot)
    when = value.entries.get("when")
    if when is not None and not (is_unset(when) or is_text(when) or is_text_list(when)):
        spot.plainly("retry when should be an array of strings or a string", "when")
    elif isinstance(when, Plain) and when.value is not None and when.text not in _RETRY_WHEN:
        spot.plainly("retry when is not included in the list", "when")
    elif isinstance(when, Items):
        named = [item.text for item in when.values if isinstance(item, Plain)]
        strange = [name for name in named if name not in _RETRY_WHEN]
        if strange:
            shown = ", ".join(strange)
            spot.plainly(f"retry when contains unknown values: {shown}", "when")
    codes = value.entries.get("exit_codes")
    listed = codes.values if isinstance(codes, Items) else (codes,)
    if not all(code is None or is_unset(code) or is_integer(code) for code in listed):
        spot.plainly("retry exit codes should be an array of integers or an integer", "exit_codes")


def check_coverage(value: Value, spot: Spot) -> None:
    """`coverage`."""
    text = value.text if isinstance(value, Plain) and is_text(value) else ""
    if _PATTERN.fullmatch(text) is None or _BEYOND_RE2.search(text):
        spot.say("config must be a regular expression with re2 syntax")


def check_id_tokens(value: Value, spot: Spot) -> None:
    """`id_tokens`."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    for name, token in value.entries.items():
        if isinstance(token, Table) or is_unset(token):
            _check_id_token(token, spot.below(name))


def _check_id_token(value: Value, spot: Spot) -> None:
    token = value if isinstance(value, Table) else Table({}, value.origin)
    check_keys(token, ("aud",), spot)
    audience = token.entries.get("aud")
    if audience is None:
        spot.say("config missing required keys: aud")
    if audience is None or not (is_text(audience) or is_text_list(audience)):
        spot.say("aud should be an array of strings or a string", "aud")


def check_hooks(value: Value, spot: Spot) -> None:
    """`hooks`."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
    else:
        check_keys(value, ("pre_get_sources_script",), spot)
        check_below(value, {"pre_get_sources_script": check_script}, spot)


def check_interruptible(value: Value, spot: Spot) -> None:
    """`interruptible`."""
    check_boolean(value, spot)


def check_allow_failure(value: Value, spot: Spot) -> None:
    """`allow_failure` with exit codes."""
    if not isinstance(value, Table):
        return
    check_keys(value, ("exit_codes",), spot)
    fits = "an array of integers or an integer"
    check_type(value, "exit_codes", is_integer_or_list, fits, spot)


def check_publish(value: Value, spot: Spot) -> None:
    """`publish`."""
    if not is_text(value):
        spot.say("config should be a string")


def check_pages(value: Value, spot: Spot) -> None:
    """`pages`."""
    if not isinstance(value, Table):
        if not is_boolean(value):
            spot.say("config should be a hash or a boolean value")
        return
    check_keys(value, ("path_prefix", "expire_in", "publish"), spot)
    check_type(value, "path_prefix", is_text, "a string", spot)
    check_duration(value, "expire_in", spot, frozenset({"never"}))
    check_type(value, "publish", is_text, "a string", spot)


def check_job_inputs(value: Value, spot: Spot) -> None:
    """`inputs` of a job."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    for name, given in value.entries.items():
        place = spot.below(name)
        if isinstance(given, Table):
            check_keys(given, _INPUT_KEYS, place)
            if is_unset(given.entries.get("default")):
                place.say("must have a default value")
        elif not isinstance(given, Unknown):
            place.say("must have a default value" if is_unset(given) else "config should be a hash")
