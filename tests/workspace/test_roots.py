"""Which files are pipelines, and what they are part of."""

import subprocess
from pathlib import Path

import pytest
from uvci.workspace.names import is_component, is_pipeline_name
from uvci.workspace.repository import Disks, find_pipelines, find_repository
from uvci.workspace.roots import Standing
from uvci.workspace.snapshot import Snapshot

JOB = "test:\n  script: [echo]\n"


def write(root: Path, files: dict[str, str]) -> Snapshot:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Snapshot.open(root)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".gitlab-ci.yml", True),
        (".gitlab-ci.yaml", True),
        ("services/a/.gitlab-ci.yml", True),
        ("python.gitlab-ci.yml", True),
        ("ci/python.gitlab-ci.yaml", True),
        (".gitlab/ci/test.yml", True),
        ("sub/.gitlab/test.yaml", True),
        (".gitlab/agents/prod/config.yaml", False),
        (".gitlab/changelog_config.yml", False),
        (".gitlab/route-map.yml", False),
        (".gitlab/issue_templates/bug.md", False),
        ("docker-compose.yml", False),
        ("ci/test.yml", False),
        ("gitlab-ci.yml", False),
        (".gitlab-ci.yml.j2", False),
        (".github/workflows/test.yml", False),
    ],
)
def test_names(path: str, *, expected: bool) -> None:
    assert is_pipeline_name(path) is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("templates/test.yml", "spec:\n  inputs:\n    a:\n---\n" + JOB, True),
        ("templates/test/template.yml", "# hello\nspec:\n  inputs: {}\n---\n" + JOB, True),
        ("templates/test.yml", JOB, False),
        ("templates/deep/er/template.yml", "spec:\n---\n" + JOB, False),
        ("charts/templates/pod.yml", "spec:\n---\n", False),
        ("templates/pod.yml", "kind: Pod\nspec:\n  a: 1\n---\nkind: Pod\n", False),
    ],
)
def test_components(path: str, text: str, *, expected: bool) -> None:
    assert is_component(path, text) is expected


def test_an_included_file_belongs_to_what_includes_it(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "include: [/ci/a.yml, /.gitlab/b.yml]\n" + JOB,
            "ci/a.yml": "include: /ci/deep.yml\n",
            "ci/deep.yml": ".x: {script: [a]}\n",
            ".gitlab/b.yml": ".y: {script: [a]}\n",
            "ci/other.yml": "a: 1\n",
        },
    )
    for path in (".gitlab-ci.yml", "ci/a.yml", "ci/deep.yml", ".gitlab/b.yml"):
        assert snapshot.roots_of(path) == (".gitlab-ci.yml",)
    assert snapshot.roots_of("ci/other.yml") == ()
    assert snapshot.view("ci/other.yml") is None


def test_child_pipelines_are_roots_of_their_own(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "child:\n  trigger:\n    include:\n      - local: /ci/child.yml\n",
            "ci/child.yml": "include: ci/shared.yml\nnested:\n  trigger: {include: ci/deep.yml}\n",
            "ci/shared.yml": ".x: {script: [a]}\n",
            "ci/deep.yml": "include: ci/shared.yml\n" + JOB,
        },
    )
    assert snapshot.roots_of("ci/child.yml") == ("ci/child.yml",)
    assert snapshot.roots_of("ci/deep.yml") == ("ci/deep.yml",)
    assert snapshot.roots_of("ci/shared.yml") == ("ci/child.yml", "ci/deep.yml")
    assert snapshot.standing("ci/child.yml") is Standing.PIPELINE


def test_the_settings_name_the_root(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            "uvci.toml": 'root = "ci/main.yml"\n',
            "ci/main.yml": "include: ci/part.yml\n" + JOB,
            "ci/part.yml": ".x: {script: [a]}\n",
        },
    )
    assert snapshot.roots_of("ci/part.yml") == ("ci/main.yml",)
    assert snapshot.standing("ci/main.yml") is Standing.PIPELINE


def test_a_pipeline_file_that_nobody_includes_stands_alone(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": JOB,
            "base.gitlab-ci.yml": "a:\n  stage: elsewhere\n  extends: .elsewhere\n",
            "more.gitlab-ci.yml": "include: third.gitlab-ci.yml\n",
            "third.gitlab-ci.yml": ".z: {script: [a]}\n",
        },
    )
    assert snapshot.roots_of("base.gitlab-ci.yml") == ("base.gitlab-ci.yml",)
    assert snapshot.standing("base.gitlab-ci.yml") is Standing.TEMPLATE
    assert snapshot.roots_of("third.gitlab-ci.yml") == ("more.gitlab-ci.yml",)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("template/.gitlab-ci.yml", "{% if docs %}\npages: {}\n{% endif %}\n" + JOB, False),
        ("template/.gitlab-ci.yml", "test:\n  image: {{ image }}\n", False),
        ("template/.gitlab-ci.yml", "image: python:{{cookiecutter.python}}\n" + JOB, False),
        ("{{cookiecutter.name}}/.gitlab-ci.yml", JOB, False),
        ("template/.gitlab-ci.yml", "test:\n  script: docker ps --format '{{.Names}}'\n", True),
        (".gitlab-ci.yml", "{% if docs %}\npages: {}\n{% endif %}\n" + JOB, True),
    ],
)
def test_what_a_generator_of_projects_fills_in_is_no_pipeline(
    tmp_path: Path, path: str, text: str, *, expected: bool
) -> None:
    snapshot = write(tmp_path, {path: text})
    assert (path in snapshot.roots_of(path)) is expected


def test_what_a_template_lacks_may_be_elsewhere(tmp_path: Path) -> None:
    text = "a:\n  stage: elsewhere\n  script: [x]\n  scirpt: [y]\n"
    snapshot = write(tmp_path, {"base.gitlab-ci.yml": text, ".gitlab-ci.yml": text})
    said = [finding.message for finding in snapshot.findings("base.gitlab-ci.yml")]
    assert said == ["jobs:a config contains unknown keys: scirpt"]
    messages = [finding.message for finding in snapshot.findings(".gitlab-ci.yml")]
    assert any("scirpt" in message for message in messages)


def test_a_pipeline_in_a_folder_may_be_of_another_repository(tmp_path: Path) -> None:
    of_a_bundle = "include: /.gitlab/jobs.yml\npublish: {stage: publish, script: [a], oops: 1}\n"
    snapshot = write(tmp_path, {"bundle/.gitlab-ci.yml": of_a_bundle, ".gitlab-ci.yml": JOB})
    (finding,) = snapshot.findings("bundle/.gitlab-ci.yml")
    assert "unknown keys: oops" in finding.message


def test_a_pipeline_of_a_subfolder_may_be_included_or_not(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "include: /services/a/.gitlab-ci.yml\n",
            "services/a/.gitlab-ci.yml": JOB,
            "services/b/.gitlab-ci.yml": JOB,
        },
    )
    assert snapshot.roots_of("services/a/.gitlab-ci.yml") == (".gitlab-ci.yml",)
    assert snapshot.roots_of("services/b/.gitlab-ci.yml") == ("services/b/.gitlab-ci.yml",)


def test_a_name_given_by_the_user_is_enough(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {"some.yml": JOB}).with_named(["some.yml"])
    assert snapshot.roots_of("some.yml") == ("some.yml",)
    assert snapshot.standing("some.yml") is Standing.PIPELINE


def test_the_repository_of_a_file(tmp_path: Path) -> None:
    write(
        tmp_path, {"g/a/x.yml": "", "n/.gitlab-ci.yml": "", "n/b/y.yml": "", "o/.gitlab/z.yml": ""}
    )
    subprocess.run(["git", "init", "-q", tmp_path / "g"], check=True)
    assert find_repository(tmp_path / "g/a/x.yml") == tmp_path / "g"
    assert find_repository(tmp_path / "n/b/y.yml") == tmp_path / "n"
    assert find_repository(tmp_path / "o/.gitlab/z.yml") == tmp_path / "o"


def test_pipelines_below_a_folder_of_repositories(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "one/.gitlab-ci.yml": JOB,
            "one/ignored.gitlab-ci.yml": JOB,
            "one/.gitignore": "ignored*\n",
            "two/.gitlab-ci.yml": JOB,
            "two/docker-compose.yml": "a: 1\n",
        },
    )
    subprocess.run(["git", "init", "-q", tmp_path / "one"], check=True)
    found = [(each.repository.name, each.path) for each in find_pipelines(tmp_path, Disks())]
    assert found == [("one", ".gitlab-ci.yml"), ("two", ".gitlab-ci.yml")]
