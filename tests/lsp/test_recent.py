"""An item can be asked about while the editor holds another list already."""

from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types

PIPELINE = """\
variables:
  UV_LINKMODE: copy
  UV_LOCKD: "1"
test:
  script: [uv sync]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


async def first_action(this: Editor, name: str) -> types.CodeAction:
    at = PIPELINE.index(name)
    return (await this.actions(at, at))[0]


async def test_an_action_of_the_list_before(root: Path) -> None:
    async with editor(root, "visual_studio_code_v1.65.2") as this:
        this.open(PIPELINE)
        menu = await first_action(this, "UV_LINKMODE")
        assert menu.edit is None
        bulb = await first_action(this, "UV_LOCKD")
        assert "UV_LINK_MODE" in await this.applied(menu)
        assert "UV_LOCKED" in await this.applied(bulb)


async def test_an_item_of_the_list_before(root: Path) -> None:
    async with editor(root, "visual_studio_code_v1.65.2") as this:
        this.open(PIPELINE)
        first = await this.complete(PIPELINE.index("LINKMODE"))
        await this.complete(PIPELINE.index("sync]"))
        item = next(each for each in first if each.label == "UV_LINK_MODE")
        assert item.documentation is None
        resolved = await this.client.completion_item_resolve_async(item)
        assert "UV_LINK_MODE" in str(resolved.documentation)


async def test_what_is_forgotten_or_not_ours_comes_back_as_it_was(root: Path) -> None:
    async with editor(root, "visual_studio_code_v1.65.2") as this:
        this.open(PIPELINE)
        old = await first_action(this, "UV_LINKMODE")
        for _ in range(9):
            await first_action(this, "UV_LOCKD")
        assert (await this.client.code_action_resolve_async(old)).edit is None
        for data in (None, "x", {"list": "0", "index": 0}, {"list": 0, "index": -1}, {"list": []}):
            item = types.CompletionItem("x", data=data)
            assert (await this.client.completion_item_resolve_async(item)).documentation is None
        assert this.shown == []
