"""The job and the CI/CD component in editors/gitlab, and this project's own pipeline."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from uvci import __version__

from tests.cli.command_line import CommandLine

TOP = Path(__file__).resolve().parents[2]
GITLAB = TOP / "editors/gitlab"
JOB = GITLAB / "uvci.gitlab-ci.yml"
COMPONENT = GITLAB / "templates/uvci.yml"
DEMO = TOP / "tests/demo"

# GitLab docs, Code Quality: Code Quality report format.
CODE_QUALITY = {
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "properties": {
                "path": {"type": "string", "not": {"pattern": r"^(\./|/)"}},
                "lines": {
                    "properties": {"begin": {"type": "integer", "minimum": 1}},
                    "required": ["begin"],
                },
            },
            "required": ["path", "lines"],
        },
    },
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
}


def resolved(uvci: CommandLine, file: str) -> dict[str, Any]:
    done = uvci("resolve", file)
    assert done.code == 0, done.err
    loaded: dict[str, Any] = yaml.safe_load(done.out)
    return loaded


def included(uvci: CommandLine, inputs: str) -> dict[str, Any]:
    """The job that the component makes with some inputs; uvci finds nothing to report."""
    uvci.write("templates/uvci.yml", COMPONENT.read_text())
    named = f"    inputs: {inputs}\n"
    uvci.write(".gitlab-ci.yml", f"include:\n  - local: templates/uvci.yml\n{named}")
    done = uvci("check")
    assert (done.code, done.out) == (0, "Nothing to report in 2 files.\n")
    (job,) = (
        {"name": name, **job}
        for name, job in resolved(uvci, ".gitlab-ci.yml").items()
        if name != "stages"
    )
    return job


def test_the_job_is_clean_and_runs_this_version(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", JOB.read_text())
    assert uvci("check").out == "Nothing to report in 1 file.\n"
    assert f"uvx uvci@{__version__} check" in JOB.read_text()


def test_the_component_makes_the_same_job(uvci: CommandLine) -> None:
    job = included(uvci, "{}")
    uvci.write("job.gitlab-ci.yml", JOB.read_text())
    same = {"name": "uvci", **resolved(uvci, "job.gitlab-ci.yml")["uvci"]}
    (line,), (other,) = job.pop("script"), same.pop("script")
    assert job == same
    assert line.startswith(f'uvx --from "uvci=={__version__}" uvci check . --fail-on warning ')
    assert line.endswith(other.partition(" check ")[2])


@pytest.mark.parametrize(
    ("inputs", "path", "value"),
    [
        ("{job: pipelines}", "name", "pipelines"),
        ("{stage: .pre}", "stage", ".pre"),
        ("{image: 'ghcr.io/astral-sh/uv:0.12.5-alpine'}", "image", "uv:0.12.5-alpine"),
        ("{package: 'git+https://example.org/uvci'}", "script", '--from "git+https://example.org/'),
        ("{paths: a.yml b}", "script", "uvci check a.yml b --fail-on"),
        ("{fail-on: error}", "script", "--fail-on error --output-format gitlab"),
        ("{changes: [ci/*.yml]}", "rules", "'changes': ['ci/*.yml']"),
    ],
)
def test_each_input_arrives(uvci: CommandLine, inputs: str, path: str, value: str) -> None:
    found = included(uvci, inputs)[path]
    assert value in str(found).replace(
        "'if': '$CI_PIPELINE_SOURCE == \"merge_request_event\"', ", ""
    )


def test_a_severity_that_does_not_exist_is_refused(uvci: CommandLine) -> None:
    uvci.write("templates/uvci.yml", COMPONENT.read_text())
    uvci.write(
        ".gitlab-ci.yml",
        "include:\n  - local: templates/uvci.yml\n    inputs: {fail-on: fatal}\n",
    )
    done = uvci("check")
    assert done.code == 1
    assert "`fatal` cannot be used" in done.out


def test_the_readme_lists_every_input_with_its_default() -> None:
    header = next(yaml.safe_load_all(COMPONENT.read_text()))
    rows = re.findall(r"^\| (`.+?) \| (.+?) \|", (GITLAB / "README.md").read_text(), re.MULTILINE)
    listed = {name for names, _ in rows for name in re.findall("`(.+?)`", names)}
    assert listed == set(header["spec"]["inputs"])
    defaults = {name: each["default"] for name, each in header["spec"]["inputs"].items()}
    shown = dict(rows)
    for name in ("package", "paths", "fail-on"):
        assert shown[f"`{name}`"] == f"`{defaults[name]}`"


def test_the_report_of_the_job_is_code_quality(uvci: CommandLine) -> None:
    """The job's own command line, on a pipeline that is wrong."""
    shutil.copytree(DEMO, uvci.folder, dirs_exist_ok=True)
    script = yaml.safe_load(JOB.read_text())["uvci"]["script"][0]
    assert uvci(*script.split()[2:]).code == 1
    issues = json.loads(uvci.read("gl-code-quality-report.json"))
    assert len(issues) >= 5
    for issue in issues:
        jsonschema.validate(issue, CODE_QUALITY)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_this_project_checks_itself_with_the_component(
    uvci: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    job = resolved(uvci, ".gitlab-ci.yml")["uvci"]
    (line,) = job["script"]
    command = line.partition(" uvci ")[2].partition(" --output-format ")[0]
    assert line.startswith('uvx --from "." ')
    assert uvci(*command.split()).out == "Nothing to report in 3 files.\n"
