"""uv completed inside scripts over the wire: the text that then stands there, in every style."""

from pathlib import Path

import pytest
from editor import ENCODINGS, Editor, editor
from lsprotocol import types
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.sources import MemoryFiles

from tests.pipeline.shell.styles import STYLES

CURSOR = "▮"
PROJECT = '[dependency-groups]\ndocs = ["mkdocs"]\n'
TAKEN = [
    (
        'echo "🎉 é" && uv sync --lo▮ --extra x',
        "--locked",
        'echo "🎉 é" && uv sync --locked --extra x',
    ),
    ("cd .; uv sync --group=▮ && uv run x", "docs", "cd .; uv sync --group=docs && uv run x"),
    ("bash -c 'uv run --fro▮zen x' 🎉", "--frozen", "bash -c 'uv run --frozen x' 🎉"),
    (
        "uv pip install -r req▮ments.txt -q",
        "requirements.txt",
        "uv pip install -r requirements.txt -q",
    ),
    ("time uv pi▮ list", "pip", "time uv pip  list"),
    ("🎉() { uv sync -p3.▮; }", "3.13", "🎉() { uv sync -p3.13; }"),
    ("uv lock && UV_LI▮ uv sync", "UV_LINK_MODE", "uv lock && UV_LINK_MODE= uv sync"),
    (
        "uv lock\nuv sync --no-def▮\nuv run x",
        "--no-default-groups",
        "uv lock\nuv sync --no-default-groups\nuv run x",
    ),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "requirements.txt").write_text("")
    return tmp_path


def pipeline_with(typed: str, newline: str) -> str:
    image = "ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie"
    text = f"# 🎉\ntest:\n  image: {image}\n  script:\n    - {typed}\n    - true\n"
    return text.replace("\n", newline)


def taken(this: Editor, item: types.CompletionItem) -> str:
    """The text after an item is taken in the place of the whole word."""
    edit = item.text_edit
    assert edit is not None
    where = edit.replace if isinstance(edit, types.InsertReplaceEdit) else edit.range
    edits = [(where, edit.new_text)]
    edits += [(other.range, other.new_text) for other in item.additional_text_edits or []]
    text = this.texts[".gitlab-ci.yml"]
    for range_, new in sorted(edits, key=lambda one: this.offset(one[0].start), reverse=True):
        text = text[: this.offset(range_.start)] + new + text[this.offset(range_.end) :]
    return text


def script_of(text: str) -> str:
    (job,) = build_pipeline("x", MemoryFiles({"x": text})).jobs
    return job.scripts[0].text.rstrip("\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_completion_gives_the_script_that_is_meant(
    root: Path, encoding: str, newline: str
) -> None:
    checked = 0
    async with editor(root, "visual_studio_code_v1.65.2", encoding, pull=True) as this:
        this.open("")
        for script, label, wanted in TAKEN:
            for style, write in STYLES.items():
                written = write(script)
                if written is None or style == "double escaped":
                    continue  # an editor filters by what is typed: nobody types letters as escapes
                text = pipeline_with(written, newline)
                this.replace(text.replace(CURSOR, ""))
                items = {item.label: item for item in await this.complete(text.index(CURSOR))}
                assert label in items, (style, script)
                assert script_of(taken(this, items[label])) == wanted, (style, text)
                checked += 1
    assert checked >= 7 * len(TAKEN)
