"""`uvci resolve` against what GitLab's own classes computed, and what it prints for people."""

import json
from pathlib import Path

import pytest
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.shapes import to_json
from uvci.pipeline.sources import MemoryFiles

from tests.cli.command_line import CommandLine
from tests.shared import SHARED, shared

ORACLES = sorted(place.parent.name for place in SHARED.glob("preview-oracle/*/case.json"))
KEYS = ("valid", "errors", "stages", "root_variables", "jobs", "expanded_jobs")
PARTS = {
    ".gitlab-ci.yml": "include: /ci/base.yml\n"
    "default:\n  image: python:3.13\n"
    "variables:\n  A: '3.10'\n  B: yes\n"
    "test:\n  extends: .base\n  parallel:\n    matrix:\n      - V: ['1', '2']\n"
    "lint:\n  script: [ruff check]\n",
    "ci/base.yml": ".base:\n  script:\n    - |\n      echo 'a: b' # c\n      echo\n    - ':x'\n",
}


@pytest.fixture
def resolved(uvci: CommandLine) -> CommandLine:
    for name, text in PARTS.items():
        uvci.write(name, text)
    return uvci


@pytest.mark.parametrize("case", ORACLES or ["none"])
def test_gitlabs_own_answers(uvci: CommandLine, case: str) -> None:
    folder = shared("preview-oracle") / case
    entry = json.loads((folder / "case.json").read_text())["entry"]
    wanted = json.loads((folder / "expected.gitlab.json").read_text())
    done = uvci("resolve", str(folder / "input" / entry), "--output-format", "json")
    found = json.loads(done.out)
    assert {key: found.get(key) for key in KEYS} == {key: wanted.get(key) for key in KEYS}
    assert done.code == (0 if wanted["valid"] else 1)


def test_json_of_one_job(resolved: CommandLine) -> None:
    found = json.loads(
        resolved("resolve", ".gitlab-ci.yml", "--job", "test", "--output-format", "json").out
    )
    assert list(found["jobs"]) == ["test"]
    assert list(found["merged"]) == ["test"]
    assert sorted(found["expanded_jobs"]) == ["test: [1]", "test: [2]"]


def test_without_a_file_it_is_the_pipeline_of_the_repository(resolved: CommandLine) -> None:
    assert resolved("resolve").out == resolved("resolve", ".gitlab-ci.yml").out != ""


def test_the_yaml_is_read_back_as_the_same(resolved: CommandLine) -> None:
    done = resolved("resolve", ".gitlab-ci.yml")
    assert done.code == 0
    before = build_pipeline(".gitlab-ci.yml", MemoryFiles(PARTS))
    after = build_pipeline("out.yml", MemoryFiles({"out.yml": done.out}))
    assert after.problems == ()
    assert [job.name for job in after.jobs] == ["test", "lint"]
    for job in before.jobs:
        other = after.job(job.name)
        assert other is not None
        wanted = to_json(job.keywords)
        assert isinstance(wanted, dict)
        wanted.pop("extends", None)
        assert to_json(other.keywords) == wanted
    assert to_json(after.merged.entries["variables"]) == {"A": "3.10", "B": True}


def test_every_value_tells_where_it_is_from(resolved: CommandLine) -> None:
    text = resolved("resolve", ".gitlab-ci.yml", "--job", "test", "--origins").out
    assert "  image: python:3.13  # .gitlab-ci.yml:3, default" in text
    assert "    - |  # ci/base.yml:3, extends .base" in text
    values = json.loads(
        resolved(
            "resolve", ".gitlab-ci.yml", "--job", "test", "--origins", "--output-format", "json"
        ).out
    )
    script = next(each for each in values if each["path"] == ["test", "script", 1])
    assert (script["value"], script["file"], script["line"]) == (":x", "ci/base.yml", 6)
    assert script["via"][0] == {"kind": "extends", "name": ".base"}


def test_a_refused_pipeline(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "test:\n  stage: chekc\n  script: [a]\n")
    done = uvci("resolve", ".gitlab-ci.yml")
    assert done.code == 1
    assert "chosen stage chekc does not exist" in done.err


def test_what_cannot_be_read_is_said(uvci: CommandLine) -> None:
    uvci.write(
        ".gitlab-ci.yml", "include:\n  - project: a/b\n    file: /x.yml\nt:\n  script: [a]\n"
    )
    done = uvci("resolve", ".gitlab-ci.yml", "--output-format", "json")
    assert done.code == 0
    assert json.loads(done.out)["valid"] is None
    assert done.err.startswith("uvci: not known here: ")


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (b"t:\n  script: [a]\n", ("--job", "nope"), "has no job `nope`."),
        (b"a: \xff", (), "It is not UTF-8"),
        (b"#" * 2_097_153, (), "The provided YAML is too big"),
    ],
)
def test_what_cannot_be_resolved(
    uvci: CommandLine, content: bytes, arguments: tuple[str, ...], said: str
) -> None:
    uvci.write(".gitlab-ci.yml", content)
    done = uvci("resolve", ".gitlab-ci.yml", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_file_is_its_own_root(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "include: /part.yml\nmain:\n  script: [a]\n")
    uvci.write("part.yml", "part:\n  script: [a]\n")
    done = uvci("resolve", str(Path("part.yml")), "--output-format", "json")
    assert list(json.loads(done.out)["jobs"]) == ["part"]
