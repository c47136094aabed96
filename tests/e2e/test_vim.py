"""Vim with ALE, with the linter in editors/vim."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.debian import has_file, installed
from tests.e2e.fetched import REPOSITORY
from tests.e2e.scenario import environment, make_project, wait_until_saved
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.slow

ALE = Path("/usr/share/vim-ale/plugin/ale.vim")
VIMRC = f"""
set nocompatible noswapfile viminfo= completeopt=menuone
filetype plugin on
let g:ale_linters = {{'yaml': ['uvci']}}
let g:ale_hover_to_preview = 1
let g:ale_echo_msg_format = '%code% %s'
autocmd FileType yaml setlocal omnifunc=uvci#omnifunc
set runtimepath+={REPOSITORY / "editors/vim"},{ALE.parents[1]}
"""


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture
def vim(pipeline: Path, tmp_path: Path, note_version: Callable[[str], None]) -> Iterator[Terminal]:
    program = installed("vim.basic", "vim")
    has_file(ALE, "vim-ale")
    own = environment(tmp_path / "home")
    note_version(f"Vim {version(program)} with ALE {package_version('vim-ale')}")
    vimrc = tmp_path / "vimrc"
    vimrc.write_text(VIMRC)
    terminal = Terminal(tmp_path, own)
    terminal.start([program, "-u", vimrc, pipeline], pipeline.parent)
    yield terminal
    terminal.stop()


def version(program: str) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    patches = re.search(r"1-(\d+)", told)
    major = re.search(r"Vi IMproved (\S+)", told)
    return f"{major[1]}.{patches[1]}" if major and patches else "of an unknown version"


def package_version(package: str) -> str:
    query = ["dpkg-query", "--show", "--showformat=${Version}", package]
    return subprocess.run(query, capture_output=True, text=True).stdout.partition("-")[0]


def test_a_pipeline_is_checked_hovered_fixed_and_completed(vim: Terminal, pipeline: Path) -> None:
    vim.see("stages: [lint, test]")
    see_diagnostics(vim)
    hover(vim)
    cache(vim)
    complete(vim)
    command(vim, "write")
    wait_until_saved(pipeline, vim.screen)


def command(vim: Terminal, line: str) -> None:
    vim.press("Escape")
    vim.type(f":{line}")
    vim.press("Enter")


def see_diagnostics(vim: Terminal) -> None:
    command(vim, str(scenario.WRONG_TAG_LINE))
    vim.see(f"{scenario.WRONG_TAG} `ghcr.io/astral-sh/uv` has no tag")


def hover(vim: Terminal) -> None:
    command(vim, str(scenario.IMAGE_LINE))
    vim.type("$")
    command(vim, "ALEHover")
    vim.see(scenario.HOVER)
    command(vim, "pclose")


def cache(vim: Terminal) -> None:
    command(vim, str(scenario.JOB_LINE))
    command(vim, "ALECodeAction")
    screen = vim.see(scenario.CACHE_ACTION)
    number = re.search(rf"(\d+)\) {scenario.CACHE_ACTION}", screen)
    assert number, screen
    vim.type(number[1])
    vim.press("Enter")
    vim.see("- $UV_CACHE_DIR")


def complete(vim: Terminal) -> None:
    command(vim, f"/{scenario.HALF_TYPED.replace('/', chr(92) + '/')}$")
    vim.type("A:")
    vim.press("C-x", "C-o")
    choose(vim, scenario.FIRST_STEP)
    vim.type(scenario.SECOND_STEP_TYPED)
    vim.press("C-x", "C-o")
    choose(vim, scenario.SECOND_STEP)
    vim.press("Escape")


def choose(vim: Terminal, label: str) -> None:
    """Go down the list until the item stands in the text, and accept it."""
    vim.see(label)
    vim.press_until("C-n", f"{scenario.HALF_TYPED}:", label)
    vim.press("C-y")
