"""Scripts as text, and what is found in them: see the files in `shell/`."""

import subprocess
import sys

import pytest
from uvci.pipeline.shell import (
    directory_after,
    find_commands,
    find_exports,
    find_uv_commands,
    find_uv_installs,
    read_script,
    words_at,
)

from tests.pipeline.shell.cases import (
    Case,
    cases,
    show_command,
    show_cursor,
    show_export,
    show_install,
    show_uv,
)


def each(name: str) -> pytest.MarkDecorator:
    found = cases(name)
    return pytest.mark.parametrize("case", found, ids=[case.title for case in found])


@each("uv")
def test_uv_commands(case: Case) -> None:
    script, spans = case.marked
    found = find_uv_commands(script, case.variables)
    assert [show_uv(uv) for uv in found] == case.answer
    assert [uv.span for uv in found] == spans


@each("commands")
def test_commands(case: Case) -> None:
    script, spans = case.marked
    found = find_commands(script)
    assert [show_command(command) for command in found] == case.answer
    assert sorted(command.span for command in found) == spans


@each("exports")
def test_exports(case: Case) -> None:
    assert [show_export(export) for export in find_exports(case.text)] == case.answer


@each("installs")
def test_installs(case: Case) -> None:
    script, spans = case.marked
    found = find_uv_installs(script, case.variables)
    assert [show_install(install) for install in found] == case.answer
    assert sorted(span for i in found for span in (i.span, i.target)) == spans


@each("cursors")
def test_cursors(case: Case) -> None:
    script, offset = case.cursor
    assert [show_cursor(words_at(script, offset, case.variables), script)] == case.answer


def test_titles_are_said_once() -> None:
    for name in ("uv", "commands", "exports", "installs", "cursors"):
        titles = [case.title for case in cases(name)]
        assert len(titles) == len({*titles}), name


@pytest.mark.parametrize(
    ("script", "folder"),
    [
        ("cd app", "app"),
        ("cd app; cd ..", "."),
        ("cd app && cd src", "app/src"),
        ("(cd app)", "."),
        ("cd /srv/x", "/srv/x"),
        ("cd $CI_PROJECT_DIR", "${CI_PROJECT_DIR}"),
        ("cd $(mktemp -d)", None),
        ("if x; then cd app; fi", None),
        ("if x; then true; else uv sync; fi", "."),
    ],
)
def test_the_folder_a_script_ends_in(script: str, folder: str | None) -> None:
    assert directory_after(script) == folder


def test_spans_of_a_flag_name_and_value() -> None:
    script = """uv sync --extra "a b" --group='docs' -p3.12 -qU"""
    (uv,) = find_uv_commands(script)
    assert [flag.span.of(script) for flag in uv.flags] == [
        '--extra "a b"',
        "--group='docs'",
        "-p3.12",
        "q",
        "U",
    ]
    assert [flag.name_span.of(script) for flag in uv.flags] == [
        "--extra",
        "--group",
        "-p",
        "q",
        "U",
    ]
    values = [flag.value_span.of(script) for flag in uv.flags if flag.value_span]
    assert values == ['"a b"', "'docs'", "3.12"]


def test_spans_of_a_name_and_a_sub_command() -> None:
    script = "UV_X=1 python3 -m uv -q pip --quiet install x"
    (uv,) = find_uv_commands(script)
    assert uv.name_span.of(script) == "python3 -m uv"
    assert uv.subcommand_span.of(script) == "pip --quiet install"
    assert uv.command.span.of(script) == script


def test_a_missing_sub_command_belongs_behind_the_name() -> None:
    (uv,) = find_uv_commands("uv --quiet")
    assert (uv.subcommand, uv.subcommand_span.start, len(uv.subcommand_span)) == ((), 2, 0)


def test_directory_and_project() -> None:
    (uv,) = find_uv_commands("uv --directory a sync --project b")
    assert uv.directory
    assert uv.project
    assert (uv.directory.value, uv.project.value) == ("a", "b")


def test_the_last_of_repeated_flags_counts() -> None:
    (uv,) = find_uv_commands("uv sync -p 3.11 --python 3.12")
    flag = uv.flag("-p", "--python")
    assert flag
    assert flag.value == "3.12"


def test_a_text_that_cannot_hold_uv_is_not_parsed() -> None:
    read_script.cache_clear()
    assert find_uv_commands("pip install x; $PIP install y", {"PIP": "pip"}) == ()
    assert read_script.cache_info().misses == 0


def test_the_grammar_is_imported_only_when_it_is_needed() -> None:
    code = (
        "import sys; import uvci.pipeline.shell as shell;"
        "before = [name for name in sys.modules if name.startswith('tree_sitter')];"
        "shell.find_uv_commands('pip install x');"
        "between = [name for name in sys.modules if name.startswith('tree_sitter')];"
        "shell.find_uv_commands('uv sync');"
        "print(before, between, 'tree_sitter' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[] [] True"
