"""The command lines that click is not asked to read mean what click would read in them."""

from pathlib import Path

import pytest
from uvci.cli.check import check
from uvci.cli.options import Options, read_options
from uvci.cli.plain import plain_options

from .command_line import GOOD, CommandLine, process


def read_by_click(*arguments: str) -> Options:
    return read_options(check.make_context("check", list(arguments)).params)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a.yml",),
        ("a.yml", "folder", "./a.yml"),
        ("--skip-others", "a.yml"),
        ("folder", "--skip-others", "a.yml"),
        ("--skip-others", "--skip-others"),
    ],
)
def test_paths_are_read_as_click_reads_them(uvci: CommandLine, words: tuple[str, ...]) -> None:
    uvci.write("a.yml", GOOD)
    uvci.write("folder/b.yml", GOOD)
    plain = plain_options(["check", *words], {})
    assert plain is not None
    assert plain == read_by_click(*words)
    assert plain.paths == tuple(Path(word) for word in words if not word.startswith("--"))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("rule", "UVC101"),
        ("--version",),
        ("check", "--fix"),
        ("check", "-"),
        ("check", "--", "a.yml"),
        ("check", "--skip-other", "a.yml"),
        ("check", ""),
        ("check", "missing.yml"),
    ],
)
def test_all_else_is_left_to_click(uvci: CommandLine, words: tuple[str, ...]) -> None:
    uvci.write("a.yml", GOOD)
    assert plain_options(words, {}) is None


@pytest.mark.parametrize("name", ["UVCI_OUTPUT_FORMAT", "_UVCI_COMPLETE"])
def test_what_click_reads_of_the_environment_is_left_to_it(name: str) -> None:
    assert plain_options(["check"], {name: ""}) is not None
    assert plain_options(["check"], {name: "json"}) is None


def test_a_check_of_a_file_loads_nothing_in_vain(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", GOOD)
    code = (
        "import os, sys; from uvci.__main__ import main; os._exit = lambda _: "
        "print(sorted({'click', 'inspect', 'importlib.resources'} & sys.modules.keys())); main()"
    )
    done = process(uvci.folder, "check", ".gitlab-ci.yml", code=code)
    assert done.stdout.splitlines() == ["Nothing to report in 1 file.", "[]"]
    assert done.stderr == ""
