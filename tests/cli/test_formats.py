"""The formats, each as it is printed."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
from uvci.rules.registry import RULES

from tests.cli.command_line import BAD, BAD_TAG, GOOD_TAG, CommandLine

MESSAGE = (
    "`ghcr.io/astral-sh/uv` has no tag `0.9.17-python3.12-bookwrm-slim`: it never existed, so job "
    "`test` cannot start; use `0.9.17-python3.12-bookworm-slim`."
)

FORMATS = ("full", "concise", "json", "gitlab", "sarif", "junit", "github")

# The parts of the SARIF 2.1.0 standard that this output uses, all its required properties and the
# bounds of its values (OASIS: Static Analysis Results Interchange Format, sections 3.13 to 3.55).
REGION = {
    "type": "object",
    "properties": {
        name: {"type": "integer", "minimum": 1}
        for name in ("startLine", "startColumn", "endLine", "endColumn")
    },
    "required": ["startLine"],
    "additionalProperties": False,
}
ARTIFACT = {
    "type": "object",
    "properties": {"uri": {"type": "string", "pattern": "^[^ \\\\]+$"}},
    "required": ["uri"],
    "additionalProperties": False,
}
TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "markdown": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "properties": {"artifactLocation": ARTIFACT, "region": REGION},
            "required": ["artifactLocation"],
            "additionalProperties": False,
        },
        "message": TEXT,
    },
    "additionalProperties": False,
}
FIX = {
    "type": "object",
    "properties": {
        "description": TEXT,
        "artifactChanges": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "artifactLocation": ARTIFACT,
                    "replacements": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "properties": {"deletedRegion": REGION, "insertedContent": TEXT},
                            "required": ["deletedRegion"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["artifactLocation", "replacements"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["artifactChanges"],
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "helpUri": {"type": "string", "format": "uri", "pattern": "^https://"},
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
    },
    "required": ["id"],
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION, "uniqueItems": True},
        "fixes": {"type": "array", "items": FIX},
        "properties": {"type": "object"},
    },
    "required": ["message"],
    "additionalProperties": False,
}
SARIF = {
    "type": "object",
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "tool": {
                        "type": "object",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                                },
                                "required": ["name"],
                                "additionalProperties": False,
                            }
                        },
                        "required": ["driver"],
                        "additionalProperties": False,
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
                "required": ["tool"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["version", "runs"],
    "additionalProperties": False,
}


def out(uvci: CommandLine, form: str, *arguments: str) -> str:
    return uvci("check", "--output-format", form, *arguments).out


def test_full(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "# pipeline\n\n" + BAD)
    assert out(uvci, "full") == (
        f"error[UVC101]: {MESSAGE}\n"
        " --> .gitlab-ci.yml:4:31\n"
        "  |\n"
        "3 | test:\n"
        f"4 |   image: {BAD_TAG}  # why\n"
        "  |                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "5 |   script: [echo]\n"
        "  |\n"
        "help: Use the image `0.9.17-python3.12-bookworm-slim` [--fix]\n"
        "\n"
        "Found 1 finding in 1 of 1 file: 1 error.\n"
        "[*] 1 can be fixed with `--fix`.\n"
    )


def test_full_keeps_carets_under_wide_letters_tabs_and_long_lines(uvci: CommandLine) -> None:
    # The letters take two columns each.
    uvci.write(".gitlab-ci.yml", f"漢字: {{image: {BAD_TAG}, script: [echo]}}\n")
    excerpt, carets = out(uvci, "full").splitlines()[3:5]
    # Two wide letters stand before the mark, so it is moved by two columns against the text.
    assert carets.index("^") - 2 == excerpt.index("0.9.17")
    uvci.write(".gitlab-ci.yml", f"{'x' * 200}: {{image: {BAD_TAG}, script: [echo]}}\n")
    excerpt, carets = out(uvci, "full").splitlines()[3:5]
    assert carets.index("^") == excerpt.index("0.9.17")
    assert len(excerpt) < 200


def test_full_prints_nothing_that_moves_the_cursor(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", f"test:\n  image: {BAD_TAG} # \u202e\u2066\n  script: [echo]\n")
    printed = out(uvci, "full")
    assert "\u202e" not in printed
    assert "# \ufffd\ufffd" in printed


def test_json(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    assert json.loads(out(uvci, "json")) == [
        {
            "code": "UVC101",
            "name": "unpublished-image-tag",
            "severity": "error",
            "message": MESSAGE,
            "path": ".gitlab-ci.yml",
            "start": {"line": 2, "column": 31},
            "end": {"line": 2, "column": 61},
            "jobs": ["test"],
            "url": next(rule.url for rule in RULES if rule.code == "UVC101"),
            "fix": {
                "message": "Use the image `0.9.17-python3.12-bookworm-slim`",
                "applicability": "safe",
                "edits": [
                    {
                        "path": ".gitlab-ci.yml",
                        "start": {"line": 2, "column": 10},
                        "end": {"line": 2, "column": 61},
                        "content": GOOD_TAG,
                    }
                ],
            },
        }
    ]


def test_formats_for_machines_are_whole_without_findings(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "test:\n  script: [echo]\n")
    assert json.loads(out(uvci, "json")) == []
    assert json.loads(out(uvci, "gitlab")) == []
    assert json.loads(out(uvci, "sarif"))["runs"][0]["results"] == []
    suites = ET.fromstring(out(uvci, "junit"))
    assert [case.get("name") for case in suites.iter("testcase")] == ["uvci"]
    assert out(uvci, "github") == ""


def test_gitlab(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    (issue,) = json.loads(out(uvci, "gitlab"))
    fingerprint = issue.pop("fingerprint")
    assert len(fingerprint) == 64
    assert issue == {
        "description": f"UVC101: {MESSAGE}",
        "check_name": "unpublished-image-tag",
        "severity": "critical",
        "location": {"path": ".gitlab-ci.yml", "lines": {"begin": 2, "end": 2}},
    }


def fingerprints(uvci: CommandLine) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(out(uvci, "gitlab"))]


def test_gitlab_fingerprints_stay_when_a_job_moves(uvci: CommandLine) -> None:
    other = "other:\n  script: [echo]\n"
    uvci.write(".gitlab-ci.yml", BAD + other)
    before = fingerprints(uvci)
    uvci.write(".gitlab-ci.yml", "# moved\n" + other + "\n" + BAD)
    assert fingerprints(uvci) == before
    uvci.write(".gitlab-ci.yml", BAD.replace("test:", "renamed:"))
    assert fingerprints(uvci) != before


def test_gitlab_fingerprints_are_unique(uvci: CommandLine) -> None:
    jobs = f"[{{image: {BAD_TAG}}}, {{image: {BAD_TAG}}}]"
    uvci.write(".gitlab-ci.yml", BAD + BAD.replace("test:", "a:") + f".x: {jobs}\n")
    found = fingerprints(uvci)
    assert len(found) == len(set(found)) >= 2


def test_gitlab_paths_are_of_the_project(
    uvci: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uvci.write("sub/.gitlab-ci.yml", BAD)
    monkeypatch.chdir(uvci.folder / "sub")
    (issue,) = json.loads(out(uvci, "gitlab"))
    assert issue["location"]["path"] == "sub/.gitlab-ci.yml"
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    (issue,) = json.loads(out(uvci, "gitlab"))
    assert issue["location"]["path"] == "repository/sub/.gitlab-ci.yml"


def test_sarif(uvci: CommandLine) -> None:
    uvci.write("a b/.gitlab-ci.yml", BAD)
    log = json.loads(out(uvci, "sarif"))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "UVC101"
    assert result["message"]["text"] == MESSAGE
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "a%20b/.gitlab-ci.yml"},
        "region": {"startLine": 2, "startColumn": 31, "endLine": 2, "endColumn": 61},
    }
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": GOOD_TAG}


def test_junit(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD.replace("test:", '"<&test\\u0001>":'))
    uvci.write("b/.gitlab-ci.yml", "fine:\n  script: [echo]\n")
    suites = ET.fromstring(out(uvci, "junit"))
    assert dict(suites.attrib) == {"name": "uvci", "tests": "2", "failures": "1", "errors": "0"}
    assert [suite.get("name") for suite in suites] == [".gitlab-ci.yml", "b/.gitlab-ci.yml"]
    (failure,) = suites.iter("failure")
    assert failure.get("type") == "error"
    assert "`<&test\ufffd>`" in (failure.text or "")


def test_github(uvci: CommandLine) -> None:
    uvci.write("a,b/.gitlab-ci.yml", BAD)
    assert out(uvci, "github") == (
        "::error title=uvci (UVC101),file=a%2Cb/.gitlab-ci.yml,line=2,endLine=2,col=31,"
        f"endColumn=61::a,b/.gitlab-ci.yml:2:31: UVC101 {MESSAGE}\n"
    )


def test_every_format_says_something_about_every_finding(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD + BAD.replace("test", "again"))
    for form in FORMATS:
        assert out(uvci, form).count("bookwrm") >= 2, form


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("pipeline", "code"), [(BAD, 1), ("test:\n  script: [echo]\n", 0)])
def test_every_format_goes_to_a_file_and_ends_alike(
    uvci: CommandLine, form: str, pipeline: str, code: int
) -> None:
    uvci.write(".gitlab-ci.yml", pipeline)
    printed = uvci("check", "--output-format", form)
    written = uvci("check", "--output-format", form, "--output-file", "report")
    assert (printed.code, written.code) == (code, code)
    # What is for people ends with a summary, which is still printed.
    assert (uvci.read("report") + written.out) == printed.out
