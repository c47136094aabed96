"""The checks of `cache` and `artifacts` (GitLab docs: `cache`, `artifacts`)."""

import re
from urllib.parse import unquote_plus

from uvci.pipeline.validation.spot import (
    Spot,
    check_below,
    check_boolean,
    check_choice,
    check_duration,
    check_keys,
    check_texts,
    check_type,
    is_blank,
    is_boolean,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.validation.structured import flat_items
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains
from uvci.text.patterns import lazy_re

_STORE_WHEN = ("on_success", "on_failure", "always")
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
_ACCESS = ("none", "developer", "maintainer", "all")
_EXPOSED = lazy_re(r"\w[-\w ]*", re.ASCII)
_LONGEST_EXPOSED = 100
_NEVER = frozenset({"never"})
_REPORTS = (  # noqa: SIM905  a word list reads better
    "accessibility annotations api_fuzzing browser_performance cluster_image_scanning codequality"
    " container_scanning coverage_fuzzing coverage_report cyclonedx dast dependency_scanning dotenv"
    " junit license_scanning load_performance lsif metrics performance repository_xray requirements"
    " requirements_v2 sarif sast secret_detection terraform"
).split()
_COVERAGE_FORMATS = ("cobertura", "jacoco")


def check_caches(value: Value, spot: Spot) -> None:
    """`cache`: one, or a list of up to four."""
    if isinstance(value, Table):
        _check_cache(value, spot)
        return
    several = Spot((*spot.location[:-1], "caches"), spot.keys, spot.faults)
    if not isinstance(value, Items):
        several.say("config can only be a hash or an array")
        return
    items = flat_items(value)
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
    exposed = value.entries.get("expose_as")
    is_exposed = exposed is not None and not is_unset(exposed)
    if is_exposed and is_blank(value.entries.get("paths")):
        spot.say("paths can't be blank", "expose_as")
    if {"access", "public"} <= value.entries.keys():
        both = [key for key in value.entries if key in ("access", "public")]
        spot.say(f"config these keys cannot be used together: {', '.join(both)}", both[1])
    check_type(value, "name", is_text, "a string", spot)
    check_type(value, "public", is_boolean, "a boolean value", spot)
    check_type(value, "untracked", is_boolean, "a boolean value", spot)
    check_type(value, "paths", is_text_list, "an array of strings", spot)
    if is_exposed:
        _check_exposed(value, exposed, spot)
    check_type(value, "exclude", is_text_list, "an array of strings", spot)
    check_type(value, "reports", lambda reports: isinstance(reports, Table), "a hash", spot)
    check_choice(value, "when", _STORE_WHEN, spot)
    check_duration(value, "expire_in", spot, _NEVER)
    check_choice(value, "access", _ACCESS, spot)
    check_below(value, {"reports": _check_reports}, spot)


def _check_exposed(value: Table, exposed: Value | None, spot: Spot) -> None:
    """What GitLab shows in a merge request has a plain name and no pattern in its paths."""
    if any("*" in path.text for path in plains(value.entries.get("paths"))):
        spot.say("paths can't contain '*' when used with 'expose_as'", "paths")
    text = exposed.text if isinstance(exposed, Plain) else ""
    if exposed is not None and not is_text(exposed):
        spot.say("expose as should be a string", "expose_as")
    if len(text) > _LONGEST_EXPOSED:
        spot.say(f"expose as is too long (maximum is {_LONGEST_EXPOSED} characters)", "expose_as")
    if isinstance(exposed, Plain) and not _EXPOSED.fullmatch(text):
        said = "expose as can contain only letters, digits, '-', '_' and spaces"
        spot.say(said, "expose_as")


def _check_reports(value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        return
    check_keys(value, _REPORTS, spot)
    for name in value.entries:
        if name in _REPORTS and name != "coverage_report":
            check_type(value, name, _is_path, "an array of strings or a string", spot)
    check_below(value, {"coverage_report": _check_coverage_report}, spot)


def _is_path(value: Value) -> bool:
    return is_text(value) or is_text_list(value)


def _check_coverage_report(value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, ("coverage_format", "path"), spot)
    shape, path = value.entries.get("coverage_format"), value.entries.get("path")
    if is_blank(shape):
        spot.say("coverage format can't be blank", "coverage_format")
    if not isinstance(shape, Unknown) and not (
        isinstance(shape, Plain) and shape.text in _COVERAGE_FORMATS
    ):
        formats = ", ".join(_COVERAGE_FORMATS)
        spot.say(f"coverage format must be one of supported formats: {formats}.", "coverage_format")
    if is_blank(path):
        spot.say("path can't be blank", "path")
    if path is None or not is_text(path):
        spot.say("path should be a string", "path")
