"""A job typed key by key over the wire, as two clients with different ways of counting do it."""

from pathlib import Path

import pytest
from editor import Editor, editor
from lsprotocol import types

from tests.typed import typed_states

JOBS = """\
# 😀
.uv:
  image: "ghcr.io/astral-sh/uv:0.12.5-trixie-slim"
  variables: {UV_LINK_MODE: copy}

test:
  extends: .uv
  cache:
    key: é-$CI_COMMIT_REF_SLUG
    paths:
      - .uv-cache
  script:
    - echo 😀; uv sync --locked
    - |
      uv run pytest
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "encoding"),
    [("visual_studio_code_v1.65.2", "utf-16"), ("emacs_v29.1", "utf-32")],
)
async def test_a_job_typed_over_the_wire(root: Path, profile: str, encoding: str) -> None:
    async with editor(root, profile, encoding, pull=True) as this:
        this.open("")
        offered = 0
        for text, offset in typed_states(JOBS):
            type_into(this, text)
            for item in await this.complete(offset):
                offered += 1
                assert_replaces_what_is_typed(this, item, offset)
            shown = await this.hover(offset)
            assert shown is None or shown.range is not None
            for found in await this.diagnostics():
                assert found.range.start.line <= text.count("\n")
        assert this.texts[".gitlab-ci.yml"] == JOBS
        assert offered > 1000
        assert this.shown == []
        final = {str(found.code) for found in await this.diagnostics()}
        assert "UVC001" not in final


def type_into(this: Editor, text: str) -> None:
    """Sends what changed, and nothing else."""
    known = this.texts[".gitlab-ci.yml"]
    start = 0
    while start < min(len(known), len(text)) and known[start] == text[start]:
        start += 1
    end = 0
    while end < min(len(known), len(text)) - start and known[-1 - end] == text[-1 - end]:
        end += 1
    this.change(start, len(known) - end, text[start : len(text) - end])


def assert_replaces_what_is_typed(this: Editor, item: types.CompletionItem, offset: int) -> None:
    edit = item.text_edit
    assert edit is not None
    replaced = edit.replace if isinstance(edit, types.InsertReplaceEdit) else edit.range
    assert replaced.start.line == replaced.end.line
    assert this.offset(replaced.start) <= offset <= this.offset(replaced.end)
    if isinstance(edit, types.InsertReplaceEdit):
        assert edit.insert.start == replaced.start
        assert this.offset(edit.insert.end) == offset
    for other in item.additional_text_edits or []:
        ends = (this.offset(other.range.end), this.offset(other.range.start))
        assert ends[0] <= this.offset(replaced.start) or ends[1] >= this.offset(replaced.end)
