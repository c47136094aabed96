"""Settings hold from the moment they are changed, also where nobody types."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from editor import REFRESHES, SECONDS, Editor, editor
from lsprotocol import types
from uvci.lsp.options import INLAY_HINTS
from wire import EXIT, INITIALIZED, SHUTDOWN, message, told

MANIFEST = Path(__file__).parents[2] / "editors/vscode/package.json"
PIPELINE = """\
variables:
  TAG: 0.12.5-alpine
  V: 3.10
test:
  image: ghcr.io/astral-sh/uv:$TAG
  cache:
    key: k-$V
    paths: [x]
  script: [uv sync --locked]
"""
HINTS = {
    "image": "→ 0.12.5-alpine",
    "cacheKey": "→ k-3.1",
    "notCached": "not cached",
    "value": "= 3.1",
    "uvVersion": "uv 0.12.5",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def refreshes(can: types.ClientCapabilities) -> None:
    """What Neovim and VS Code say today."""
    workspace = can.workspace
    assert workspace is not None
    workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    workspace.code_lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)


def set_to(this: Editor, settings: Mapping[str, Any]) -> None:
    this.client.set_configuration({"diagnosticsDelay": 0, **settings}, section="uvci")
    this.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings=None)
    )


async def hints(this: Editor) -> set[str]:
    whole = types.Range(types.Position(0, 0), this.position(len(PIPELINE)))
    found = await this.client.text_document_inlay_hint_async(
        types.InlayHintParams(this.document(), whole)
    )
    return {str(hint.label) for hint in found or ()}


async def next_refreshes(this: Editor, count: int) -> set[str]:
    return {await asyncio.wait_for(this.refreshed.get(), SECONDS) for _ in range(count)}


async def test_each_hint_is_switched_by_itself_and_at_once(root: Path) -> None:
    async with editor(root, adapt=refreshes) as this:
        this.open(PIPELINE)
        assert await hints(this) == set(HINTS.values())
        for kind in INLAY_HINTS:
            set_to(this, {"inlayHints": {kind: False}})
            assert types.WORKSPACE_INLAY_HINT_REFRESH in await next_refreshes(this, 3)
            assert await hints(this) == set(HINTS.values()) - {HINTS[kind]}
        set_to(this, {"inlayHints": False})
        await next_refreshes(this, 3)
        assert await hints(this) == set()


@pytest.mark.parametrize("pull", [False, True])
async def test_a_rule_is_switched_off_under_the_open_document(root: Path, pull: bool) -> None:
    async with editor(root, pull=pull, adapt=refreshes) as this:
        this.open(PIPELINE)
        assert "UVC307" in {each.code for each in await this.diagnostics()}
        set_to(this, {"ignore": ["UVC307"]})
        await next_refreshes(this, 3 if pull else 2)
        assert "UVC307" not in {each.code for each in await this.diagnostics()}


@pytest.mark.parametrize("pull", [False, True])
async def test_the_first_findings_are_those_of_the_settings(root: Path, pull: bool) -> None:
    async with editor(root, pull=pull, settings={"ignore": ["UVC307"]}) as this:
        this.open(PIPELINE.replace("alpine", "alpin"))
        assert [each.code for each in await this.diagnostics()] == ["UVC101"]


def test_a_client_that_keeps_its_settings_gets_findings(root: Path) -> None:
    uri = (root / ".gitlab-ci.yml").as_uri()
    opened = {"uri": uri, "languageId": "yaml", "version": 1, "text": PIPELINE}
    ended = told(
        message(
            id=1,
            method="initialize",
            params={"capabilities": {"workspace": {"configuration": True}}},
        ),
        INITIALIZED,
        message(method="textDocument/didOpen", params={"textDocument": opened}),
        message(id=2, method="textDocument/diagnostic", params={"textDocument": {"uri": uri}}),
        await_answer=2,
        then=SHUTDOWN + EXIT,
    )
    answer = next(each for each in ended.sent if each.get("id") == 2)
    assert [each["code"] for each in answer["result"]["items"]] == ["UVC307"]


async def test_the_same_settings_again_change_nothing(root: Path) -> None:
    async with editor(root, adapt=refreshes) as this:
        this.open(PIPELINE)
        set_to(this, {})
        for _ in range(4):  # the settings are fetched, and what they would set off is begun
            await hints(this)
        assert this.refreshed.empty()
        set_to(this, {"inlayHints": False})
        await next_refreshes(this, 3)
        assert this.refreshed.empty()


async def test_a_client_that_sends_its_settings_is_heard_too(root: Path) -> None:
    def pushes_settings(can: types.ClientCapabilities) -> None:
        refreshes(can)
        assert can.workspace is not None
        can.workspace.configuration = False

    async with editor(root, adapt=pushes_settings) as this:
        this.open(PIPELINE)
        this.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(
                {"uvci": {"diagnosticsDelay": 0, "inlayHints": False}}
            )
        )
        await next_refreshes(this, 3)
        assert await hints(this) == set()


@pytest.mark.parametrize("pull", [False, True])
async def test_a_file_on_disk_changes_what_an_open_document_means(root: Path, pull: bool) -> None:
    part = root / "part.yml"
    part.write_text(".uv:\n  image: ghcr.io/astral-sh/uv:0.12.5-alpine\n")
    text = "include: part.yml\ntest:\n  extends: .uv\n  script: [uv sync --locked]\n"
    async with editor(root, pull=pull, adapt=refreshes) as this:
        this.open(text)
        assert "UVC001" not in {each.code for each in await this.diagnostics()}
        part.unlink()
        gone = types.FileEvent(this.uri("part.yml"), types.FileChangeType.Deleted)
        this.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([gone]))
        assert await next_refreshes(this, 3 if pull else 2) <= set(REFRESHES)
        found = {each.code: each.message for each in await this.diagnostics()}
        assert any("part.yml" in message for message in found.values()), found


def test_vs_code_has_a_setting_for_each_hint() -> None:
    manifest = json.loads(MANIFEST.read_text())
    declared = manifest["contributes"]["configuration"]["properties"]
    assert {f"uvci.inlayHints.{kind}" for kind in INLAY_HINTS} == {
        name for name in declared if name.startswith("uvci.inlayHints")
    }
