"""Putting lines and flow entries into a text, and taking them out, with what belongs to them."""

from uvci.syntax.layout import end_of_lines, line_above, line_start, newline_of, own_line_start
from uvci.syntax.tree import Document, Mapping, Node, Pair, Sequence
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_PROPERTIES = lazy_re(r"(?<![^\s,\[{])[&!][^\s,\[\]{}]*[ \t]+(?:[&!][^\s,\[\]{}]*[ \t]+)?\Z")


def insert_after(
    document: Document, start: int, last: Node, lines: list[str], column: int
) -> TextEdit:
    """Lines under what begins at `start` and ends with `last`."""
    end = end_of_lines(document.text, start, last)
    newline = newline_of(document.text)
    indent = " " * column
    body = "".join(newline + (indent + line if line else "") for line in lines)
    return TextEdit(Span(end, end), body)


def insert_first(document: Document, start: int, lines: list[str], column: int) -> TextEdit:
    """Lines before what stands at `start`, be it behind a dash."""
    newline = newline_of(document.text)
    indent = newline + " " * column
    head, *rest = lines
    body = head + "".join(indent + line if line else newline for line in rest) + indent
    return TextEdit(Span(start, start), body)


def insert_before(document: Document, pair: Pair, lines: list[str], column: int) -> TextEdit:
    """Above `pair` and the comment lines right above it, which are about it."""
    text = document.text
    start = own_line_start(text, pair.span.start)
    if start is None:
        return insert_first(document, pair.span.start, lines, column)
    while start > 0:
        above = line_above(text, start)
        line = text[above:start]
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) != column:
            break
        start = above
    newline = newline_of(text)
    indent = " " * column
    body = "".join((indent + line if line else "") + newline for line in lines)
    return TextEdit(Span(start, start), body)


def insert_flow(  # noqa: PLR0913  at most one of before and after is given
    text: str,
    parent: Mapping | Sequence,
    parts: tuple[Pair, ...] | tuple[Node, ...],
    new: str,
    *,
    before: Pair | Node | None = None,
    after: Pair | Node | None = None,
) -> TextEdit:
    """An entry between brackets or braces."""
    if not parts:
        inside = parent.span.start + 1
        return TextEdit(Span(inside, parent.span.end - 1), new)
    if before is not None:
        start = _entry_start(text, before.span.start)
        return TextEdit(Span(start, start), f"{new}, ")
    end = (after or parts[-1]).span.end
    return TextEdit(Span(end, end), f", {new}")


def remove_flow(text: str, spans: list[Span], at: int) -> TextEdit:
    """Entry number `at` goes with its tag and anchor, and with the comma beside it."""
    if at > 0:
        return TextEdit(Span(spans[at - 1].end, spans[at].end), "")
    first, second = (_entry_start(text, span.start) for span in spans[:2])
    return TextEdit(Span(first, second), "")


def _entry_start(text: str, start: int) -> int:
    """Where the tag and the anchor stand that belong to what begins at `start`, if it has any."""
    found = _PROPERTIES.search(text, line_start(text, start), start)
    return found.start() if found else start


def remove_lines(text: str, span: Span, last: Node, following: int | None) -> TextEdit:
    """What stands at `span` goes with its lines; a comment behind it keeps its line."""
    start = own_line_start(text, span.start)
    if start is None:
        return TextEdit(Span(span.start, following or span.end), "")
    end = end_of_lines(text, span.start, last)
    if text[span.end : end].strip():
        behind = span.end + len(text[span.end : end]) - len(text[span.end : end].lstrip())
        return TextEdit(Span(span.start, behind), "")
    newline = text[end : end + 2] if text[end : end + 2] == "\r\n" else text[end : end + 1]
    if newline:
        end += len(newline)
        return TextEdit(Span(start, _past_blank_line(text, end) if start == 0 else end), "")
    return TextEdit(Span(max(start - len(newline_of(text)), 0), end), "")


def _past_blank_line(text: str, start: int) -> int:
    """The start of the next line, if this one is blank: no file is to begin with it."""
    end = text.find("\n", start) + 1
    return end if end and not text[start:end].strip() else start


def dash_before(text: str, item: Node, column: int) -> int:
    """The offset of the `-` of an item of a list at `column`."""
    start = line_start(text, item.span.start)
    while start > 0 and text[start + column : start + column + 1] != "-":
        start = line_above(text, start)
    return start + column
