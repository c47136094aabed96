"""Settings: what is accepted, what is said about the rest, and which file counts."""

import json
from pathlib import Path

import jsonschema
import pytest
from uvci.catalog.versions import UvVersion
from uvci.rules.registry import RULES, find_rule
from uvci.rules.rule import Severity
from uvci.workspace.configuration import Configuration
from uvci.workspace.disk import Disk
from uvci.workspace.settings import KEYS, read_settings
from uvci.workspace.settings_files import find_settings

from tests.workspace.make_settings_schema import PLACE, schema_text

EVERYTHING = {
    "select": ["UVC1"],
    "ignore": ["UVC103", "no-cache"],
    "extend-select": ["UVC301"],
    "per-file-ignores": {"templates/*.yml": ["UVC2"]},
    "severity": {"UVC205": "error"},
    "target-version": "0.9.17",
    "includes": {"group/templates": "../templates"},
    "root": "ci/main.yml",
}


def test_every_key_is_read() -> None:
    read = read_settings(EVERYTHING, "uvci.toml")
    assert read.error is None
    assert read.over(Configuration()) == Configuration(
        select=("UVC1",),
        ignore=("UVC103", "no-cache"),
        extend_select=("UVC301",),
        per_file_ignores=(("templates/*.yml", ("UVC2",)),),
        severity=(("UVC205", Severity.ERROR),),
        target_version=UvVersion(0, 9, 17),
        includes=(("group/templates", "../templates"),),
        root=("ci/main.yml",),
        origins=tuple((name, "uvci.toml") for name in EVERYTHING),
    )


def test_keys_may_be_written_as_editors_do() -> None:
    read = read_settings({"targetVersion": "0.9.1", "extend_select": ["ALL"]}, "editor")
    assert read.error is None
    assert read.values == {"target-version": UvVersion(0, 9, 1), "extend-select": ("ALL",)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"selct": []}, "There is no setting `selct`. Did you mean `select`?"),
        ({"zebra": 1}, "There is no setting `zebra`."),
        ({"select": "UVC1"}, "`select` must be a list, not a text."),
        ({"select": [1]}, "`select` must hold texts only, not a number."),
        ({"ignore": ["UVC999"]}, "`ignore` names no rule: `UVC999`."),
        ({"ignore": ["no-cahce"]}, "`ignore` names no rule: `no-cahce`. Did you mean `no-cache`?"),
        (
            {"severity": {"UVC205": "eror"}},
            (
                "`severity.UVC205` is `eror`, not one of error, warning, info, hint. "
                "Did you mean `error`?"
            ),
        ),
        ({"severity": {"nope": "error"}}, "`severity.nope` names no rule: `nope`."),
        ({"severity": []}, "`severity` must be a table, not a list."),
        ({"target-version": 0.9}, "`target-version` must be a text, not a number."),
        (
            {"target-version": "latest"},
            "`target-version` is `latest`, not a version of uv such as 0.9.17.",
        ),
        ({"includes": {"a/b": True}}, "`includes.a/b` must be a text, not a boolean."),
        ({"root": {}}, "`root` must be a list, not a table."),
        ({"per-file-ignores": {"*.yml": ["x"]}}, "`per-file-ignores.*.yml` names no rule: `x`."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_left_out(given: dict[str, object], said: str) -> None:
    read = read_settings({"ignore": ["UVC103"], **given}, "uvci.toml")
    assert read.error is not None
    assert str(read.error) == f"uvci.toml: {said}"
    assert read.values.keys() <= {"ignore"}


def test_all_problems_are_one_message_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\n"
        'name = "x"\n'
        "[tool.uvci]\n"
        'selekt = ["ALL"]\n'
        'ignore = ["UVC103"]\n'
        "[tool.uvci.severity]\n"
        'UVC205 = "loud"\n'
    )
    found = find_settings(Disk(tmp_path), "")
    assert found.configuration.ignore == ("UVC103",)
    assert str(found.error) == (
        "pyproject.toml:4: There is no setting `selekt`. Did you mean `select`?\n"
        "pyproject.toml:7: `severity.UVC205` is `loud`, not one of error, warning, info, hint."
    )


def test_a_file_that_is_not_toml_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "uvci.toml").write_text("select = [\n]]\n")
    found = find_settings(Disk(tmp_path), "")
    assert str(found.error).startswith("uvci.toml:2: It is not TOML: ")
    assert found.configuration.select == ("ALL",)


def test_the_nearest_file_wins_and_uvci_toml_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "uvci.toml").write_text('ignore = ["UVC1"]\n')
    (tmp_path / "a/pyproject.toml").write_text('[tool.uvci]\nignore = ["UVC2"]\n')
    (tmp_path / "a/b/pyproject.toml").write_text('[project]\nname = "b"\n')
    disk = Disk(tmp_path)
    assert find_settings(disk, "").path == "uvci.toml"
    below = find_settings(disk, "a/b")
    assert (below.path, below.configuration.ignore) == ("a/pyproject.toml", ("UVC2",))
    (tmp_path / "a/uvci.toml").write_text('ignore = ["UVC3"]\n')
    assert find_settings(Disk(tmp_path), "a").path == "a/uvci.toml"


def test_paths_are_relative_to_the_folder_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/uvci.toml").write_text(
        'root = "ci/main.yml"\n[per-file-ignores]\n"ci/*.yml" = ["UVC101"]\n'
    )
    configuration = find_settings(Disk(tmp_path), "sub").configuration
    rule = find_rule("UVC101")
    assert rule is not None
    assert configuration.roots == ("sub/ci/main.yml",)
    assert configuration.ignores(rule, "sub/ci/a.yml")
    assert not configuration.ignores(rule, "ci/a.yml")


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({}, {"UVC101", "UVC205", "UVC301"}),
        ({"select": ["UVC1"]}, {"UVC101"}),
        ({"ignore": ["UVC2"]}, {"UVC101", "UVC301"}),
        ({"ignore": ["UVC2"], "extend-select": ["UVC205"]}, {"UVC101", "UVC205", "UVC301"}),
        ({"ignore": ["UVC2"], "select": ["UVC2"]}, set()),
        ({"select": ["no-cache"], "ignore": ["UVC2"]}, {"UVC205"}),
        ({"select": ["ALL"], "ignore": ["ALL"]}, set()),
    ],
)
def test_the_more_exact_selector_decides(settings: dict[str, object], asked: set[str]) -> None:
    configuration = read_settings(settings, "test").over(Configuration())
    codes = {rule.code for rule in configuration.rules(RULES)}
    assert codes & {"UVC101", "UVC205", "UVC301"} == asked


def test_the_severity_of_the_more_exact_selector_counts() -> None:
    given = {"severity": {"no-cache": "warning", "UVC2": "error", "ALL": "info"}}
    configuration = read_settings(given, "test").over(Configuration())
    severities = {
        code: configuration.severity_of(rule)
        for code in ("UVC205", "UVC203", "UVC101")
        if (rule := find_rule(code))
    }
    assert severities == {
        "UVC205": Severity.WARNING,
        "UVC203": Severity.ERROR,
        "UVC101": Severity.INFO,
    }


def test_the_schema_is_fresh() -> None:
    assert PLACE.read_text(encoding="utf-8") == schema_text(), (
        "run tests/workspace/make_settings_schema.py"
    )


def test_the_schema_accepts_what_is_accepted_and_refuses_the_rest() -> None:
    schema = json.loads(PLACE.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    assert validator.is_valid(EVERYTHING)
    assert set(EVERYTHING) == {key.name for key in KEYS}
    assert not validator.is_valid({"selct": []})
    assert not validator.is_valid({"severity": {"UVC205": "loud"}})
    assert not validator.is_valid({"target-version": "latest"})
