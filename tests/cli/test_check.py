"""`uvci check`: what is checked, what is said, and the exit code."""

import json

import pytest

from tests.cli.command_line import BAD, BAD_TAG, GOOD, CommandLine, process

SAID = (
    ".gitlab-ci.yml:2:31: UVC101 `ghcr.io/astral-sh/uv` has no tag "
    "`0.9.17-python3.12-bookwrm-slim`: it never existed, so job `test` cannot start; use "
    "`0.9.17-python3.12-bookworm-slim`.\n"
)


def paths(out: str) -> list[str]:
    return [found["path"] for found in json.loads(out)]


def test_nothing_wrong(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", GOOD)
    done = uvci("check")
    assert (done.code, done.out, done.err) == (0, "Nothing to report in 1 file.\n", "")


def test_a_finding(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    done = uvci("check", "--output-format", "concise")
    assert done.code == 1
    assert done.out == SAID + "Found 1 finding in 1 of 1 file: 1 error.\n"
    assert done.err == ""


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "error"), 1),
        (("--exit-zero",), 0),
        (("--ignore", "UVC101"), 0),
        (("--ignore", "unpublished-image-tag,UVC2"), 0),
        (("--select", "UVC2"), 0),
        (("--select", "UVC2", "--extend-select", "UVC101"), 1),
        (("--output-format", "json"), 1),
        (("--output-format", "sarif", "--exit-zero"), 0),
        (("--statistics",), 1),
    ],
)
def test_exit_codes(uvci: CommandLine, options: tuple[str, ...], code: int) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    assert uvci("check", *options).code == code


def test_the_severity_decides_what_is_shown_and_what_fails(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    uvci.write("uvci.toml", '[severity]\nUVC101 = "info"\n')
    assert uvci("check").code == 0
    assert uvci("check", "--fail-on", "info").code == 1
    shown = uvci("check", "--severity", "warning", "--fail-on", "hint")
    assert (shown.code, shown.out) == (0, "Nothing to report in 1 file.\n")


def test_a_folder_means_every_pipeline_below_it(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    uvci.write("a/x.gitlab-ci.yml", BAD)
    uvci.write("a/.gitlab/y.yml", BAD)
    uvci.write("a/compose.yml", BAD)
    uvci.write("templates/c.yml", "spec:\n  inputs: {}\n---\n" + BAD)
    assert paths(uvci("check", "--output-format", "json").out) == [
        ".gitlab-ci.yml",
        "a/.gitlab/y.yml",
        "a/x.gitlab-ci.yml",
        "templates/c.yml",
    ]
    assert paths(uvci("check", "a", "--output-format", "json").out) == [
        "a/.gitlab/y.yml",
        "a/x.gitlab-ci.yml",
    ]


def test_a_file_is_checked_through_its_pipeline(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "include: /ci/base.yml\nunit:\n  extends: .base\n")
    uvci.write("ci/base.yml", f".base:\n  image: {BAD_TAG}\n  script: [echo]\n")
    for path in ("ci/base.yml", ".gitlab-ci.yml"):
        (found,) = json.loads(uvci("check", path, "--output-format", "json").out)
        assert (found["path"], found["jobs"]) == ("ci/base.yml", ["unit"])


def test_any_file_may_be_named(uvci: CommandLine) -> None:
    uvci.write("some.yml", BAD)
    assert paths(uvci("check", "some.yml", "--output-format", "json").out) == ["some.yml"]
    skipped = uvci("check", "some.yml", "--skip-others")
    assert (skipped.code, skipped.out, skipped.err) == (0, "", "")


def test_the_root_in_the_settings_is_checked(uvci: CommandLine) -> None:
    uvci.write("uvci.toml", 'root = "ci/main.yml"\n')
    uvci.write("ci/main.yml", BAD)
    assert paths(uvci("check", "--output-format", "json").out) == ["ci/main.yml"]


def test_paths_are_shown_from_the_working_folder(
    uvci: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    uvci.write("sub/x.gitlab-ci.yml", BAD)
    monkeypatch.chdir(uvci.folder / "sub")
    shown = paths(uvci("check", "--output-format", "json").out)
    assert shown == [str(uvci.folder / ".gitlab-ci.yml"), "x.gitlab-ci.yml"]


def test_standard_input(uvci: CommandLine) -> None:
    uvci.write("ci/base.yml", ".base:\n  script: [echo]\n")
    text = "include: /ci/base.yml\n" + BAD
    done = uvci("check", "-", "--output-format", "concise", stdin=text)
    assert (done.code, done.out[:30]) == (1, ".gitlab-ci.yml:3:31: UVC101 `g")
    named = uvci("check", "--stdin-filename", "ci/x.yml", "--output-format", "json", stdin=BAD)
    assert paths(named.out) == ["ci/x.yml"]


def test_statistics(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    assert uvci("check", "--statistics").out == "1  UVC101  [*] unpublished-image-tag\n"
    done = uvci("check", "--statistics", "--output-format", "json")
    assert json.loads(done.out) == [
        {"code": "UVC101", "name": "unpublished-image-tag", "count": 1, "fixable": 1}
    ]


def test_an_output_file(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    done = uvci("check", "--output-format", "json", "--output-file", "out.json")
    assert (done.code, done.out) == (1, "")
    assert paths(uvci.read("out.json")) == [".gitlab-ci.yml"]
    refused = uvci("check", "--output-file", "no/such/folder")
    assert refused.code == 2
    assert refused.err == "uvci: no/such/folder: it cannot be written: No such file or directory\n"


def test_wrong_settings_are_told_and_left_out(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    uvci.write("uvci.toml", 'ignore = ["UVC101"]\nseverty = {}\n')
    done = uvci("check")
    assert done.code == 0
    assert done.err == (
        "uvci: wrong settings are left out:\n"
        "uvci.toml:2: There is no setting `severty`. Did you mean `severity`?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nope.yml"), "nope.yml: there is no such file or folder"),
        (("check", "--select", "UVC999"), "--select names no rule: `UVC999`."),
        (("check", "--fail-on", "bad"), "'bad' is not one of"),
        (("check", "--output-format", "xml"), "'xml' is not one of"),
        (("check", "-", "a.yml"), "standard input (-) is checked alone, without other paths."),
        (("check", "a.yml", "--stdin-filename", "b.yml"), "give - as PATH."),
        (("check", "--nope"), "No such option"),
        (("chekc",), "No such command 'chekc'."),
    ],
)
def test_wrong_usage_is_one_line(uvci: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    done = uvci(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("uvci: ")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_file_that_cannot_be_read_does_not_hide_the_others(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    done = uvci("check", "nope.yml", ".gitlab-ci.yml", "--output-format", "json")
    assert done.code == 2
    assert paths(done.out) == [".gitlab-ci.yml"]


def test_colours_only_where_they_are_wanted(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    assert "\x1b[" not in uvci("check").out
    assert "\x1b[" in uvci("check", "--color", "always").out
    uvci("check", "--color", "always", "--output-file", "out.txt")
    assert "\x1b[" not in uvci.read("out.txt")


def test_a_check_imports_nothing_of_the_server(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    code = (
        "import sys; from uvci.cli.main import run; run(sys.argv[1:]); "
        "print(sorted({name.split('.')[0] for name in sys.modules} "
        "& {'pygls', 'lsprotocol', 'rich', 'cattrs', 'asyncio'}))"
    )
    done = process(uvci.folder, "check", code=code)
    assert "UVC101" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_output_that_nobody_reads_is_no_error(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    code = (
        "import os, sys; read, write = os.pipe(); os.close(read); os.dup2(write, 1); "
        "from uvci.cli.main import run; run(['check'])"
    )
    assert process(uvci.folder, code=code).stderr == ""


def test_an_interrupt_is_one_line(uvci: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    uvci.write(".gitlab-ci.yml", BAD)
    monkeypatch.setattr("uvci.cli.checkout.Checkout.look_at", interrupted)
    done = uvci("check", "--fix")
    assert done.code == 130
    assert done.err.splitlines()[-1] == "uvci: interrupted"
    assert uvci.read(".gitlab-ci.yml") == BAD
