"""`--fix` and `--diff`."""

import json

import pytest

from tests.cli.command_line import BAD, BAD_TAG, GOOD_TAG, CommandLine

FIXED = BAD.replace(BAD_TAG, GOOD_TAG)
DRIFT = "variables:\n  UV_VERSION: 0.10\n  UV_LINK_MOD: copy\n"


def test_fixes_are_written_and_counted(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    done = uvci("check", "--fix")
    assert uvci.read(".gitlab-ci.yml") == FIXED
    assert (done.code, done.out) == (0, "Fixed 1 finding. Nothing to report in 1 file.\n")


def test_newlines_marks_and_comments_stay(uvci: CommandLine) -> None:
    text = "\ufeff" + BAD.replace("\n", "\r\n")
    uvci.write(".gitlab-ci.yml", text)
    uvci("check", "--fix")
    assert uvci.read(".gitlab-ci.yml") == text.replace(BAD_TAG, GOOD_TAG)


def test_fixing_goes_on_until_nothing_is_left(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", DRIFT + BAD + BAD.replace("test", "again"))
    uvci("check", "--fix")
    once = uvci.read(".gitlab-ci.yml")
    assert once.count(GOOD_TAG) == 2
    assert 'UV_VERSION: "0.10"' in once
    assert "UV_LINK_MOD:" not in once
    uvci("check", "--fix")
    assert uvci.read(".gitlab-ci.yml") == once


def test_only_what_is_selected_is_fixed(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", DRIFT + BAD)
    uvci("check", "--fix", "--select", "UVC301")
    assert uvci.read(".gitlab-ci.yml") == (DRIFT + BAD).replace("LINK_MOD:", "LINK_MODE:")


def test_an_included_file_is_fixed_where_it_is_typed(uvci: CommandLine) -> None:
    root = "include: /ci/base.yml\nunit:\n  extends: .base\n"
    uvci.write(".gitlab-ci.yml", root)
    uvci.write("ci/base.yml", f".base:\n  image: {BAD_TAG}\n  script: [echo]\n")
    assert uvci("check", ".gitlab-ci.yml", "--fix").code == 0
    assert GOOD_TAG in uvci.read("ci/base.yml")
    assert uvci.read(".gitlab-ci.yml") == root


def test_a_diff_changes_nothing(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    done = uvci("check", "--diff")
    assert done.code == 1
    assert done.out == (
        "--- .gitlab-ci.yml\n"
        "+++ .gitlab-ci.yml\n"
        "@@ -1,3 +1,3 @@\n"
        " test:\n"
        f"-  image: {BAD_TAG}  # why\n"
        f"+  image: {GOOD_TAG}  # why\n"
        "   script: [echo]\n"
    )
    assert uvci.read(".gitlab-ci.yml") == BAD
    uvci.write(".gitlab-ci.yml", FIXED)
    clean = uvci("check", "--diff")
    assert (clean.code, clean.out) == (0, "")


def test_a_diff_tells_of_a_missing_last_newline(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", f"test:\n  script: [echo]\n  image: {BAD_TAG}")
    assert uvci("check", "--diff").out.endswith(
        f"-  image: {BAD_TAG}\n\\ No newline at end of file\n"
        f"+  image: {GOOD_TAG}\n\\ No newline at end of file\n"
    )


def test_standard_input_is_fixed_to_standard_output(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "untouched: {script: [a]}\n")
    done = uvci("check", "-", "--fix", stdin=BAD)
    assert (done.code, done.out) == (0, FIXED)
    assert done.err == "Fixed 1 finding. Nothing to report in 1 file.\n"
    assert uvci.read(".gitlab-ci.yml") == "untouched: {script: [a]}\n"


def test_the_edits_in_json_are_what_fix_does(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "# ü\n" + BAD)
    (found,) = json.loads(uvci("check", "--output-format", "json").out)
    assert found["fix"]["applicability"] == "safe"
    (edit,) = found["fix"]["edits"]
    lines = ("# ü\n" + BAD).splitlines(keepends=True)
    line = lines[edit["start"]["line"] - 1]
    assert edit["start"]["line"] == edit["end"]["line"]
    lines[edit["start"]["line"] - 1] = (
        line[: edit["start"]["column"] - 1] + edit["content"] + line[edit["end"]["column"] - 1 :]
    )
    uvci("check", "--fix")
    assert uvci.read(".gitlab-ci.yml") == "".join(lines)


def test_a_file_that_cannot_be_written_is_told(
    uvci: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    uvci.write(".gitlab-ci.yml", BAD)
    monkeypatch.setattr("pathlib.Path.write_bytes", denied)
    done = uvci("check", "--fix")
    assert done.code == 2
    assert done.err == "uvci: .gitlab-ci.yml: it cannot be written: Permission denied\n"
