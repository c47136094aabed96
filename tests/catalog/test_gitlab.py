import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.gitlab import (
    Keyword,
    KnownFrom,
    Place,
    find_keyword,
    find_predefined,
    find_runner_control,
    keywords_at,
    predefined_variables,
    reserved_root_names,
    runner_controls,
    trigger_job_keys,
)
from uvci.catalog.package_data import load_json

from tests.shared import shared


@pytest.fixture(scope="module")
def keywords() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(shared("facts/gitlab-ci-keywords.json").read_text())
    return facts


@pytest.fixture(scope="module")
def predefined() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(shared("facts/gitlab-predefined-variables.json").read_text())
    return facts


def test_every_keyword_has_the_figures_of_the_record(keywords: dict[str, Any]) -> None:
    ours = load_json("gitlab.json")["keywords"]
    assert len(ours) == len(keywords["keywords"])
    for own, fact in zip(ours, keywords["keywords"], strict=True):
        for figure, name in [("path", "path"), ("where", "where"), ("types", "types")]:
            assert own[figure] == fact[name], fact["path"]
        for figure, name in [("values", "enum"), ("default", "default"), ("since", "since")]:
            assert own.get(figure) == fact.get(name), fact["path"]
        assert own.get("tier") == fact.get("tier")
        assert own.get("deprecated", False) == ("deprecated" in fact), fact["path"]
    assert reserved_root_names() == set(keywords["reserved_root_names"])
    assert list(trigger_job_keys()) == keywords["trigger_job_keys"]


def test_every_predefined_variable_has_the_figures_of_the_record(
    predefined: dict[str, Any],
) -> None:
    facts = {fact["name"]: fact for fact in predefined["variables"]}
    assert {variable.name for variable in predefined_variables()} == set(facts)
    for variable in predefined_variables():
        fact = facts[variable.name]
        assert variable.known_from.value == fact["availability"]
        assert variable.set_by == fact["set_by"]
        assert variable.only_in == fact.get("only_in")
    controls = {fact["name"] for fact in predefined["runner_controls"]}
    assert {control.name for control in runner_controls()} == controls


def test_sentences_are_our_own(keywords: dict[str, Any], predefined: dict[str, Any]) -> None:
    notes = {
        fact["note"]
        for fact in [
            *keywords["keywords"],
            *predefined["variables"],
            *predefined["runner_controls"],
        ]
    }
    data = load_json("gitlab.json")
    ours = [*data["keywords"], *data["predefined_variables"], *data["runner_controls"]]
    shared_phrases = {each["doc"] for each in ours} & notes
    assert shared_phrases == set()
    for each in ours:
        assert 8 <= len(each["doc"]) <= 160, each
        assert each["doc"].endswith("."), each
        assert each["doc"].count("`") % 2 == 0, each
        assert re.match(r"[A-Z`]", each["doc"]), each


def names(path: list[str], place: Place) -> list[str]:
    return [keyword.name for keyword in keywords_at(path, place)]


@pytest.mark.parametrize(
    ("path", "place", "some"),
    [
        ([], Place.ROOT, {"default", "include", "stages", "variables", "workflow"}),
        ([], Place.HEADER, {"spec"}),
        ([], Place.DEFAULT, {"image", "cache", "before_script", "tags"}),
        ([], Place.JOB, {"script", "image", "cache", "rules", "needs", "extends", "id_tokens"}),
        (["default"], Place.ROOT, {"image", "cache"}),
        (["default", "cache"], Place.ROOT, {"key", "paths", "policy"}),
        (["cache"], Place.ROOT, {"key", "paths", "policy"}),
        (["cache"], Place.DEFAULT, {"key", "paths", "policy"}),
        (["cache", "key"], Place.JOB, {"files", "prefix"}),
        (["image"], Place.ROOT, {"name", "entrypoint", "pull_policy"}),
        (["services"], Place.JOB, {"name", "alias", "command"}),
        (["id_tokens", "PYPI_ID_TOKEN"], Place.JOB, {"aud"}),
        (["variables", "UV_VERSION"], Place.ROOT, {"value", "description", "options", "expand"}),
        (["variables", "UV_VERSION"], Place.JOB, {"value", "expand"}),
        (["trigger", "include"], Place.JOB, {"local", "artifact", "job"}),
        (["include"], Place.ROOT, {"local", "project", "rules"}),
        (["rules"], Place.JOB, {"if", "changes", "variables"}),
        (["spec", "inputs", "version"], Place.HEADER, {"default", "type"}),
        (["needs", "parallel"], Place.JOB, {"matrix"}),
    ],
)
def test_keywords_of_a_position(path: list[str], place: Place, some: set[str]) -> None:
    found = names(path, place)
    assert some <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (["variables"], Place.JOB),
        (["variables"], Place.ROOT),
        (["script"], Place.JOB),
        (["nonsense"], Place.JOB),
        (["cache", "paths"], Place.JOB),
        (["id_tokens"], Place.JOB),
    ],
)
def test_no_keywords_where_names_are_free(path: list[str], place: Place) -> None:
    assert names(path, place) == []


def test_job_keys_do_not_stand_at_the_root_nor_under_default() -> None:
    assert "script" not in names([], Place.ROOT)
    assert "script" not in names([], Place.DEFAULT)
    assert "stages" not in names([], Place.JOB)
    assert "description" not in names(["variables", "X"], Place.JOB)


def keyword(path: list[str], place: Place) -> Keyword:
    found = find_keyword(path, place)
    assert found is not None, path
    return found


def test_a_keyword_knows_its_values_and_default() -> None:
    policy = keyword(["cache", "policy"], Place.JOB)
    assert policy.values == ("pull", "push", "pull-push")
    assert policy.default == "pull-push"
    assert keyword(["interruptible"], Place.JOB).default == "false"
    assert keyword(["stages"], Place.ROOT).default == "[.pre, build, test, deploy, .post]"


def test_old_root_keys_name_what_replaces_them() -> None:
    image = keyword(["image"], Place.ROOT)
    assert image.deprecated
    assert image.use == "default:image"
    assert not keyword(["image"], Place.JOB).deprecated
    assert not keyword(["default", "image"], Place.ROOT).deprecated


def test_where_predefined_variables_are_known() -> None:
    job_token = find_predefined("CI_JOB_TOKEN")
    assert job_token is not None
    assert job_token.known_from is KnownFrom.JOB
    assert find_predefined("UV_VERSION") is None
    depth = find_runner_control("GIT_DEPTH")
    assert depth is not None
    assert find_runner_control("") is None


@given(st.lists(st.text() | st.sampled_from(["cache", "default", "include"]), max_size=4))
def test_questions_answer_for_any_path(path: list[str]) -> None:
    for place in Place:
        keywords_at(path, place)
        found = find_keyword(path, place)
        assert found is None or len(found.path) in (len(path), len(path) - 1)
