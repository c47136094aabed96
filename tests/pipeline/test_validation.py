"""GitLab's own words, measured on GitLab's classes."""

import pytest
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.sources import MemoryFiles

from tests.pipeline.pipelines import errors, pipeline, resolved

NESTED = "should be a string or a nested array of strings up to 10 levels deep"
PAIRS = "config should be a hash of key value pairs, value can be an array"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{image: x}", "jobs job config should implement the script:, run:, or trigger: keyword"),
        ("{script: s, scirpt: s}", "jobs:job config contains unknown keys: scirpt"),
        ("{script: {a: b}}", f"jobs:job:script config {NESTED}"),
        ("{script: [1]}", f"jobs:job:script config {NESTED}"),
        ("{script: []}", "jobs:job script can't be blank"),
        ("{script: ''}", "jobs:job script can't be blank"),
        (
            "{script: s, trigger: a/b}",
            "jobs:job config these keys cannot be used together: script, trigger",
        ),
        (
            "{script: s, stage: foo}",
            (
                "job job: chosen stage foo does not exist; available stages are .pre, build, test,"
                " deploy, .post"
            ),
        ),
        ("{script: s, needs: [nope]}", "job job: undefined need: nope"),
        ("{script: s, dependencies: [nope]}", "job job: undefined dependency: nope"),
        (
            "{script: s, variables: {FOO: [x]}}",
            "variable definition must be either a string or a hash",
        ),
        (
            "{script: s, variables: {Foo: {a: 1}}}",
            "jobs:job:variables:foo config uses invalid data keys: a",
        ),
        (
            "{script: s, variables: {FOO: {value: [a]}}}",
            "jobs:job:variables:foo config value must be a scalar",
        ),
        ("{script: s, variables: [a]}", "jobs:job:variables config should be a hash"),
        (
            "{script: s, cache: [{}, {}, {}, {}, {}]}",
            "jobs:job:caches config no more than 4 caches can be created",
        ),
        ("{script: s, cache: x}", "jobs:job:caches config can only be a hash or an array"),
        (
            "{script: s, cache: {key: a/b}}",
            'jobs:job:cache:key config cannot contain the "/" character',
        ),
        (
            "{script: s, cache: {key: a%2Fb}}",
            'jobs:job:cache:key config cannot contain the "/" character',
        ),
        ("{script: s, cache: {key: ..}}", 'jobs:job:cache:key config cannot be "." or ".."'),
        (
            "{script: s, cache: {key: 1}}",
            "jobs:job:cache:key should be a hash, a string or a symbol",
        ),
        (
            "{script: s, cache: {key: {files: [a, b, c]}}}",
            "jobs:job:cache:key:files config has too many items (maximum is 2)",
        ),
        (
            "{script: s, cache: {key: {prefix: a}}}",
            "jobs:job:cache:key config must use exactly one of these keys: files, files_commits",
        ),
        ("{script: s, cache: {path: [x]}}", "jobs:job:cache config contains unknown keys: path"),
        (
            "{script: s, cache: {paths: x}}",
            "jobs:job:cache:paths config should be an array of strings",
        ),
        (
            "{script: s, cache: {policy: none}}",
            "jobs:job:cache policy should be a variable or one of: pull-push, push, pull",
        ),
        (
            "{script: s, cache: {when: never}}",
            "jobs:job:cache when should be one of: on_success, on_failure, always",
        ),
        (
            "{script: s, cache: {fallback_keys: [a, b, c, d, e, f]}}",
            "jobs:job:cache fallback keys has to many entries (maximum 5)",
        ),
        ("{script: s, image: 3.1}", "jobs:job:image config should be a hash or a string"),
        ("{script: s, image: {entrypoint: ['']}}", "jobs:job:image name should be a string"),
        ("{script: s, image: ''}", "jobs:job:image name can't be blank"),
        (
            "{script: s, image: {name: x, entrypoint: sh}}",
            "jobs:job:image entrypoint should be an array of strings",
        ),
        (
            "{script: s, image: {name: x, tag: y}}",
            "jobs:job:image config contains unknown keys: tag",
        ),
        (
            "{script: s, image: {name: x, pull_policy: no-such}}",
            "jobs:job:image:pull_policy config is not included in the list",
        ),
        ("{script: s, services: x}", "jobs:job:services config should be an array"),
        ("{script: s, rules: []}", "jobs:job:rules config can't be blank"),
        ("{script: s, rules: [{foo: x}]}", "jobs:job:rules:rule config contains unknown keys: foo"),
        (
            "{script: s, rules: ['x']}",
            "jobs:job rules should be an array containing hashes and arrays of hashes",
        ),
        ("{script: s, rules: [{if: '${X}'}]}", "jobs:job:rules:rule if invalid expression syntax"),
        ("{script: s, rules: [{when: foo}]}", "jobs:job:rules:rule when unknown value: foo"),
        (
            "{script: s, rules: [{variables: {FOO: {value: x}}}]}",
            "jobs:job:rules:rule:variables:foo config must be a string",
        ),
        (
            "{script: s, rules: [{if: $X}], only: [main]}",
            "jobs:job config key may not be used with `rules`: only",
        ),
        (
            "{script: s, when: never}",
            "jobs:job when should be one of: on_success, on_failure, always, manual, delayed",
        ),
        ("{script: s, start_in: 1 day}", "jobs:job start in must be blank"),
        (
            "{script: s, parallel: {matrix: [{A: [3.10]}]}}",
            f"jobs:job:parallel:matrix:variables {PAIRS}",
        ),
        (
            "{script: s, parallel: {matrix: [x]}}",
            "jobs:job:parallel:matrix config should be an array of hashes",
        ),
        (
            "{script: s, parallel: 201}",
            "jobs:job:parallel config must be less than or equal to 200",
        ),
        ("{script: s, timeout: 90}", "jobs:job:timeout config should be a duration"),
        ("{script: s, timeout: soon}", "jobs:job:timeout config should be a duration"),
        ("{script: s, retry: 3}", "retry config must be less than or equal to 2"),
        ("{script: s, retry: x}", "retry config has to be either an integer or a hash"),
        ("{script: s, tags: x}", "jobs:job:tags config should be an array of strings"),
        (
            "{script: s, coverage: x}",
            "jobs:job:coverage config must be a regular expression with re2 syntax",
        ),
        (
            "{script: s, id_tokens: {T: {}}}",
            "jobs:job:id_tokens:t config missing required keys: aud",
        ),
        (
            "{script: s, interruptible: x}",
            "jobs:job:interruptible config should be a boolean value",
        ),
        (
            "{script: s, allow_failure: x}",
            "jobs:job allow failure should be a hash or a boolean value",
        ),
        (
            "{script: s, artifacts: {path: x}}",
            "jobs:job:artifacts config contains unknown keys: path",
        ),
        (
            "{script: s, artifacts: {paths: x}}",
            "jobs:job:artifacts paths should be an array of strings",
        ),
        (
            "{script: s, artifacts: {expire_in: x}}",
            "jobs:job:artifacts expire in should be a duration",
        ),
        (
            "{script: s, artifacts: {reports: {foo: x}}}",
            "jobs:job:artifacts:reports config contains unknown keys: foo",
        ),
        (
            "{script: s, inherit: {default: [foo]}}",
            "jobs:job:inherit:default config contains unknown values: foo",
        ),
        (
            "{script: s, inherit: {variables: 1}}",
            "jobs:job:inherit:variables should be a bool or array of strings",
        ),
        (
            "{script: s, release: {tag_name: v1, description: ''}}",
            "jobs:job:release description can't be blank",
        ),
        ("{script: s, publish: x}", "jobs:job publish can only be used within a `pages` job"),
        (
            "{script: s, needs: [job]}",
            "The pipeline has circular dependencies: self-dependency: job",
        ),
    ],
)
def test_a_job(body: str, message: str) -> None:
    found = errors(f"job: {body}\nother: {{script: s}}\n")
    assert isinstance(found, list)
    assert found[0] == message


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("{}", ["jobs config should contain at least one visible job"]),
        (".a: {script: s}", ["jobs config should contain at least one visible job"]),
        (".a:\njob: {script: s}", ["jobs:.a config can't be blank"]),
        (
            "image: a\ndefault: {image: b}\njob: {script: s}",
            ["image is defined in top-level and `default:` entry"],
        ),
        (
            "default: {variables: {}}\njob: {script: s}",
            ["default config contains unknown keys: variables"],
        ),
        (
            "variables: {FOO: {desc: x}}\njob: {script: s}",
            ["variables:foo config uses invalid data keys: desc"],
        ),
        (
            "variables: {FOO: {value: a, options: [b]}}\njob: {script: s}",
            ["variables:foo config value must be present in options"],
        ),
        (
            "workflow: {rules: [{when: manual}]}\njob: {script: s}",
            ["workflow:rules:rule when unknown value: manual"],
        ),
        (
            "a: {script: s, needs: [b]}\nb: {script: s, needs: [a]}",
            ['The pipeline has circular dependencies: topological sort failed: ["a", "b"]'],
        ),
        (
            "a: {stage: build, script: s, needs: [b]}\nb: {script: s}",
            ["a job: need b is not defined in current or prior stages"],
        ),
        (
            "a: {script: s, needs: [b, b]}\nb: {script: s}",
            ["a has the following needs duplicated: b."],
        ),
        ("job: {script: *foo}", ["Unknown alias: foo"]),
        ("- a", ["Invalid configuration format"]),
        (
            "a: {script: s}\n@",
            [
                (
                    "(<unknown>): found character that cannot start any token while scanning for"
                    " the next token at line 2 column 1"
                )
            ],
        ),
    ],
)
def test_a_pipeline(text: str, messages: list[str]) -> None:
    assert errors(f"{text}\n") == messages


@pytest.mark.parametrize(
    "text",
    [
        "job: {script: s, needs: [null, [x]]}\nx: {script: s}",
        "job: {script: s, cache: {}}",
        "job: {script: s, cache: {policy: push-pull}}",
        "job: {script: s, before_script: []}",
        "job: {script: s, rules: }",
        "job: {script: s, retry: {max: 2, when: runner_interrupted}}",
        "job: {script: s, needs: [{job: gone, optional: true}]}",
        "job: {script: s, needs: [{project: a/b, job: x, ref: main}]}",
        "job: {trigger: {include: [{local: x.yml}]}}",
        "job: {needs: {pipeline: a/b}}",
        "pages: {script: s, publish: x}",
        "job: {script: s, secrets: {X: {vault: x}}}",
        "job: {script: s, image: x}\nb: {extends: job, image: null}",
        "variables: {A: true, B: 1.5, C: , D: {value: x, options: [x]}}\njob: {script: s}",
    ],
)
def test_what_gitlab_accepts(text: str) -> None:
    assert errors(f"{text}\n") == []


def test_a_stage_that_an_unread_file_may_set_is_not_missed() -> None:
    text = "include: {project: a/b, file: c.yml}\nstages: [build]\nscan: {script: x}\n"
    said = [
        problem.message
        for problem in build_pipeline("x.yml", MemoryFiles({"x.yml": text})).problems
    ]
    assert said == []
    typed = text.replace("{script: x}", "{script: x, stage: tset}")
    pipeline = build_pipeline("x.yml", MemoryFiles({"x.yml": typed}))
    assert ["chosen stage tset does not exist" in one.message for one in pipeline.problems] == [
        True
    ]


def test_a_stage_that_an_unread_template_may_set_is_before_no_other() -> None:
    text = (
        "include: {project: a/b, file: c.yml}\nstages: [check, build]\n"
        "nightly: {extends: .nightly, needs: [app]}\n"
        "app: {extends: .app, stage: build}\n"
        "scan: {stage: check, script: x, needs: [lib]}\nlib: {extends: .lib}\n"
    )
    assert pipeline(text).problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("variables: {A: $B, B: '${A}'}\njob: {script: s}", '["A", "B"]'),
        ("variables: {A: x$B}\njob: {script: s, variables: {B: $C, C: '%A%'}}", '["A", "B", "C"]'),
    ],
)
def test_variables_in_a_circle_stop_the_creation_of_a_pipeline(text: str, said: str) -> None:
    found = pipeline(f"{text}\n").problems
    assert [one.message for one in found] == [f"circular variable reference detected: {said}"]
    assert found[0].jobs == ("job",)
    assert errors(f"{text}\n") == []  # the linter does not look there


@pytest.mark.parametrize(
    "variables",
    [
        "{A: $A, PATH: '$PATH:/bin'}",
        "{A: $$B, B: $A}",
        "{A: {value: $B, expand: false}, B: $A}",
        "{A: $B, B: $C}",
    ],
)
def test_variables_that_end_somewhere(variables: str) -> None:
    assert pipeline(f"job: {{script: s, variables: {variables}}}\n").problems == ()


def test_a_circle_that_a_rule_opens_is_left_alone() -> None:
    text = (
        "variables: {A: $B, B: $A}\n"
        "job: {script: s, rules: [{if: $X, variables: {A: a}}, {when: always}]}\n"
    )
    assert [one for one in pipeline(text).problems if not one.warning] == []


RULES = "rules: [{if: $X}, {when: always}]"


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        (f"job: {{script: s, {RULES}}}", True),
        (f"job: {{trigger: a/b, {RULES}}}", True),
        (f"workflow: {{rules: [{{when: always}}]}}\njob: {{script: s, {RULES}}}", False),
        ("job: {script: s, rules: [{if: $X}, {when: never}]}", False),
        (f"job: {{script: s, foo: x, {RULES}}}", False),
        ("job: {script: s, rules: [{foo: x}, {when: always}]}", False),
        (f"job: {{script: s, {RULES}}}\nother: {{image: x}}", False),
        (f"job: {{script: s, {RULES}, tags: x}}", True),
    ],
)
def test_pipelines_that_may_run_twice(text: str, warned: bool) -> None:
    found = resolved(f"{text}\n")["warnings"]
    assert isinstance(found, list)
    assert ["may allow multiple pipelines" in str(one) for one in found] == [True] * warned


def test_needs_take_from_their_own_matrix() -> None:
    text = (
        "b: {stage: build, script: s, parallel: {matrix: [{X: [a, b]}]}}\n"
        "t: {script: s, parallel: {matrix: [{X: [a, b]}]}, needs: [{job: b, parallel:"
        ' {matrix: [{X: "$[[ matrix.NAME ]]"}]}}]}\n'
    )
    assert errors(text.replace("NAME", "X")) == []
    assert errors(text.replace("NAME", "Y")) == [
        "t job: 'Y' does not exist in matrix configuration"
    ]
