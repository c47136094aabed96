"""Neovim's own client, with the configuration in editors/neovim."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.debian import unpacked
from tests.e2e.neovim import Neovim
from tests.e2e.scenario import make_project, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def neovim(tmp_path: Path, note_version: Callable[[str], None]) -> Iterator[Neovim]:
    editor = Neovim(unpacked("neovim", "hx"), tmp_path / "home")
    note_version(f"Neovim {editor.version()}")
    yield editor
    editor.stop()


def test_a_pipeline_is_checked_hovered_fixed_and_completed(neovim: Neovim, tmp_path: Path) -> None:
    neovim.start(make_project(tmp_path / "project"))
    see_diagnostics(neovim)
    hover(neovim)
    cache(neovim)
    complete(neovim)
    wait_for(lambda: neovim.text() == scenario.AFTER, "the text is whole", shown=neovim.text)


def see_diagnostics(neovim: Neovim) -> None:
    shown = "vim.tbl_map(function(d) return { d.code, d.lnum + 1 } end, vim.diagnostic.get(0))"
    wanted = [scenario.WRONG_TAG, scenario.WRONG_TAG_LINE]
    wait_for(lambda: wanted in neovim.ask(shown), "the wrong tag is reported")


def hover(neovim: Neovim) -> None:
    neovim.keys(f":{scenario.IMAGE_LINE}<CR>$K")
    windows = """vim.iter(vim.api.nvim_list_wins()):map(function(window)
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        return vim.api.nvim_win_get_config(window).relative ~= "" and table.concat(lines, " ") or ""
    end):join("")"""
    wait_for(lambda: scenario.HOVER in neovim.ask(windows), "the hover says what the image holds")


def cache(neovim: Neovim) -> None:
    neovim.keys(f":{scenario.JOB_LINE}<CR>")
    chosen = f'function(action) return action.title == "{scenario.CACHE_ACTION}" end'
    neovim.keys(f":lua vim.lsp.buf.code_action({{ filter = {chosen}, apply = true }})<CR>")
    wait_for(lambda: "- $UV_CACHE_DIR" in neovim.text(), "the cache block is in", shown=neovim.text)


def complete(neovim: Neovim) -> None:
    neovim.keys(f"/{scenario.HALF_TYPED.replace('/', '<Bslash>/')}$<CR>A:<C-x><C-o>")
    choose(neovim, scenario.FIRST_STEP)
    neovim.keys(f"{scenario.SECOND_STEP_TYPED}<C-x><C-o>")
    choose(neovim, scenario.SECOND_STEP)
    neovim.keys("<Esc>")


def choose(neovim: Neovim, label: str) -> None:
    """Go down the list to an item, and accept it."""
    listed = """vim.tbl_map(function(item) return item.abbr ~= "" and item.abbr or item.word end,
        vim.fn.complete_info({ "items" }).items)"""

    def offered() -> list[str] | None:
        labels = neovim.ask(listed)
        return labels if label in labels else None

    labels = wait_for(offered, f"{label} is offered", shown=neovim.text)
    selected = neovim.ask('vim.fn.complete_info({ "selected" }).selected')
    neovim.keys("<C-n>" * (labels.index(label) - selected) + "<C-y>")


def test_health_says_what_is_run(neovim: Neovim, tmp_path: Path) -> None:
    neovim.start(make_project(tmp_path / "project"))
    wait_for(lambda: neovim.ask('#vim.lsp.get_clients({ name = "uvci" })'), "the server runs")
    neovim.keys(":checkhealth uvci<CR>")
    report = wait_for(lambda: (text := neovim.text()).count("OK") > 2 and text, "the report")
    assert "run as `uvci`" in report
    assert ".gitlab-ci.yml (a pipeline by its name)" in report
    assert "ERROR" not in report


def test_other_yaml_gets_no_server(neovim: Neovim, tmp_path: Path) -> None:
    other = tmp_path / "compose.yml"
    other.write_text("image: ghcr.io/astral-sh/uv:nonsense\n")
    neovim.start(other)
    wait_for(lambda: neovim.ask("vim.bo.filetype") == "yaml", "the file is open")
    assert neovim.ask('#vim.lsp.get_clients({ name = "uvci" })') == 0
