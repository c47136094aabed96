"""Emacs with eglot and with lsp-mode, with the mode in editors/emacs."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.debian import unpacked
from tests.e2e.emacs import LSP_MODE, Emacs
from tests.e2e.scenario import make_project, wait_for, wait_until_saved

pytestmark = pytest.mark.slow

PACKAGES = ("emacs-nox", "elpa-lsp-mode")
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
    editor = Emacs(unpacked(*PACKAGES), tmp_path)
    note_version(f"Emacs {editor.version()} with eglot and lsp-mode")
    yield editor
    editor.stop()


@pytest.fixture
def lsp_mode(tmp_path: Path, note_version: Callable[[str], None]) -> Iterator[Emacs]:
    editor = Emacs(unpacked(*PACKAGES), tmp_path, LSP_MODE)
    note_version(f"Emacs {editor.version()} with eglot and lsp-mode")
    yield editor
    editor.stop()


def test_a_pipeline_is_checked_hovered_fixed_and_completed(emacs: Emacs, pipeline: Path) -> None:
    emacs.start(pipeline)
    findings(emacs, scenario.WRONG_TAG)
    hover(emacs)
    cache(emacs)
    complete(emacs)
    emacs.terminal.press("C-x", "C-s")
    wait_until_saved(pipeline, emacs.terminal.screen)


def test_lsp_mode_checks_and_hovers_with_settings(lsp_mode: Emacs, pipeline: Path) -> None:
    lsp_mode.start(pipeline)
    told = findings(lsp_mode, "has no tag")
    assert "UV_LINK_MODE" in told
    assert "nothing is cached" not in told  # UVC205 is ignored
    go_to(lsp_mode, scenario.IMAGE_LINE)
    lsp_mode.terminal.press("C-e", "C-b")
    lsp_mode.command_named("lsp-describe-thing-at-point")
    lsp_mode.terminal.see(scenario.HOVER)


def test_lsp_mode_takes_any_file_in_the_mode(lsp_mode: Emacs, pipeline: Path) -> None:
    part = pipeline.with_name("part.yml")
    part.write_text(f"# -*- mode: uvci -*-\n{scenario.BEFORE}", encoding="utf-8")
    pipeline.write_text("include: /part.yml\n", encoding="utf-8")
    lsp_mode.start(part)
    findings(lsp_mode, "has no tag")


def findings(emacs: Emacs, wanted: str) -> str:
    """The messages of all findings, once the wanted one is among them."""
    texts = "(mapcar #'flymake-diagnostic-text (flymake-diagnostics))"
    return wait_for(
        lambda: told if wanted in (told := emacs.ask(texts)) else "",
        f"«{wanted}» is reported",
        shown=emacs.terminal.screen,
    )


def go_to(emacs: Emacs, line: int) -> None:
    emacs.terminal.press("M-g", "M-g")
    emacs.terminal.type(str(line))
    emacs.terminal.press("Enter")


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
