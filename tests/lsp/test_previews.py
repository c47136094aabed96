"""Actions that are looked at before they are made: their edits come with annotations."""

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.editor import editor

JOB = "test:\n  image: python:3.12\n  script:\n    - pip install $LEFT\n    - pip install ruff\n"
TITLE = "Migrate this job to uv (leaves `pip install $LEFT`)"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


async def migration(
    root: Path, profile: str, text: str = JOB, title: str = TITLE
) -> types.WorkspaceEdit:
    async with editor(root, profile) as this:
        this.open(text)
        found = await this.actions(0, 0, ["refactor"])
        (action,) = [one for one in found if one.title == title]
        if action.edit is None:
            action = await this.client.code_action_resolve_async(action)
        assert action.edit is not None
        assert "    - uv pip install --system ruff\n" in this.edited(action.edit)
        return action.edit


async def test_a_client_with_previews_is_told_what_each_edit_is_for(root: Path) -> None:
    edit = await migration(root, "visual_studio_code_v1.65.2")
    notes = edit.change_annotations or {}
    assert set(notes) == {"Image", "Commands", "Cache"}
    assert all(note.needs_confirmation for note in notes.values())
    assert "`$LEFT` may hold options" in (notes["Commands"].description or "")
    (change,) = edit.document_changes or []
    assert isinstance(change, types.TextDocumentEdit)
    assert all(isinstance(one, types.AnnotatedTextEdit) for one in change.edits)


@pytest.mark.parametrize("profile", ["neovim_v0.6.1", "emacs_v29.1"])
async def test_others_get_the_same_edits_plain(root: Path, profile: str) -> None:
    edit = await migration(root, profile)
    assert edit.change_annotations is None
    for change in edit.document_changes or []:
        assert isinstance(change, types.TextDocumentEdit)
        assert not any(isinstance(one, types.AnnotatedTextEdit) for one in change.edits)


async def test_an_edit_of_several_keywords_says_what_each_is_for(root: Path) -> None:
    job = """\
test:
  image: python:3.12
  before_script:
    - pip install --upgrade pip
  variables:
    PIP_NO_CACHE_DIR: "1"
    LEVEL: debug
  script:
    - pip install ruff
"""
    title = TITLE.partition(" (")[0]
    edit = await migration(root, "visual_studio_code_v1.65.2", job, title)
    notes = edit.change_annotations or {}
    (first,) = [note for label, note in notes.items() if label.startswith("Image")]
    assert first.label == "Image and commands"
    assert "python:3.12 with uv in it. Not needed: pip install --upgrade pip" in (
        first.description or ""
    )
    assert any(
        "Nothing reads PIP_NO_CACHE_DIR any more" in (note.description or "")
        for note in notes.values()
    )
