"""The checks of single keywords of a job (GitLab docs: CI/CD YAML syntax reference)."""

from urllib.parse import unquote_plus

from uvci.pipeline.durations import read_duration
from uvci.pipeline.validation.spot import (
    Spot,
    check_below,
    check_boolean,
    check_choice,
    check_keys,
    check_texts,
    is_blank,
    is_integer,
    is_nested_texts,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value

_NESTED = "should be a string or a nested array of strings up to 10 levels deep"
_STORE_WHEN = ("on_success", "on_failure", "always")
_IMAGE_KEYS = ("name", "entrypoint", "ports", "docker", "kubernetes", "pull_policy")
_SERVICE_KEYS = (*_IMAGE_KEYS, "alias", "command", "variables")
_PULL_POLICIES = frozenset({"always", "if-not-present", "never"})
_CACHE_KEYS = (
    "key",
    "untracked",
    "paths",
    "when",
    "policy",
    "unprotect",
    "fallback_keys",
)
_ARTIFACT_KEYS = (
    "name",
    "untracked",
    "paths",
    "reports",
    "when",
    "expire_in",
    "expose_as",
    "exclude",
    "public",
    "access",
)
_REPORTS = (  # noqa: SIM905  a word list reads better
    "accessibility annotations api_fuzzing browser_performance cluster_image_scanning codequality"
    " container_scanning coverage_fuzzing coverage_report cyclonedx dast dependency_scanning dotenv"
    " junit license_scanning load_performance lsif metrics performance repository_xray requirements"
    " requirements_v2 sarif sast secret_detection terraform"
).split()
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


def check_image(value: Value, spot: Spot) -> None:
    """`image`."""
    _check_image(value, _IMAGE_KEYS, spot)


def _check_image(value: Value, allowed: tuple[str, ...], spot: Spot) -> None:
    if isinstance(value, Unknown):
        return
    if not isinstance(value, Table):
        if not is_text(value):
            spot.say("config should be a hash or a string")
        elif is_blank(value):
            spot.say("name can't be blank")
        return
    check_keys(value, allowed, spot)
    name = value.entries.get("name")
    if is_blank(name):
        spot.say("name can't be blank")
    elif name is not None and not is_text(name):
        spot.say("name should be a string", "name")
    entrypoint = value.entries.get("entrypoint")
    if entrypoint is not None and not is_unset(entrypoint) and not is_text_list(entrypoint):
        spot.say("entrypoint should be an array of strings", "entrypoint")
    policies = value.entries.get("pull_policy")
    if policies is not None and not is_unset(policies) and spot.is_clean:
        _check_pull_policy(policies, spot.below("pull_policy"))


def _check_pull_policy(value: Value, spot: Spot) -> None:
    values = value.values if isinstance(value, Items) else (value,)
    known = [item for item in values if isinstance(item, Plain)]
    if not values or any(item.text not in _PULL_POLICIES for item in known):
        spot.say("config is not included in the list")


def check_services(value: Value, spot: Spot) -> None:
    """`services`."""
    if not isinstance(value, Items):
        spot.say("config should be an array")
        return
    for keys, item in _indexed(value):
        _check_image(item, _SERVICE_KEYS, spot.below("service", *keys))


def _indexed(value: Items, before: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], Value]]:
    """The items of a list and of the lists in it, each with the way to it."""
    found: list[tuple[tuple[int, ...], Value]] = []
    for index, item in enumerate(value.values):
        if isinstance(item, Items):
            found += _indexed(item, (*before, index))
        else:
            found.append(((*before, index), item))
    return found


def check_caches(value: Value, spot: Spot) -> None:
    """`cache`: one, or a list of up to four."""
    if isinstance(value, Table):
        _check_cache(value, spot)
        return
    several = Spot((*spot.location[:-1], "caches"), spot.keys, spot.faults)
    if not isinstance(value, Items):
        several.say("config can only be a hash or an array")
        return
    items = _indexed(value)
    if len(items) > 4:
        several.say("config no more than 4 caches can be created", *items[4][0])
        return
    for keys, item in items:
        _check_cache(item, Spot(spot.location, (*spot.keys, *keys), spot.faults))


def _check_cache(value: Value, spot: Spot) -> None:
    if isinstance(value, Unknown):
        return
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, _CACHE_KEYS, spot)
    _check_policy(value.entries.get("policy"), spot)
    check_choice(value, "when", _STORE_WHEN, spot)
    fallback = value.entries.get("fallback_keys")
    if isinstance(fallback, Items) and len(fallback.values) > 5:
        spot.say("fallback keys has to many entries (maximum 5)", "fallback_keys")
    checks = {
        "key": _check_cache_key,
        "unprotect": check_boolean,
        "untracked": check_boolean,
        "paths": check_texts,
        "fallback_keys": check_texts,
    }
    check_below(value, checks, spot)


def _check_policy(value: Value | None, spot: Spot) -> None:
    """GitLab only looks whether a policy's name is in the text."""
    if value is None or is_blank(value) or isinstance(value, Unknown):
        return
    if not is_text(value):
        spot.say("policy should be a string", "policy")
    text = value.text if isinstance(value, Plain) else "push"
    if "pull" not in text and "push" not in text and "$" not in text:
        spot.say("policy should be a variable or one of: pull-push, push, pull", "policy")


def _check_cache_key(value: Value, spot: Spot) -> None:
    if isinstance(value, Table):
        _check_file_key(value, spot)
    elif is_text(value):
        _check_key_text(value, spot)
    else:
        spot.say("should be a hash, a string or a symbol")


def _check_key_text(value: Value, spot: Spot) -> None:
    text = unquote_plus(value.text) if isinstance(value, Plain) else ""
    if "/" in text:
        spot.say('config cannot contain the "/" character')
    elif text in (".", ".."):
        spot.say('config cannot be "." or ".."')


def _check_file_key(value: Table, spot: Spot) -> None:
    check_keys(value, ("files", "files_commits", "prefix"), spot)
    if len(value.entries.keys() & {"files", "files_commits"}) != 1:
        spot.say("config must use exactly one of these keys: files, files_commits")
    checks = {
        "files": _check_key_files,
        "files_commits": _check_key_files,
        "prefix": _check_key_prefix,
    }
    check_below(value, checks, spot)


def _check_key_files(value: Value, spot: Spot) -> None:
    """GitLab counts the characters of a text that stands for a list."""
    check_texts(value, spot)
    length = -1
    if isinstance(value, Items):
        length = len(value.values)
    elif isinstance(value, Plain) and isinstance(value.value, str):
        length = len(value.value)
    if length == 0:
        spot.say("config requires at least 1 item")
    if length > 2:
        spot.say("config has too many items (maximum is 2)")


def _check_key_prefix(value: Value, spot: Spot) -> None:
    if is_text(value):
        _check_key_text(value, spot)
    else:
        spot.say("config should be a string or symbol")


def check_artifacts(value: Value, spot: Spot) -> None:
    """`artifacts`."""
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, _ARTIFACT_KEYS, spot)
    for name in ("paths", "exclude"):
        entry = value.entries.get(name)
        if entry is not None and not is_unset(entry) and not is_text_list(entry):
            spot.say(f"{name} should be an array of strings", name)
    check_choice(value, "when", _STORE_WHEN, spot)
    expire = value.entries.get("expire_in")
    if isinstance(expire, Plain) and expire.value is not None and not _expires(expire):
        spot.say("expire in should be a duration", "expire_in")
    reports = value.entries.get("reports")
    if isinstance(reports, Table) and spot.is_clean:
        check_keys(reports, _REPORTS, spot.below("reports"))


def _expires(value: Plain) -> bool:
    text = value.text
    return is_text(value) and ("$" in text or text == "never" or read_duration(text) is not None)


def check_tags(value: Value, spot: Spot) -> None:
    """`tags`."""
    check_texts(value, spot)
    if isinstance(value, Items) and len(value.values) >= 50:
        spot.say("config must be less than the limit of 50 tags")


def check_timeout(value: Value, spot: Spot) -> None:
    """`timeout`."""
    if not is_text(value) or (isinstance(value, Plain) and read_duration(value.text) is None):
        spot.say("config should be a duration")


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


def _check_full_retry(value: Table, spot: Spot) -> None:
    unknown = [key for key in value.entries if key not in ("max", "when", "exit_codes")]
    if unknown:
        shown = ", ".join(unknown)
        spot.plainly(f"retry config contains unknown keys: {shown}", unknown[0])
    most = value.entries.get("max")
    if isinstance(most, Plain) and isinstance(most.value, int):
        _check_retry_count(most.value, "max", spot)
    when = value.entries.get("when")
    if isinstance(when, Plain) and when.value is not None and when.text not in _RETRY_WHEN:
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
    if len(text) < 2 or not (text.startswith("/") and text.endswith("/")):
        spot.say("config must be a regular expression with re2 syntax")


def check_id_tokens(value: Value, spot: Spot) -> None:
    """`id_tokens`."""
    if not isinstance(value, Table):
        return
    for name, token in value.entries.items():
        if not isinstance(token, Table):
            continue
        place = spot.below(name)
        check_keys(token, ("aud",), place)
        if "aud" not in token.entries:
            place.say("config missing required keys: aud")


def check_hooks(value: Value, spot: Spot) -> None:
    """`hooks`."""
    if isinstance(value, Table):
        check_keys(value, ("pre_get_sources_script",), spot)
        check_below(value, {"pre_get_sources_script": check_script}, spot)


def check_release(value: Value, spot: Spot) -> None:
    """`release`."""
    if not isinstance(value, Table):
        return
    for name in ("tag_name", "description"):
        if is_blank(value.entries.get(name)):
            spot.say(f"{name.replace('_', ' ')} can't be blank")


def check_trigger(value: Value, spot: Spot) -> None:
    """`trigger`."""
    if is_blank(value):
        spot.say("config can't be blank")
    elif isinstance(value, Table) and not value.entries.keys() & {"include"}:
        project = value.entries.get("project")
        if is_blank(project):
            spot.say("project can't be blank", "project")


def check_interruptible(value: Value, spot: Spot) -> None:
    """`interruptible`."""
    check_boolean(value, spot)
