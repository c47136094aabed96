"""How a file is laid out: its line breaks, its indentation, where the lines of a node end."""

import re
from collections.abc import Iterator

from uvci.syntax.paths import locate
from uvci.syntax.tree import (
    Document,
    Mapping,
    Node,
    Pair,
    Scalar,
    Sequence,
    Style,
    walk,
)
from uvci.syntax.writing import Indents
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_BREAK = lazy_re(r"\r\n|\n|\r")
_COMMENT_LINE = lazy_re(r"([ \t]*)#[^\r\n]*")
_BLANK_LINE = lazy_re(r"[ \t]*(?=[\r\n])")


def newline_of(text: str) -> str:
    """The line break that `text` uses first."""
    found = _BREAK.search(text)
    return found[0] if found else "\n"


def line_start(text: str, offset: int) -> int:
    """Where the line of `offset` starts, behind a byte-order mark."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    return 1 if start == 0 and text.startswith("\ufeff") and offset > 0 else start


def line_above(text: str, start: int) -> int:
    """The start of the line above the one that starts at `start`, which is not the first."""
    last = start - 1
    if text[last - 1 : last + 1] == "\r\n":
        last -= 1
    return line_start(text, max(last, 0))


def line_end(text: str, offset: int) -> int:
    """Where the line of `offset` ends, before its line break."""
    found = _BREAK.search(text, offset)
    return found.start() if found else len(text)


def column_of(text: str, offset: int) -> int:
    """How many characters stand before `offset` on its line."""
    return offset - line_start(text, offset)


def own_line_start(text: str, offset: int) -> int | None:
    """The start of the line of `offset` if only blanks stand before it there, else None."""
    start = line_start(text, offset)
    return None if text[start:offset].strip(" ") else start


def in_flow(document: Document, span: Span) -> bool:
    """Whether brackets or braces surround what stands at `span`."""
    for root in (document.root, document.header):
        found = locate(root, span.start)
        if found is not None:
            return any(parent.flow for parent in found.parents)
    return False


def end_of_lines(text: str, start: int, last: Node) -> int:
    """The end of the last line that belongs to what begins at `start` and ends with `last`.

    Comment lines under it that are indented deeper belong to it, and so do the blank lines that a
    block scalar with `+` keeps.
    """
    column = column_of(text, start)
    end = line_end(text, max(last.span.end, start))
    if _keeps_blank_lines(text, last):
        return _skip_lines(text, end, _BLANK_LINE, -1)
    return _skip_lines(text, end, _COMMENT_LINE, column)


def file_indents(document: Document, offset: int) -> Indents:
    """How the file indents, judged by what is nearest to `offset`: its section, then the others."""
    sections = sorted(
        (*document.sections, *document.header_sections),
        key=lambda section: max(section.span.start - offset, offset - section.span.end),
    )
    step = dash = None
    for section in sections:
        for pair in section.pairs:
            for column, below in _nested(document.text, pair):
                if isinstance(below, Sequence):
                    dash = column if dash is None else dash
                elif step is None:
                    step = column
        if step is not None and dash is not None:
            break
    step = step or dash or 2
    return Indents(step, step if dash is None else dash)


def _nested(text: str, root: Pair) -> Iterator[tuple[int, Mapping | Sequence]]:
    """The block collections below `root` that are values, each with its indentation."""
    pairs = [root]
    for node in walk(root.value):
        if isinstance(node, Mapping):
            pairs += node.pairs
    for pair in pairs:
        below = pair.value
        if isinstance(below, Mapping | Sequence) and not below.flow:
            yield (
                column_of(text, below.span.start) - column_of(text, pair.key.span.start),
                below,
            )


def _keeps_blank_lines(text: str, last: Node) -> bool:
    """Whether what is last below `last` is a block scalar that keeps the blank lines under it."""
    while isinstance(last, Mapping | Sequence) and not last.flow:
        last = last.pairs[-1].value if isinstance(last, Mapping) else last.items[-1]
    if not isinstance(last, Scalar) or last.style not in {Style.LITERAL, Style.FOLDED}:
        return False
    return "+" in text[last.span.start : last.span.start + 3]


def _skip_lines(text: str, end: int, pattern: re.Pattern[str], column: int) -> int:
    """The end of the last of the lines from `end` on that match and are deeper than `column`."""
    while (line_break := _BREAK.match(text, end)) is not None:
        found = pattern.match(text, line_break.end())
        if found is None or (found.lastindex and len(found[1]) <= column):
            break
        end = found.end()
    return end
