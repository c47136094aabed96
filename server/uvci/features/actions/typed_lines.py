"""Keywords as they are typed, to be put somewhere else word for word."""

from uvci.syntax.layout import column_of, end_of_lines
from uvci.syntax.tree import Document, Pair


def typed_lines(document: Document, pair: Pair) -> list[str]:
    """The lines of a pair from column 0 on, with the comments on them."""
    return _dedented(document.text, pair, end_of_lines(document.text, pair.span.start, pair.value))


def typed_content(document: Document, pair: Pair) -> list[str]:
    """The same without the comments behind it."""
    return _dedented(document.text, pair, pair.span.end)


def _dedented(text: str, pair: Pair, end: int) -> list[str]:
    column = column_of(text, pair.span.start)
    first, *rest = text[pair.span.start : end].replace("\r\n", "\n").split("\n")
    return [first, *(line[column:] if line[:column].isspace() else line for line in rest)]
