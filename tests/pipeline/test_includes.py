import pytest
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.sources import MemoryFiles, Settings
from uvci.pipeline.values import LinkKind, Plain

from tests.pipeline.pipelines import ROOT, errors, job, pipeline

JOB = "job: {script: s}\n"


def names(text: str, files: dict[str, str]) -> list[str]:
    return [one.name for one in build_pipeline(ROOT, MemoryFiles({ROOT: text, **files})).jobs]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ci/*.yml", ["a"]),
        ("ci/**.yml", ["a", "deep"]),
        ("ci/**/*.yml", ["a", "deep"]),
        ("/ci/*.yml", ["a"]),
        ("*.yml", ["top", ".h"]),
        ("ci/?.yml", None),
        ("no/*.yml", []),
    ],
)
def test_patterns(pattern: str, found: list[str] | None) -> None:
    files = {
        "ci/a.yml": "a: {script: s}",
        "ci/x/deep.yml": "deep: {script: s}",
        "top.yml": "top: {script: s}",
        ".h.yml": "'.h': {script: s}",
    }
    text = f"include: '{pattern}'\n{JOB}"
    if found is None:
        assert errors(text, files) == [f"Local file `{pattern}` does not exist!"]
    else:
        assert sorted(names(text, files)) == sorted(
            [*(name for name in found if not name.startswith(".")), "job"]
        )


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ("ci/no.yml", "Local file `ci/no.yml` does not exist!"),
        ("/ci/no.yml", "Local file `ci/no.yml` does not exist!"),
        ("../../etc/passwd.yml", "Local file `../../etc/passwd.yml` does not exist!"),
        ("../../etc/passwd", "Included file `../../etc/passwd` does not have YAML extension!"),
        ("empty.yml", "Local file `empty.yml` is empty!"),
        ("none.yml", "`none.yml`: Invalid configuration format"),
        ("braces.yml", "Included file `braces.yml` does not have valid YAML syntax!"),
        ("n.txt", "Included file `n.txt` does not have YAML extension!"),
        ("'*.txt'", "Included file `n.txt` does not have YAML extension!"),
        (
            "{local: none.yml, rules: [{if: $A, allow_failure: true}]}",
            "include:rules:rule config contains unknown keys: allow_failure",
        ),
        (
            "{local: none.yml, rules: [{when: manual}]}",
            "include:rules:rule when unknown value: manual",
        ),
        (
            "{local: none.yml, rules: [{if: '${A}'}]}",
            "include:rules:rule if invalid expression syntax",
        ),
        ("{local: none.yml, rules: []}", "include:rules config can't be blank"),
        ("[[a]]", "Each include must be a hash or a string"),
        (
            "{foo: bar}",
            (
                '`{"foo":"bar"}` does not have a valid subkey for include. Valid subkeys are:'
                " `local`, `project`, `remote`, `template`, `artifact`, `component`"
            ),
        ),
        (
            "{local: a.yml, template: b}",
            (
                "Each include must use only one of: `local`, `project`, `remote`, `template`,"
                " `artifact`, `component`"
            ),
        ),
    ],
)
def test_refusals(include: str, message: str) -> None:
    files = {"empty.yml": " \n", "n.txt": "x", "none.yml": "# x\n", "braces.yml": "{}\n"}
    assert errors(f"include: {include}\n{JOB}", files) == [message]


def test_a_refusal_stands_where_the_file_is_named() -> None:
    text = f"include:\n  - local: ci/no.yml\n{JOB}"
    problem = pipeline(text).problems[0]
    assert problem.span.of(text) == "ci/no.yml"
    assert names(text, {}) == ["job"]


def test_a_broken_file_leaves_the_rest() -> None:
    found = pipeline(f"include: a.yml\n{JOB}", a_yml="x: {script: s}\ny: [\n")
    assert [one.name for one in found.jobs] == ["x", "job"]
    assert found.problems[0].path == "a.yml"
    assert found.problems[0].message.startswith("`a.yml`: (<unknown>): ")


def test_included_values_say_so() -> None:
    found = job("include: a.yml\njob: {script: s}\n", a_yml="job: {image: x}\n")
    image = found.keywords.get("image")
    assert isinstance(image, Plain)
    assert image.origin.path == "a.yml"
    assert [(link.kind, link.name) for link in image.origin.chain] == [(LinkKind.INCLUDE, "a.yml")]


@pytest.mark.parametrize(
    "include",
    [
        "https://example.com/a.yml",
        "{project: group/templates, file: /a.yml}",
        "{template: Auto-DevOps.gitlab-ci.yml}",
        "{component: $CI_SERVER_FQDN/group/templates/uv@1.0}",
        "{local: $WHICH/a.yml}",
        "{local: a.yml, rules: [{if: $CI_COMMIT_TAG}]}",
    ],
)
def test_what_cannot_be_read_is_unknown(include: str) -> None:
    jobs = "job: {extends: .elsewhere}\nother: {needs: [gone], script: s}\n"
    text = f"include:\n  - {include}\n{jobs}"
    found = pipeline(text, a_yml=".b: {script: s}\n")
    assert found.problems == ()
    first, second = found.jobs
    assert not first.complete
    assert second.complete
    assert not first.variants[0].closed


def test_other_projects_can_be_given() -> None:
    files = MemoryFiles(
        {
            ROOT: "include: {project: group/templates, file: [/a.yml]}\njob: {extends: .a}\n",
            "group/templates:a.yml": "include: b.yml\n.a: {image: x}\n",
            "group/templates:b.yml": ".a: {script: s}\n",
        }
    )
    found = build_pipeline(ROOT, files)
    assert (found.problems, found.unread) == ((), ())
    assert [file.path for file in found.files] == [
        ROOT,
        "group/templates:a.yml",
        "group/templates:b.yml",
    ]


def test_rules_that_files_decide() -> None:
    text = (
        "include:\n"
        "  - {local: a.yml, rules: [{exists: [uv.lock], when: never}, {exists: ['*.toml']}]}\n"
        "  - {local: b.yml, rules: [{exists: [no/**]}]}\n"
        f"{JOB}"
    )
    files = {"a.yml": "a: {script: s}", "b.yml": "b: {script: s}"}
    assert names(text, {**files, "pyproject.toml": ""}) == ["a", "job"]
    assert names(text, {**files, "pyproject.toml": "", "uv.lock": ""}) == ["job"]


def test_files_that_may_be_left_out_decide_nothing_that_differs() -> None:
    text = (
        "include:\n  - {local: a.yml, rules: [{if: $X}]}\n  - {local: b.yml, rules: [{if: $Y}]}\n"
        "job: {extends: .base, script: s}\n"
    )
    found = pipeline(
        text, a_yml=".base: {image: a, tags: [t]}\n", b_yml=".base: {image: b, stage: test}\n"
    )
    assert found.jobs[0].image is not None
    assert not hasattr(found.jobs[0].image, "expansions")
    assert found.jobs[0].stage == "test"


def test_variables_nobody_sets_are_empty_for_the_linter() -> None:
    text = f"include: {{local: a.yml, rules: [{{if: $X}}]}}\n{JOB}"
    files = MemoryFiles({ROOT: text, "a.yml": "a: {script: s}"})
    found = build_pipeline(ROOT, files, Settings(undefined_is_empty=True))
    assert [one.name for one in found.jobs] == ["job"]
