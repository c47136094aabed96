"""Edits of a text, as values."""

from collections.abc import Iterable

from msgspec import Struct

from uvci.text.span import Span


class TextEdit(Struct, frozen=True, order=True):
    """Replace what `span` covers by `content`; an empty span inserts, empty content deletes."""

    span: Span
    content: str


class OverlappingEditsError(ValueError):
    """Two edits of one set want the same characters."""


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """The text after all `edits`, whose spans all speak of the text before any of them.

    Insertions at one offset keep the order they are given in.

    Raises:
        OverlappingEditsError: when two spans share a character.

    >>> apply_edits("a b", [TextEdit(Span(2, 3), "c"), TextEdit(Span(0, 0), "> ")])
    '> a c'
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < done:
            raise OverlappingEditsError(f"{edit.span} overlaps an edit that ends at {done}")
        pieces += (text[done : edit.span.start], edit.content)
        done = edit.span.end
    pieces.append(text[done:])
    return "".join(pieces)
