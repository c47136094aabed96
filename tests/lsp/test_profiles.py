"""Every client's real capabilities, in every encoding, with pushed and pulled diagnostics."""

from pathlib import Path

import pytest
from editor import ENCODINGS, PROFILES, Editor, editor, load_profile
from lsprotocol import types
from uvci.lsp.profile import profile_of

PIPELINE = """\
# naïve 😀 comment
test:
  variables:
    "😀": "é"
    UV_LINKMODE: copy
  image: "ghcr.io/astral-sh/uv:0.10.0-bookworm" # 😀
  script: ["echo 😀; uv sync", uv run pytest]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def shown(this: Editor, found: list[types.Diagnostic]) -> dict[str, str]:
    return {str(each.code): this.text_at(each.range) for each in found}


@pytest.mark.slow
@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("profile", PROFILES)
async def test_a_pipeline_is_diagnosed_completed_explained_and_fixed(
    root: Path, profile: str, encoding: str, pull: bool
) -> None:
    async with editor(root, profile, encoding, pull=pull) as this:
        this.open(PIPELINE)
        found = await this.diagnostics()
        marked = shown(this, found)
        assert marked["UVC301"] == "UV_LINKMODE"
        assert marked["UVC101"].endswith("0.10.0-bookworm")

        at = PIPELINE.index("0.10.0-bookworm") + 3
        hover = await this.hover(at)
        assert hover is not None
        assert hover.range is not None
        assert "0.10.0" in this.text_at(hover.range)

        actions = await this.actions(at, at)
        fix = next(each for each in actions if each.kind == types.CodeActionKind.QuickFix)
        fixed = await this.applied(fix)
        assert fixed != PIPELINE
        assert "😀" in fixed
        this.replace(fixed)
        assert "UVC101" not in shown(this, await this.diagnostics())

        start = fixed.index("ghcr.io/astral-sh/uv:") + len("ghcr.io/astral-sh/uv:")
        items = await this.complete(start)
        assert items
        assert all(_covers_nothing_else(this, item, fixed) for item in items)


@pytest.mark.parametrize(("name", "lazy"), [("Eglot", False), ("Another", True)])
def test_eglot_has_nothing_to_ask_for_when_an_item_is_taken(name: str, lazy: bool) -> None:
    params = load_profile("visual_studio_code_v1.65.2")
    params.client_info = types.ClientInfo(name)
    assert profile_of(params, "utf-32").lazy_documentation is lazy


def _covers_nothing_else(this: Editor, item: types.CompletionItem, text: str) -> bool:
    edit = item.text_edit
    range_ = edit.replace if isinstance(edit, types.InsertReplaceEdit) else edit.range
    line = text.splitlines()[range_.start.line]
    return this.text_at(range_) in line


@pytest.mark.parametrize(("name", "is_markdown"), [("helix", True), ("Another", False)])
def test_helix_is_given_the_markdown_that_it_shows_unasked(name: str, is_markdown: bool) -> None:
    params = types.InitializeParams(
        capabilities=types.ClientCapabilities(), client_info=types.ClientInfo(name)
    )
    profile = profile_of(params, "utf-8")
    assert profile.completion_markdown is profile.completion_markup is is_markdown
