"""Emacs with eglot, with the mode in editors/emacs."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.debian import unpacked
from tests.e2e.emacs import Emacs
from tests.e2e.scenario import make_project, wait_for, wait_until_saved

pytestmark = pytest.mark.slow

LISTED = """(if (get-buffer "*Completions*")
  (with-current-buffer "*Completions*" (buffer-string)) "")"""
SELECTED = """(if (get-buffer-window "*Completions*")
  (with-selected-window (get-buffer-window "*Completions*")
    (or (get-text-property (point) 'completion--string) "")) "")"""
SERVER = "(process-id (jsonrpc--process (eglot-current-server)))"
LINE = "(buffer-substring (line-beginning-position) (point))"


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture
def emacs(tmp_path: Path, note_version: Callable[[str], None]) -> Iterator[Emacs]:
    editor = Emacs(unpacked("emacs-nox"), tmp_path)
    note_version(f"Emacs {editor.version()} with eglot")
    yield editor
    editor.stop()


def test_a_pipeline_is_checked_hovered_fixed_and_completed(emacs: Emacs, pipeline: Path) -> None:
    emacs.start(pipeline)
    see_diagnostics(emacs)
    hover(emacs)
    cache(emacs)
    complete(emacs)
    emacs.terminal.press("C-x", "C-s")
    wait_until_saved(pipeline, emacs.terminal.screen)


def go_to(emacs: Emacs, line: int) -> None:
    emacs.terminal.press("M-g", "M-g")
    emacs.terminal.type(str(line))
    emacs.terminal.press("Enter")


def see_diagnostics(emacs: Emacs) -> None:
    texts = "(mapcar #'flymake-diagnostic-text (flymake-diagnostics))"
    wait_for(
        lambda: scenario.WRONG_TAG in emacs.ask(texts),
        "the wrong tag is reported",
        shown=emacs.terminal.screen,
    )


def hover(emacs: Emacs) -> None:
    go_to(emacs, scenario.IMAGE_LINE)
    emacs.terminal.press("C-e", "C-b")
    emacs.command_named("eldoc")
    emacs.terminal.see(scenario.HOVER)


def cache(emacs: Emacs) -> None:
    go_to(emacs, scenario.JOB_LINE)
    emacs.command_named("eglot-code-actions")
    emacs.terminal.see("Pick an action")
    emacs.terminal.type(scenario.CACHE_ACTION)
    emacs.terminal.press("Enter")
    emacs.terminal.see("- $UV_CACHE_DIR")


def complete(emacs: Emacs) -> None:
    emacs.ask(f'(progn (goto-char (point-min)) (re-search-forward "{scenario.HALF_TYPED}$"))')
    emacs.terminal.type(":")
    choose(emacs, scenario.FIRST_STEP)
    emacs.terminal.type("python3.13-")
    choose(emacs, scenario.SECOND_STEP)


def choose(emacs: Emacs, label: str) -> None:
    """Go down the list of completions to an item, and accept it.

    What is typed on while eglot waits for the server makes it lose an item, so the server sleeps.
    """
    emacs.terminal.press("C-M-i")
    wait_for(lambda: label in emacs.ask(LISTED), f"{label} is offered", shown=emacs.terminal.screen)
    while (before := emacs.ask(SELECTED)) != label:
        emacs.terminal.press("M-Down")
        wait_for(
            lambda before=before: emacs.ask(SELECTED) != before,
            "another is selected",
            shown=emacs.terminal.screen,
        )
    with asleep(int(emacs.ask(SERVER))):
        emacs.terminal.press("M-Enter")
        wait_for(
            lambda: emacs.ask(LINE) == f"{scenario.HALF_TYPED}:{label}",
            f"{label} is in",
            shown=emacs.terminal.screen,
        )


@contextmanager
def asleep(process: int) -> Iterator[None]:
    """A process does nothing for a while."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
