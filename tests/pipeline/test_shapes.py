"""Keywords in the one full form that GitLab gives them."""

import pytest
from uvci.pipeline.durations import read_duration

from tests.pipeline.pipelines import resolved


def shape(body: str, name: str = "job") -> dict[str, object]:
    jobs = resolved(f"{name}: {body}\nother: {{script: s}}\n")["jobs"]
    assert isinstance(jobs, dict)
    found = jobs[name]
    assert isinstance(found, dict)
    return {key: value for key, value in found.items() if key not in _ALWAYS}


_ALWAYS = {"stage", "job_variables", "root_variables_inheritance", "script"}


@pytest.mark.parametrize(
    ("body", "full"),
    [
        ("{image: x}", {"image": {"name": "x"}}),
        (
            "{image: {name: x, pull_policy: always, docker: {user: u}}}",
            {
                "image": {
                    "name": "x",
                    "pull_policy": ["always"],
                    "executor_opts": {"docker": {"user": "u"}},
                }
            },
        ),
        (
            "{services: [x, {name: y, variables: {A: 1}}]}",
            {"services": [{"name": "x"}, {"name": "y", "variables": {"A": "1"}}]},
        ),
        (
            "{environment: x}",
            {"environment": {"name": "x", "action": "start"}, "environment_name": "x"},
        ),
        ("{retry: 1}", {"retry": {"max": 1}}),
        ("{retry: {max: 1, when: always}}", {"retry": {"max": 1, "when": ["always"]}}),
        ("{timeout: 1h 30m}", {"timeout": 5400}),
        ("{parallel: 2}", {"parallel": {"number": 2}}),
        (
            "{parallel: {matrix: [{A: x, B: [1]}]}}",
            {"parallel": {"matrix": [{"A": ["x"], "B": ["1"]}]}},
        ),
        (
            "{rules: [{exists: [x]}, [{changes: {paths: [y]}}]]}",
            {"rules": [{"exists": {"paths": ["x"]}}, {"changes": {"paths": ["y"]}}]},
        ),
        ("{only: [main]}", {"only": {"refs": ["main"]}}),
        ("{only: [branches, tags]}", {}),
        ("{except: [main]}", {"except": {"refs": ["main"]}}),
        ("{artifacts: {reports: {junit: x}}}", {"artifacts": {"reports": {"junit": ["x"]}}}),
        ("{coverage: '/x/'}", {"coverage": "x"}),
        ("{tags: []}", {"tags": []}),
        ("{hooks: {pre_get_sources_script: x}}", {"hooks": {"pre_get_sources_script": ["x"]}}),
        ("{allow_failure: true}", {}),
        ("{allow_failure: {exit_codes: 1}}", {"allow_failure_criteria": {"exit_codes": [1]}}),
    ],
)
def test_keywords(body: str, full: dict[str, object]) -> None:
    assert shape(f"{{script: s, {body[1:]}") == full


def test_needs() -> None:
    elsewhere = "{project: a/b, job: x, ref: r}"
    text = f"{{script: s, needs: [other, {{job: other2, artifacts: false}}, {elsewhere}]}}"
    jobs = resolved(f"job: {text}\nother: {{script: s}}\nother2: {{script: s}}\n")["jobs"]
    assert isinstance(jobs, dict)
    job = jobs["job"]
    assert isinstance(job, dict)
    assert job["needs"] == {
        "job": [
            {"name": "other", "artifacts": True, "optional": False},
            {"name": "other2", "artifacts": False, "optional": False},
        ],
        "cross_dependency": [{"project": "a/b", "job": "x", "ref": "r", "artifacts": True}],
    }


def test_trigger_jobs() -> None:
    assert shape("{trigger: a/b}") == {"trigger": {"project": "a/b"}}
    assert shape("{trigger: {include: x.yml}}") == {"trigger": {"include": "x.yml"}}


def test_pages_publish_a_folder() -> None:
    assert shape("{script: s}", "pages")["artifacts"] == {"paths": ["public"]}
    assert shape("{script: s, artifacts: {paths: [public]}}", "pages")["artifacts"] == {
        "paths": ["public"]
    }
    assert shape("{script: s, pages: {publish: dist}}")["artifacts"] == {"paths": ["dist"]}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 minutes", 5400),
        ("1h 30m", 5400),
        ("1 hour and 30 mins", 5400),
        ("2 weeks", 1209600),
        ("1:30:00", 5400),
        ("42", 42),
        ("1 mo", 2592000),
        ("soon", None),
        ("", None),
        ("1 fortnight", None),
    ],
)
def test_durations(text: str, seconds: int | None) -> None:
    assert read_duration(text) == seconds
