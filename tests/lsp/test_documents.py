"""Incremental edits against an independent reckoning of lines and columns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from uvci.lsp.documents import OpenDocument
from uvci.text.lines import Encoding

# Everything that some library takes for a line end and the protocol does not, and wide characters.
TEXTS = st.text(alphabet="ab:\n\r\f\v\x1c\x85\u2028\u2029é😀 ", max_size=40)
CODECS = {
    Encoding.UTF8: ("utf-8", 1),
    Encoding.UTF16: ("utf-16-le", 2),
    Encoding.UTF32: ("utf-32-le", 4),
}


def position(text: str, offset: int, encoding: Encoding) -> types.Position:
    codec, unit = CODECS[encoding]
    lines = re.split(r"\r\n|\n|\r", text[:offset])
    return types.Position(len(lines) - 1, len(lines[-1].encode(codec)) // unit)


def between(text: str, offset: int) -> bool:
    """Whether an offset lies inside a line end, where no position points."""
    return text[offset - 1 : offset + 1] == "\r\n"


@pytest.mark.parametrize("encoding", list(Encoding))
@given(
    text=TEXTS,
    edits=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXTS), max_size=6),
)
def test_a_chain_of_edits_gives_the_text_that_the_editor_has(
    encoding: Encoding, text: str, edits: list[tuple[int, int, str]]
) -> None:
    document = OpenDocument("file:///x.yml", "yaml", 0, text)
    changes: list[types.TextDocumentContentChangeEvent] = []
    for first, second, new in edits:
        start, end = sorted((min(first, len(text)), min(second, len(text))))
        if between(text, start) or between(text, end):
            continue
        range_ = types.Range(position(text, start, encoding), position(text, end, encoding))
        changes.append(types.TextDocumentContentChangePartial(range=range_, text=new))
        text = text[:start] + new + text[end:]
    changed = document.changed(changes, 7, encoding)
    assert changed.text == text
    assert changed.version == (7 if changes else 0)


def test_a_whole_document_change_replaces_the_text() -> None:
    document = OpenDocument("file:///x.yml", "yaml", 0, "old")
    whole = types.TextDocumentContentChangeWholeDocument("new")
    assert document.changed([whole], 1, Encoding.UTF16).text == "new"
