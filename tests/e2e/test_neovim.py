"""Neovim's own client, with the configuration in editors/neovim."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.debian import unpacked
from tests.e2e.fetched import REPOSITORY
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


def test_the_commands(neovim: Neovim, tmp_path: Path) -> None:
    neovim.start(make_project(tmp_path / "project"))
    clients = 'vim.tbl_map(function(c) return c.id end, vim.lsp.get_clients({ name = "uvci" }))'
    before = wait_for(lambda: neovim.ask(clients), "the server runs")
    neovim.keys(":Uvci restart<CR>")
    wait_for(lambda: neovim.ask(clients) not in ([], before), "another server runs")
    neovim.keys(":Uvci check<CR>")
    listed = "vim.tbl_map(function(item) return item.text end, vim.fn.getqflist())"
    found = wait_for(lambda: neovim.ask(listed), "findings are listed")
    assert any(text.startswith(scenario.WRONG_TAG) for text in found)
    neovim.keys(":cclose<CR>:Uvci doctor<CR>")
    report = wait_for(lambda: "catalog" in (text := neovim.text()) and text, "the doctor's report")
    assert ".gitlab-ci.yml" in report
    neovim.keys(":close<CR>:Uvci fix<CR>")
    fixed = f"{scenario.FIXED_TAG}\n"
    wait_for(lambda: fixed in neovim.text(), "the tag is fixed", shown=neovim.text)
    neovim.keys(":Uvci nonsense<CR>")
    told = 'vim.fn.execute("messages")'
    wait_for(lambda: "there is no command nonsense, only" in neovim.ask(told), "it says so")


def test_the_help_is_found(neovim: Neovim, tmp_path: Path) -> None:
    docs = tmp_path / "plugin/doc"
    shutil.copytree(REPOSITORY / "editors/neovim/doc", docs)
    neovim.start(make_project(tmp_path / "project"))
    neovim.keys(f":set rtp^={docs.parent}<CR>:helptags {docs}<CR>")
    place = '{ vim.fn.expand("%:t"), vim.fn.getline(".") }'
    for tag in ("uvci", ":Uvci", "uvci-setup", "g:uvci_command"):
        neovim.keys(f":help {tag}<CR>")
        wait_for(
            lambda tag=tag: (at := neovim.ask(place))[0] == "uvci.txt" and f"*{tag}*" in at[1],
            f"the help of {tag}",
        )


def test_other_yaml_gets_no_server(neovim: Neovim, tmp_path: Path) -> None:
    other = tmp_path / "compose.yml"
    other.write_text("image: ghcr.io/astral-sh/uv:nonsense\n")
    neovim.start(other)
    wait_for(lambda: neovim.ask("vim.bo.filetype") == "yaml", "the file is open")
    assert neovim.ask('#vim.lsp.get_clients({ name = "uvci" })') == 0


def test_the_pipeline_and_its_caches_are_shown(neovim: Neovim, tmp_path: Path) -> None:
    neovim.start(make_project(tmp_path / "project"))
    see_diagnostics(neovim)
    for command, heading in (("graph", "PIPELINE"), ("caches", "CACHES"), ("pipeline", "stages:")):
        neovim.keys(f":Uvci {command}<CR>")
        wait_for(lambda start=heading: neovim.text().startswith(start), f"{command} is shown")
        neovim.keys(":close<CR>")


def test_a_lens_lists_the_jobs_it_speaks_of(neovim: Neovim, tmp_path: Path) -> None:
    file = make_project(tmp_path / "project")
    file.write_text(".base: {script: [x]}\ntest: {extends: .base}\n", encoding="utf-8")
    neovim.start(file)
    client = 'vim.lsp.get_clients({ name = "uvci" })[1]'
    wait_for(lambda: neovim.ask(f"({client} or {{}}).initialized == true"), "the server is there")
    asked = "{ textDocument = { uri = vim.uri_from_bufnr(0) } }"
    lenses = f'{client}:request_sync("textDocument/codeLens", {asked}, 9999, 0).result'
    wait_for(lambda: neovim.ask(lenses), "the server has a lens")
    neovim.keys(f":lua {client}:exec_cmd({lenses}[1].command, {{ bufnr = 0 }})<CR>")
    listed = "vim.tbl_map(function(item) return item.lnum end, vim.fn.getqflist())"
    wait_for(lambda: neovim.ask(listed) == [2], "the job is listed")


def test_a_setting_takes_a_hint_away_at_once(neovim: Neovim, tmp_path: Path) -> None:
    neovim.start(make_project(tmp_path / "project"), "vim.lsp.inlay_hint.enable(true)")
    label = "function(each) return each.inlay_hint.label end"
    hints = f"vim.iter(vim.lsp.inlay_hint.get({{ bufnr = 0 }})):map({label}):totable()"
    wait_for(lambda: {"not cached", "uv 0.9.17"} <= set(neovim.ask(hints)), "hints are shown")
    client = 'vim.lsp.get_clients({ name = "uvci" })[1]'
    settings = "{ uvci = { inlayHints = { notCached = false } } }"
    notified = f'{client}:notify("workspace/didChangeConfiguration", {{ settings = {settings} }})'
    neovim.keys(f":lua {client}.settings = {settings}; {notified}<CR>")
    wait_for(
        lambda: "uv 0.9.17" in (shown := neovim.ask(hints)) and "not cached" not in shown,
        "one kind is gone",
    )


def test_a_rename_that_cannot_be_is_told_with_its_reason(neovim: Neovim, tmp_path: Path) -> None:
    neovim.start(make_project(tmp_path / "project"))
    see_diagnostics(neovim)
    neovim.keys(f":{scenario.JOB_LINE}<CR>0:lua vim.lsp.buf.rename('default')<CR>")
    told = 'vim.fn.execute("messages")'
    wait_for(lambda: "is a keyword of GitLab" in neovim.ask(told), "it says why")
    assert neovim.text() == scenario.BEFORE
