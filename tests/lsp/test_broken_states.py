"""Completion inside text that is still being typed, over the wire."""

from pathlib import Path

import pytest
from editor import editor

STATES = {
    "a colon at the end": ("test:\n  image: ghcr.io/astral-sh/uv:$0\n", "0."),
    "the first letters of a job": ("test:\n  script: [uv sync]\n  ima$0\n", "image"),
    "a variable's first letters": ("variables:\n  UV_$0\n", "UV_CACHE_DIR"),
    "an open quote": ('test:\n  image: "ghcr.io/astral-sh/uv:0.12.5-$0\n', "0.12.5-"),
    "an open bracket": ("test:\n  cache:\n    paths: [$0\n  script: uv sync\n", ".uv-cache"),
    "an open brace": ("test:\n  variables: {UV_LINK$0\n", "UV_LINK_MODE"),
    "a tab": ("other:\n\tscript: x\ntest:\n  image: ghcr.io/astral-sh/uv:$0\n", "0."),
    "a dedented line": (
        "test:\n    script:\n      - uv sync\n   image: x\nlint:\n  ima$0\n",
        "image",
    ),
    "a half-typed command": ("test:\n  script:\n    - uv $0\n", "sync"),
    "merge conflict markers": (
        "<<<<<<< a\na:\n  script: x\n=======\n>>>>>>> b\ntest:\n  image: ghcr.io/astral-sh/uv:$0\n",
        "0.",
    ),
    "an empty last line": ("test:\n  script: [uv sync]\n  $0", "image"),
    "CRLF": ("test:\r\n  image: ghcr.io/astral-sh/uv:$0\r\n", "0."),
    "a byte-order mark": ("\ufefftest:\n  image: ghcr.io/astral-sh/uv:$0\n", "0."),
    "a header": ("spec:\n  inputs: {}\n---\ntest:\n  image: ghcr.io/astral-sh/uv:$0\n", "0."),
}


@pytest.mark.parametrize("state", STATES)
async def test_completion_offers_the_right_items_in(tmp_path: Path, state: str) -> None:
    text, wanted = STATES[state]
    offset = text.index("$0")
    (tmp_path / ".git").mkdir()
    async with editor(tmp_path) as this:
        this.open(text.replace("$0", ""))
        labels = [item.label for item in await this.complete(offset)]
        assert any(label.startswith(wanted) or wanted in label for label in labels), labels[:20]
