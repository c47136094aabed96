"""The oldest client, which says nothing of itself, gets what the protocol's first version had."""

from pathlib import Path
from typing import Any

import pytest
from editor import Editor, editor
from lsprotocol import types

PIPELINE = """\
variables:
  UV_LINKMODE: copy
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.12-alpine
  extends: .uv
  script:
    - uv sync --locked
.uv:
  cache:
    key: k
    paths: [x]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def forget(can: types.ClientCapabilities) -> None:
    """Only the encoding stays, and that edits can be asked for."""
    can.workspace = types.WorkspaceClientCapabilities(apply_edit=True)
    can.text_document = can.window = can.experimental = None


def forget_all(can: types.ClientCapabilities) -> None:
    forget(can)
    can.workspace = None


async def actions_at(this: Editor, text: str) -> list[Any]:
    at = this.position(PIPELINE.index(text) + 1)
    context = types.CodeActionContext(diagnostics=[])
    found = await this.client.text_document_code_action_async(
        types.CodeActionParams(this.document(), types.Range(at, at), context)
    )
    return list(found or ())


async def test_items_are_plain_text(root: Path) -> None:
    async with editor(root, pull=False, adapt=forget) as this:
        this.open(PIPELINE)
        for place in ("uv:0.12.5-", "UV_LINK", "scr", "uv sync --l", "  k"):
            found = await this.complete(PIPELINE.index(place) + len(place))
            assert found
            for item in found:
                assert item.insert_text_format in (None, types.InsertTextFormat.PlainText)
                assert isinstance(item.text_edit, types.TextEdit)
                assert "$0" not in item.text_edit.new_text
                assert "${1" not in item.text_edit.new_text
                assert (item.tags, item.label_details, item.preselect) == (None, None, None)
                assert isinstance(item.documentation, str | None)


async def test_a_hover_is_a_text_without_marks(root: Path) -> None:
    async with editor(root, pull=False, adapt=forget) as this:
        this.open(PIPELINE)
        for place in ("0.12.5-py", "UV_LINKMODE", "sync --locked", "key: k"):
            found = await this.hover(PIPELINE.index(place) + 1)
            assert found
            assert isinstance(found.contents, str)
            assert not set("`*") & set(found.contents)


async def test_diagnostics_are_pushed_and_plain(root: Path) -> None:
    async with editor(root, pull=False, adapt=forget) as this:
        this.open(PIPELINE)
        found = await this.diagnostics()
        assert "UVC301" in {each.code for each in found}
        for each in found:
            assert (each.tags, each.related_information, each.code_description) == (None,) * 3
        assert this.registered == []


async def test_an_action_is_a_command_that_has_the_edit_made(root: Path) -> None:
    async with editor(root, pull=False, adapt=forget) as this:
        this.open(PIPELINE)
        rename = (await actions_at(this, "UV_LINKMODE"))[0]
        assert isinstance(rename, types.Command)
        assert rename.title == "Rename it to `UV_LINK_MODE`"
        assert await this.client.workspace_execute_command_async(
            types.ExecuteCommandParams(rename.command, rename.arguments)
        )
        assert "UV_LINK_MODE: copy" in this.edited(this.edits[0])


async def test_a_client_that_makes_no_edits_is_offered_none(root: Path) -> None:
    async with editor(root, pull=False, adapt=forget_all) as this:
        this.open(PIPELINE)
        assert await actions_at(this, "UV_LINKMODE") == []


async def test_the_command_is_not_there_for_others(root: Path) -> None:
    async with editor(root) as this:
        provider = this.capabilities.execute_command_provider
        assert provider is not None
        assert "uvci.apply" not in provider.commands
