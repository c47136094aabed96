"""VS Code with the extension as it is packaged, in a fresh profile."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.scenario import make_project, wait_for, wait_until_saved
from tests.e2e.workbench import Workbench, packaged, with_tools

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def vsix() -> Path:
    return packaged()


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture
def code(tmp_path: Path, vsix: Path, note_version: Callable[[str], None]) -> Iterator[Workbench]:
    window = Workbench(tmp_path / "code", vsix)
    note_version(f"VS Code {window.version()}")
    yield window
    window.stop()


def test_a_pipeline_is_checked_hovered_fixed_and_completed(code: Workbench, pipeline: Path) -> None:
    code.start(pipeline)
    see_diagnostics(code)
    hover(code)
    cache(code)
    complete(code)
    code.press("Control+s")
    wait_until_saved(pipeline, code.shown)


def test_the_commands(code: Workbench, pipeline: Path) -> None:
    code.start(pipeline)
    see_diagnostics(code)
    before = wait_for(code.servers, "the server runs", shown=code.shown)
    code.run("uvci: Restart Server")
    wait_for(
        lambda: len(now := code.servers()) == 1 and now.keys() != before.keys(),
        "another server runs",
        shown=code.shown,
    )
    code.run("uvci: Check Workspace")
    code.see(".notification-toast", "listed under Problems")
    code.run("uvci: Doctor: Why Is This File (Not) Checked?")
    code.see(".view-lines", "files of .gitlab-ci.yml")
    code.open(pipeline)
    code.run("uvci: Fix All Safe Findings in This File")
    code.see(".view-lines", f"{scenario.FIXED_TAG}\n")
    code.press("Control+s")
    fixed = f"{scenario.FIXED_TAG}\n"
    wait_for(lambda: fixed in pipeline.read_text(), "it is saved", shown=code.shown)


def test_a_setting_takes_a_hint_away_at_once(code: Workbench, pipeline: Path) -> None:
    code.start(pipeline)
    code.see(".view-lines", "not cached")
    code.see(".view-lines", "uv 0.9.17")
    code.set({"uvci.inlayHints.notCached": False})
    code.see(".view-lines", "uv 0.9.17")
    wait_for(
        lambda: not any("not cached" in line for line in code.texts(".view-lines")),
        "one kind is gone",
        shown=code.shown,
    )


def test_the_extension_passes_its_own_tests() -> None:
    for script in ("check", "test"):
        ran = subprocess.run(
            ["npm", "run", "--silent", script], cwd=with_tools(), capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def see_diagnostics(code: Workbench) -> None:
    code.press("Control+Shift+m")
    code.see(".markers-panel .monaco-list-row", scenario.WRONG_TAG)
    code.press("Control+j")


def hover(code: Workbench) -> None:
    code.go_to(scenario.IMAGE_LINE)
    code.press("End", "Control+k", "Control+i")
    code.see(".monaco-hover", scenario.HOVER)
    code.press("Escape")


def cache(code: Workbench) -> None:
    code.go_to(scenario.JOB_LINE)
    code.press("Control+.")
    code.see(".action-widget .monaco-list-row", scenario.CACHE_ACTION)
    code.tell("click", ".action-widget .monaco-list-row", scenario.CACHE_ACTION)
    code.see(".view-lines", "- $UV_CACHE_DIR")


def complete(code: Workbench) -> None:
    code.press("Control+End", "ArrowUp", "ArrowUp", "ArrowUp", "End")
    code.type(":")
    choose(code, scenario.FIRST_STEP)
    code.type(scenario.SECOND_STEP_TYPED)
    choose(code, scenario.SECOND_STEP)


def choose(code: Workbench, label: str) -> None:
    """Go down the list of suggestions to an item, and accept it."""
    code.see(".suggest-widget .monaco-list-row", label)
    while not (before := focused(code)).startswith(label):
        code.press("ArrowDown")
        wait_for(
            lambda before=before: focused(code) not in {before, ""},
            "another is focused",
            shown=code.shown,
        )
    code.press("Enter")
    wait_for(
        lambda: f"{scenario.HALF_TYPED}:{label}" in "".join(code.texts(".view-lines")),
        f"{label} is in",
        shown=code.shown,
    )


def focused(code: Workbench) -> str:
    """The suggestion that Enter takes."""
    return "".join(code.texts(".suggest-widget .monaco-list-row.focused")[:1])
