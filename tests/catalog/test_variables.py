import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.availability import Availability
from uvci.catalog.variable import Empty, Kind, RemovedVariable, UvVariable
from uvci.catalog.variables import (
    all_variables,
    assumed,
    availability,
    convention,
    find_variable,
    nearest,
    preview_features,
    removed,
    uv_variables,
)
from uvci.catalog.versions import UvVersion

from tests.shared import shared


def version(text: str) -> UvVersion:
    parsed = UvVersion.parse(text)
    assert parsed is not None
    return parsed


def known(name: str) -> UvVariable:
    variable = find_variable(name)
    assert variable is not None, name
    return variable


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(shared("facts/uv-environment.json").read_text())
    return facts


@pytest.fixture(scope="module")
def recorded(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in [*facts["variables"], *facts["other_variables"]]}


def by_name() -> dict[str, UvVariable]:
    return {variable.name: variable for variable in all_variables()}


def test_every_variable_of_the_record_is_there(recorded: dict[str, dict[str, Any]]) -> None:
    assert set(by_name()) == set(recorded)
    assert len(uv_variables()) == 159


def figures(variable: UvVariable) -> dict[str, Any]:
    """The figures in the words of the record, absent ones left out."""
    default = variable.default
    kind = {Kind.SECONDS: "duration_seconds", Kind.NONE: None}.get(
        variable.kind, variable.kind.value
    )
    deprecated = variable.deprecated
    every = {
        "name": variable.name,
        "kind": kind,
        "first_release": str(variable.since) if variable.since else None,
        "default": default,
        "flag": variable.flag,
        "setting": variable.setting,
        "minimum": variable.minimum,
        "separator": variable.separator,
        "items": variable.items if variable.kind is Kind.LIST else None,
        "alias_of": variable.alias_of,
        "hidden": variable.hidden or None,
        "internal": variable.internal or None,
        "set_by_uv": variable.set_by_uv or None,
        "secret": variable.secret or None,
        "may_contain_secret": variable.may_hold_secret or None,
        "risky": variable.risky or None,
        "template": variable.is_template or None,
        "deprecated": deprecated
        and {
            "since": str(deprecated.since),
            "replacement": deprecated.replacement,
            "warns": deprecated.warns_since is not None,
        },
    }
    return {key: value for key, value in every.items() if value is not None}


def test_every_figure_equals_the_record(recorded: dict[str, dict[str, Any]]) -> None:
    for name, fact in recorded.items():
        ours = figures(by_name()[name])
        expected = {key: fact[key] for key in ours.keys() | fact.keys() if key in fact}
        if isinstance(fact.get("default"), bool | int):
            expected["default"] = str(fact["default"]).lower()
        expected.get("deprecated", {}).pop("warns_since", None)
        comparable = set(figures(by_name()["UV_FROZEN"])) | set(ours) | OPTIONAL
        assert ours == {key: value for key, value in expected.items() if key in comparable}, name


OPTIONAL = {
    *("default", "flag", "setting", "minimum", "separator", "items", "alias_of", "hidden"),
    *("internal", "set_by_uv", "secret", "may_contain_secret", "risky", "template", "deprecated"),
}

# What real binaries do, where the record says otherwise.
MEASURED_EMPTY = {
    "UV_PYTHON_INSTALL_DIR": Empty.ERROR,  # `uv python install`: a value is required
}


def test_empty_values_do_today_what_the_record_says(recorded: dict[str, dict[str, Any]]) -> None:
    newest = version("0.13.9")
    for name, fact in recorded.items():
        if "empty_value" not in fact:
            continue
        empty = known(name).empty
        expected = MEASURED_EMPTY.get(name, Empty(fact["empty_value"]))
        assert empty is not None, name
        assert empty.at(newest) is expected, name


def test_bad_values_stop_today_what_the_record_says(recorded: dict[str, dict[str, Any]]) -> None:
    newest = version("0.13.9")
    for name, fact in recorded.items():
        checked = known(name).checked
        if checked is not None and "validated_by" in fact:
            found = checked.at(newest)
            assert found is not None, name
            assert found.value == MEASURED_CHECKED.get(name, fact["validated_by"]), name


MEASURED_CHECKED: dict[str, str] = {}


def test_enumerations_take_the_values_of_the_record(recorded: dict[str, dict[str, Any]]) -> None:
    for name, fact in recorded.items():
        if fact.get("kind") == "enum" and "values" in fact:
            ours = {value.text for value in known(name).values}
            assert ours == {*fact["values"], *fact.get("value_aliases", {})}, name


def test_descriptions_are_written_for_people(recorded: dict[str, dict[str, Any]]) -> None:
    descriptions = {variable.name: variable.description for variable in uv_variables()}
    for name, text in descriptions.items():
        assert 40 <= len(text) <= 420, name
        assert text[0].isupper() or text.startswith(("`", "uv")), name
        assert text.endswith("."), name
        assert recorded[name]["note"] not in text, name
        assert text.count("`") % 2 == 0, name
    build_time = {"UV_COMMIT_DATE", "UV_COMMIT_HASH", "UV_COMMIT_SHORT_HASH"}
    told_apart = [text for name, text in descriptions.items() if name not in build_time]
    assert len(set(told_apart)) == len(told_apart)


def test_variables_mentioned_in_descriptions_exist() -> None:
    for variable in all_variables():
        for name in re.findall(r"`(UV_[A-Z0-9_]+)`", variable.description):
            assert find_variable(name) or variable.name == "UV_INDEX_{name}_USERNAME", (
                variable.name,
                name,
            )


def test_removed_variables_equal_the_record(facts: dict[str, Any]) -> None:
    exact = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
    for fact in facts["removed"]:
        gone = removed(fact["name"])
        assert gone is not None, fact["name"]
        for ours, theirs in ((gone.first, "first_release"), (gone.last, "last_release")):
            text = fact.get(theirs) or ""
            assert (str(ours) if ours else "") == (text if exact.fullmatch(text) else "")
        replacement = (fact.get("replacement") or "").split(" ")[0]
        assert (gone.replacement or "") == replacement
        assert gone.internal == fact.get("internal", False)


def test_assumed_names_and_conventions_equal_the_record(facts: dict[str, Any]) -> None:
    for name, hint in facts["often_assumed_but_not_read"].items():
        wrong = assumed(name)
        assert wrong is not None, name
        named = re.search(r"UV_[A-Za-z_{}]+", hint)
        assert wrong.use == (named[0] if named else None), name
        assert len(wrong.says) > 30, name
    for name in facts["non_uv_variables_with_uv_prefix"]:
        assert convention(name)
        assert find_variable(name) is None
    assert list(preview_features()) == facts["preview_features"]


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("UV_INDEX_INTERNAL_USERNAME", "UV_INDEX_{name}_USERNAME"),
        ("UV_INDEX_MY_INDEX_PASSWORD", "UV_INDEX_{name}_PASSWORD"),
        ("PYPI_ID_TOKEN", "PYPI_ID_TOKEN"),
        ("COMPANY_ID_TOKEN", "{AUDIENCE}_ID_TOKEN"),
    ],
)
def test_templates_answer_for_their_names(name: str, template: str) -> None:
    assert known(name).name == template


@pytest.mark.parametrize(
    "name", ["UV_INDEX_USERNAME", "UV_INDEX__PASSWORD_X", "UV_VERSION", "UV_IMAGE", "", "uv", "$X"]
)
def test_other_names_are_no_variables(name: str) -> None:
    assert find_variable(name) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("UV_LINKMODE", "UV_LINK_MODE"),
        ("UV_CACHEDIR", "UV_CACHE_DIR"),
        ("UV_CAHCE_DIR", "UV_CACHE_DIR"),
        ("UV_DIR_CACHE", "UV_CACHE_DIR"),
        ("UV_FROZE", "UV_FROZEN"),
        ("uv_cache_dir", "UV_CACHE_DIR"),
        ("UV_PUBLISH_TOKENS", "UV_PUBLISH_TOKEN"),
        ("UV_COMPILE_BYTE_CODE", "UV_COMPILE_BYTECODE"),
        ("UV_SYSTEM_PYTHONS", "UV_SYSTEM_PYTHON"),
    ],
)
def test_misspelt_names_have_a_nearest(typed: str, meant: str) -> None:
    assert nearest(typed)[0] == meant


@pytest.mark.parametrize(
    "own",
    [
        *("UV_VERSION", "UV_IMAGE", "UV_BASE_LAYER", "UV_CACHE_POLICY", "UV_TRIXIE_IMAGE"),
        *("UV_CACHE", "UV_CACHE_KEY", "UV_TAG", "UV_ARGS", "UV_RUN", "UV_SYNC", "UV_PYTHON_IMAGE"),
        *("UV_PROJECT_DIR", "UV_EXTRAS", "UV_FLAGS", "UV_OPTIONS", "UV_CMD", "UV_PATH", "PYTHON"),
        *("UV_INDEX_INTERNAL_PASSWORD", "UV_TOOLCHAIN_DIR", "UV_LINK_MODE", "UV_", "UV__", ""),
    ],
)
def test_names_of_projects_are_no_misspellings(own: str) -> None:
    assert nearest(own) == []


@pytest.mark.parametrize(
    ("name", "at", "answer"),
    [
        ("UV_LOCKED", "0.4.24", Availability.TOO_NEW),
        ("UV_LOCKED", "0.4.25", Availability.KNOWN),
        ("UV_SYSTEM_CERTS", "0.10.12", Availability.TOO_NEW),
        ("PYPI_ID_TOKEN", "0.8.17", Availability.TOO_NEW),
        ("UV_VERIFY_HASHES", "0.5.2", Availability.KNOWN),
        ("UV_VERIFY_HASHES", "0.5.3", Availability.REMOVED),
        ("UV_VERIFY_HASHES", "0.2.26", Availability.TOO_NEW),
        ("PYX_API_URL", "0.12.0", Availability.UNKNOWN),
        ("UV_TEST_NO_CLI_PROGRESS", "0.12.18", Availability.REMOVED),
        ("UV_TEST_NO_CLI_PROGRESS", "0.12.17", Availability.UNKNOWN),
    ],
)
def test_availability(name: str, at: str, answer: Availability) -> None:
    variable: UvVariable | RemovedVariable | None = find_variable(name) or removed(name)
    assert variable is not None
    assert availability(variable, version(at)) is answer


@given(st.text())
def test_questions_answer_for_any_text(text: str) -> None:
    for name in (text, f"UV_{text}"):
        found = find_variable(name)
        assert found is None or nearest(name) == []
        assert removed(name) is None or found is None
        assert assumed(name) is None or found is None
        assert convention(name) is None or found is None
