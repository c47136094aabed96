"""What GitLab's check of keywords says, in its words and its order: everything about one job.

Each list follows from the validations of GitLab's own classes (`lib/gitlab/ci/config/entry`).
"""

import pytest

from tests.pipeline.pipelines import errors, pipeline, resolved

NAME = (
    "name can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces,"
    " but it cannot start or end with '/'"
)
PATTERNS = "should be an array of strings or regular expressions using re2 syntax"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "image: {entrypoint: [sh]}",
            ["image name should be a string", "image name can't be blank"],
        ),
        (
            "image: {name: x, pull_policy: []}",
            ["image:pull_policy config can't be blank"],
        ),
        (
            "image: {name: x, pull_policy: [always, often]}",
            ["image:pull_policy config contains unknown values: often"],
        ),
        (
            "services: [{alias: db}]",
            [
                "services:service name should be a string",
                "services:service name can't be blank",
            ],
        ),
        (
            "services: [{name: db, command: run, alias: 1}]",
            [
                "services:service command should be an array of strings",
                "services:service alias should be a string",
            ],
        ),
        (
            "services: [{name: db, variables: {A: {value: b}}}]",
            ["services:service:variables:a config must be a string"],
        ),
        (
            "environment: [a]",
            [
                "environment config should be a hash or a string",
                "environment name can't be blank",
                f"environment {NAME}",
                f"environment {NAME}",
            ],
        ),
        ("environment: {name: a, region: b}", ["environment config contains unknown keys: region"]),
        ("environment: /a", [f"environment {NAME}"]),
        (
            "environment: {name: a, action: undo}",
            ["environment action should be start, stop, prepare, verify, or access"],
        ),
        (
            "environment: {name: a, deployment_tier: prod}",
            [
                (
                    "environment deployment tier must be one of production, staging, testing,"
                    " development, other"
                )
            ],
        ),
        (
            "environment: {name: a, auto_stop_in: soon, on_stop: 1}",
            [
                "environment on stop should be a string",
                "environment auto stop in should be a duration",
            ],
        ),
        (
            "environment: {name: a, kubernetes: {agents: x}}",
            ["environment:kubernetes config contains unknown keys: agents"],
        ),
        ("only: [1]", [f"only config {PATTERNS}"]),
        ("only: {ref: [a]}", ["only config contains unknown keys: ref"]),
        ("except: {refs: a}", [f"except refs {PATTERNS}"]),
        ("only: ['/(?=a)/']", [f"only config {PATTERNS}"]),
        (
            "only: {variables: ['$A ==']}",
            ["only variables invalid expression syntax"],
        ),
        (
            "rules: [{changes: {paths: a}}]",
            ["rules:rule:changes paths should be an array of strings"],
        ),
        (
            "rules: [{changes: {compare_to: main}}]",
            [
                "rules:rule:changes config missing required keys: paths",
                "rules:rule:changes paths should be an array of strings",
            ],
        ),
        (
            "rules: [{exists: {paths: [a], ref: main}}]",
            ["rules:rule:exists config missing required keys: project"],
        ),
        ("rules: [{allow_failure: x}]", ["rules:rule allow failure should be a boolean value"]),
        ("rules: [{auto_cancel: {}}]", ["rules:rule config contains unknown keys: auto_cancel"]),
        ("rules: [{}]", ["rules:rule config can't be blank"]),
        ("rules: [{if: 1}]", ["rules:rule if invalid expression syntax"]),
        (
            "rules: [{when: delayed, start_in: 2 weeks}]",
            ["rules:rule start in should not exceed the limit"],
        ),
        (
            "rules: [{needs: [{pipeline: '1', job: a}]}]",
            ["rules:rule:needs config uses invalid types: cross_dependency"],
        ),
        (
            "needs: [{job: other, artefacts: true}]",
            ["needs:need config contains unknown keys: artefacts"],
        ),
        ("needs: [{job: other, optional: 1}]", ["needs:need optional should be a boolean value"]),
        ("needs: {}", ["needs config can not be an empty hash"]),
        (
            "needs: [{job: other, parallel: {matrix: x}}]",
            ["needs:need:parallel:matrix config should be an array of hashes"],
        ),
        (
            "image: {name: x, ports: [80]}",
            ["image config contains disallowed keys: ports"],
        ),
        ("parallel: 1.5", ["parallel config must be an integer"]),
        (
            "artifacts: {public: true, access: none}",
            ["artifacts config these keys cannot be used together: public, access"],
        ),
        ("artifacts: {expose_as: a}", ["artifacts paths can't be blank"]),
        (
            "artifacts: {expose_as: a, paths: ['*.txt']}",
            ["artifacts paths can't contain '*' when used with 'expose_as'"],
        ),
        (
            "artifacts: {name: 1, untracked: x, reports: x}",
            [
                "artifacts name should be a string",
                "artifacts untracked should be a boolean value",
                "artifacts reports should be a hash",
            ],
        ),
        (
            "artifacts: {reports: {junit: {a: b}}}",
            ["artifacts:reports junit should be an array of strings or a string"],
        ),
        (
            "artifacts: {reports: {coverage_report: {path: a}}}",
            [
                "artifacts:reports:coverage_report coverage format can't be blank",
                (
                    "artifacts:reports:coverage_report coverage format must be one of supported"
                    " formats: cobertura, jacoco."
                ),
            ],
        ),
        (
            "release: {tag_name: a, description: b, assets: {links: []}}",
            ["release:assets links can't be blank"],
        ),
        (
            "release: {tag_name: a, description: b, assets: {links: [{name: a, file: b}]}}",
            [
                "release:assets:links:link config contains unknown keys: file",
                "release:assets:links:link url can't be blank",
            ],
        ),
        (
            "release: {tag_name: a, description: b, tag: c}",
            ["release config contains unknown keys: tag"],
        ),
        ("allow_failure: {codes: 1}", ["allow_failure config contains unknown keys: codes"]),
        (
            "allow_failure: {exit_codes: x}",
            ["allow_failure exit codes should be an array of integers or an integer"],
        ),
        (
            "id_tokens: {T: }",
            [
                "id_tokens:t config missing required keys: aud",
                "id_tokens:t aud should be an array of strings or a string",
            ],
        ),
        ("inherit: {image: false}", ["inherit config contains unknown keys: image"]),
        ("inherit: {default: x}", ["inherit:default should be a bool or array of strings"]),
        ("inputs: {a: {type: string}}", ["inputs:a must have a default value"]),
        ("pages: x", ["pages config should be a hash or a boolean value"]),
        ("pages: {path: x}", ["pages config contains unknown keys: path"]),
        ("timeout: 2 months", ["timeout config should not exceed the limit"]),
        ("coverage: '/(?<=a)b/'", ["coverage config must be a regular expression with re2 syntax"]),
    ],
)
def test_what_is_said_below_a_job(body: str, said: list[str]) -> None:
    found = errors(f"job: {{script: s, {body}}}\nother: {{script: s}}\n")
    assert found == [f"jobs:job:{text}" for text in said]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Unknown: 1", ["config contains unknown keys: unknown"]),
        ("resource_group: 1", ["resource group should be a string"]),
        ("manual_confirmation: 1", ["manual confirmation should be a string"]),
        ("when: delayed, start_in: 8 days", ["start in should not exceed the limit"]),
        (
            "when: delayed",
            ["start in should be a duration", "start in should not exceed the limit"],
        ),
        ("when: [manual]", ["when should be a string"]),
        (
            "rules: [{if: $A}], only: [a], foo: 1",
            [
                "config key may not be used with `rules`: only",
                "config contains unknown keys: foo",
            ],
        ),
        (
            "dependencies: [a], needs: [{pipeline: $P, job: a}]",
            ["needs corresponding to dependencies must be from the same pipeline"],
        ),
        ("run: []", ["config these keys cannot be used together: script, run"]),
        (
            "trigger: a/b, only: x",
            [
                "config these keys cannot be used together: script, trigger",
            ],
        ),
    ],
)
def test_what_is_said_of_a_job_itself(body: str, said: list[str]) -> None:
    found = errors(f"job: {{script: s, {body}}}\n")
    assert found == [f"jobs:job {text}" for text in said]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("trigger: [a]", ["jobs:Job:trigger has to be either a string or a hash"]),
        (
            "trigger: {branch: main}",
            [
                "jobs:job:trigger project should be a string",
                "jobs:job:trigger project can't be blank",
            ],
        ),
        (
            "trigger: {project: a/b, strategy: wait}",
            ["jobs:job:trigger strategy should be depend or mirror"],
        ),
        (
            "trigger: {include: {local: a.yml}}",
            ["jobs:job:trigger:include config should be an array or a string"],
        ),
        (
            "trigger: {include: [{project: a/b}]}",
            [
                (
                    "jobs:job:trigger:include:include config must specify the file where to"
                    " fetch the config from"
                )
            ],
        ),
        (
            "trigger: {include: [a, b, c, d]}",
            ["jobs:job:trigger:include config is too long (maximum is 3)"],
        ),
        (
            "trigger: {project: a/b, forward: {variables: true}}",
            ["jobs:job:trigger:forward config contains unknown keys: variables"],
        ),
        (
            "trigger: a/b, parallel: 2",
            ['jobs:job:parallel config cannot use "parallel: <number>".'],
        ),
        (
            "trigger: a/b, allow_failure: {exit_codes: 1}",
            ["jobs:job allow failure should be a boolean value"],
        ),
        (
            "trigger: a/b, needs: [{pipeline: a/b}, {pipeline: c/d}]",
            ["jobs:job config should contain at most one bridge need"],
        ),
    ],
)
def test_what_is_said_of_a_trigger_job(body: str, said: list[str]) -> None:
    assert errors(f"Job: {{{body}}}\n") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "workflow: {rules: [{interruptible: true}]}",
            ["workflow:rules:rule config contains unknown keys: interruptible"],
        ),
        ("workflow: {rules: []}", ["workflow:rules config can't be blank"]),
        (
            "workflow: {auto_cancel: {on_push: none}}",
            ["workflow:auto_cancel config contains unknown keys: on_push"],
        ),
        (
            "workflow: {name: " + "x" * 256 + "}",
            ["workflow name is too long (maximum is 255 characters)"],
        ),
        (
            "variables: {A: {description: [a]}}",
            ["variables:a config description must be an alphanumeric string"],
        ),
        (
            "cache: x\nstages: x\nimage: 1",
            [
                "image config should be a hash or a string",
                "image name should be a string",
                "image name can't be blank",
                (
                    "stages config should be an array of strings or a nested array of strings up"
                    " to 10 levels deep"
                ),
                "caches config can only be a hash or an array",
            ],
        ),
        (
            "image: a\ncache: []\ndefault: {cache: [], image: b}",
            ["image is defined in top-level and `default:` entry"],
        ),
    ],
)
def test_what_is_said_of_the_root(text: str, said: list[str]) -> None:
    assert errors(f"{text}\njob: {{script: s}}\n") == said


@pytest.mark.parametrize(
    ("retry", "said"),
    [
        ("{max: x}", "retry max is not a number"),
        ("{max: 1.5}", "retry max must be an integer"),
        ("{max: '3'}", "retry max must be less than or equal to 2"),
        ("{when: 1}", "retry when should be an array of strings or a string"),
    ],
)
def test_what_is_said_of_a_retry(retry: str, said: str) -> None:
    assert errors(f"job: {{script: s, retry: {retry}}}\n") == [said]
    assert errors("job: {script: s, retry: {max: '2', when: [always]}}\n") == []


def test_stages_are_listed_as_typed() -> None:
    text = "stages: [a, [b, .post], a]\njob: {stage: a, script: s}\n"
    assert resolved(text)["stages"] == [".pre", "a", "b", ".post", "a", ".post"]
    nothing = "stages: []\njob: {script: s}\n"
    assert errors(nothing) == ["job job: chosen stage test does not exist; available stages are "]
    assert resolved(nothing)["merged"] == {"stages": [], "job": {"script": "s"}}


def test_names_are_said_in_lower_case() -> None:
    neither = "config should implement the script:, run:, or trigger: keyword"
    assert errors("Build: {image: x}\njob: {script: s}\n") == [f"jobs build {neither}"]
    assert errors("Build: {script: s, Foo: x}\n") == [
        "jobs:build config contains unknown keys: foo"
    ]


STOP = "job: {script: s, environment: {name: a, on_stop: stop}}\n"


@pytest.mark.parametrize(
    ("stop", "fault"),
    [
        ("other: {script: s}", "is not defined"),
        ("stop: {script: s}", "does not have environment defined"),
        ("stop: {script: s, environment: b}", "have different environment name"),
        ("stop: {script: s, environment: a}", "needs to have action stop defined"),
    ],
)
def test_what_is_said_of_a_job_that_stops_an_environment(stop: str, fault: str) -> None:
    assert errors(f"{STOP}{stop}\n") == [f"job job: on_stop job stop {fault}"]


@pytest.mark.parametrize(
    "body",
    [
        "environment: {name: review/$CI_COMMIT_REF_SLUG, action: stop, auto_stop_in: one week}",
        "environment: {name: a, url: 'https://$X', deployment_tier: staging, auto_stop_in: never}",
        "only: [main, '/^v.*$/i', tags, merge_requests]",
        "only: {refs: [main], variables: ['$A == \"b\"'], changes: [a], kubernetes: active}",
        "rules: [{exists: a.txt}, {changes: [], when: never}, {if: $A, interruptible: true}]",
        "rules: [[{if: $A}], {when: delayed, start_in: 1 week}]",
        "rules: [{if: $A, needs: [other], variables: {B: 1}, allow_failure: true}]",
        "needs: [other, {job: other2, optional: true, artifacts: false}]",
        "needs: [{pipeline: $P, job: x, artifacts: true}]",
        "needs: []",
        "artifacts: {expose_as: a b, paths: [x/], reports: {junit: [a], dotenv: b}, access: none}",
        "artifacts: {expire_in: 47 yrs 6 mos and 4d, when: always}",
        "release: {tag_name: $T, description: d, milestones: [a]}",
        "release: {tag_name: $T, description: d, assets: {links: [{name: a, url: u}]}}",
        "allow_failure: {exit_codes: [1, 2]}",
        "pages: {publish: out, path_prefix: $P, expire_in: 1 day}",
        "pages: true",
        "timeout: 1 month",
        "coverage: '/(?i)total.*? (100(?:\\.0+)?\\%|[1-9]?\\d(?:\\.\\d+)?\\%)$/'",
        "inputs: {a: {default: 1, type: number}}",
        "resource_group: $CI_COMMIT_REF_NAME, manual_confirmation: Sure?",
        "services: [{name: a, alias: b, command: [c], variables: {D: e}, pull_policy: always}]",
        "image: {name: x, pull_policy: [always, never], docker: {user: a}}",
    ],
)
def test_what_gitlab_accepts_below_a_job(body: str) -> None:
    text = f"job: {{script: s, {body}}}\nother: {{stage: build, script: s}}\n"
    assert errors(text) == []


BELOW = {
    "allow_failure": ("exit_codes",),
    "artifacts": ("paths", "reports", "when", "expire_in", "access", "name"),
    "cache": ("key", "paths", "policy", "when", "fallback_keys"),
    "coverage": (),
    "environment": ("name",),
    "image": ("name",),
    "inherit": ("default", "variables"),
    "needs": (),
    "only": ("refs", "variables", "changes"),
    "pages": ("publish", "expire_in"),
    "parallel": ("matrix",),
    "release": (),
    "retry": ("max", "when", "exit_codes"),
    "rules": (),
    "services": (),
    "when": (),
}
WITH_LISTS = {"cache", "needs", "only", "rules", "services"}


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        *((keyword, "'$[[ inputs.x ]]'") for keyword in BELOW),
        *((keyword, "['$[[ inputs.x ]]']") for keyword in sorted(WITH_LISTS)),
        *(
            (keyword, f"{{{below}: '$[[ inputs.x ]]'}}")
            for keyword, names in BELOW.items()
            for below in names
        ),
        ("environment", "{name: a, kubernetes: '$[[ inputs.x ]]', action: '$[[ inputs.x ]]'}"),
        ("image", "{name: a, entrypoint: '$[[ inputs.x ]]', pull_policy: '$[[ inputs.x ]]'}"),
    ],
)
def test_what_an_input_may_bring_is_not_judged(keyword: str, value: str) -> None:
    text = f"spec: {{inputs: {{x: }}}}\n---\njob: {{script: s, {keyword}: {value}}}\n"
    found = [one.message for one in pipeline(text).problems]
    assert found == ["`x` input: required value has not been provided"]


def test_stages_that_are_being_typed_are_not_taken_for_the_usual_ones() -> None:
    def told(text: str) -> bool:
        said = [problem.message for problem in pipeline(text).problems]
        return any("chosen stage lint does not exist" in each for each in said)

    job = "job:\n  stage: lint\n  script: [x]\n"
    for typed in ("stages: [lint, test\n\n", "stages: [lint\n", 'stages: ["lint\n'):
        assert not told(typed + job), typed
    assert told("stages: [test]\n" + job + "other:\n  script: [x\n")
    assert told(job)
