"""`uvci graph` at the command line."""

import xml.etree.ElementTree as ET

import pytest

from tests.cli.command_line import CommandLine

PIPELINE = """\
stages: [check, test]
lint: {stage: check, image: "ghcr.io/astral-sh/uv:0.12.5-python3.13-alpine", script: [uvx ruff]}
test: {stage: test, needs: [lint], cache: {key: k, paths: [x]}, script: [make]}
"""


def test_the_repository_s_own_pipeline_as_text(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", PIPELINE)
    done = uvci("graph")
    assert done.code == 0
    assert "  lint  uv 0.12.5, Python 3.13\n" in done.out
    assert "    after lint\n" in done.out
    assert "k\n  holds x\n  restored and saved by test\n" in done.out


def test_only_what_is_asked_for(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", PIPELINE)
    assert "CACHES" not in uvci("graph", "--only", "pipeline").out
    assert "PIPELINE" not in uvci("graph", "--only", "caches").out


def test_an_included_file_is_drawn_in_its_pipeline(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "include: ci/jobs.yml\nmain: {script: [x]}\n")
    uvci.write("ci/jobs.yml", "part: {script: [x]}\n")
    assert "  main\n" in uvci("graph", "ci/jobs.yml").out


@pytest.mark.parametrize(("form", "start"), [("svg", "<svg "), ("mermaid", "flowchart LR")])
def test_other_forms(uvci: CommandLine, form: str, start: str) -> None:
    uvci.write("ci.yml", PIPELINE)
    done = uvci("graph", "ci.yml", "--format", form)
    assert done.out.startswith(start)
    if form == "svg":
        assert ET.fromstring(done.out).tag.endswith("svg")


def test_a_file_that_gitlab_refuses_is_said_to_be(uvci: CommandLine) -> None:
    uvci.write("pyproject.toml", "[project]\n")
    assert "GitLab refuses this pipeline" in uvci("graph", "pyproject.toml").err


def test_no_pipeline_here(uvci: CommandLine) -> None:
    done = uvci("graph")
    assert (done.code, done.out) == (2, "")
    assert "name the file" in done.err
