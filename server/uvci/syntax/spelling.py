"""How libyaml turns the typed text of a scalar into its content, character by character."""

import re
from collections.abc import Iterator

from msgspec import Struct

from uvci.syntax.tree import Scalar, Style
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_BREAK = lazy_re("\r\n|[\r\n\x85\u2028\u2029]")
_BLANKS = lazy_re("(?:[ \t]|\r\n|[\r\n\x85\u2028\u2029])+")
_INK = {
    Style.PLAIN: lazy_re("[^ \t\r\n\x85\u2028\u2029]+"),
    Style.SINGLE_QUOTED: lazy_re("[^ \t\r\n\x85\u2028\u2029']+"),
    Style.DOUBLE_QUOTED: lazy_re('[^ \t\r\n\x85\u2028\u2029"\\\\]+'),
}
_HEX_ESCAPE = lazy_re(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HEADER = lazy_re(
    "[|>](?P<chomp>[+-]?)(?P<indent>[0-9]?)(?P<late>[+-]?)[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?"
    "(?:\r\n|[\r\n\x85\u2028\u2029]|\\Z)"
)
_LINE = lazy_re("(?P<indent> *)(?P<content>[^\r\n\x85\u2028\u2029]*)")


class Run(Struct, frozen=True):
    """Characters `start` to `end` of a content and the typed text they came from.

    Verbatim runs are typed as they are read; the others (an escape, a folded line) are one unit.
    """

    start: int
    end: int
    source: Span
    is_verbatim: bool = True


def spell(text: str, scalar: Scalar) -> tuple[Run, ...] | None:
    """The runs of `scalar`'s content in order; None where reading it again gives another content.

    `text` is the text of the whole document.
    """
    match scalar.style:
        case Style.LITERAL | Style.FOLDED:
            tries = _block_spellings(text, scalar)
        case _:
            tries = iter((_spell_flow(text, scalar),))
    for spelling in tries:
        if "".join(spelling.pieces) == scalar.text:
            return tuple(spelling.runs)
    return None


class _Spelling:
    """Runs and content of a scalar, while it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.runs: list[Run] = []
        self.pieces: list[str] = []
        self.length = 0

    def verbatim(self, start: int, end: int) -> None:
        if start < end:
            self._add(self.text[start:end], Span(start, end), is_verbatim=True)

    def unit(self, content: str, start: int, end: int) -> None:
        if content:
            self._add(content, Span(start, end), is_verbatim=len(content) == end - start)

    def line_break(self, at: re.Match[str]) -> None:
        self.unit(_break_content(at), *at.span())

    def _add(self, content: str, source: Span, *, is_verbatim: bool) -> None:
        after = self.length + len(content)
        self.runs.append(Run(self.length, after, source, is_verbatim))
        self.pieces.append(content)
        self.length = after


def _break_content(found: re.Match[str]) -> str:
    return found[0] if found[0] in "\u2028\u2029" else "\n"


def _spell_flow(text: str, scalar: Scalar) -> _Spelling:
    """A plain or quoted scalar: escapes and folded lines."""
    spelling = _Spelling(text)
    at, end = scalar.span.start, scalar.span.end
    if scalar.style is not Style.PLAIN:
        at, end = at + 1, max(end - 1, at + 1)
    ink = _INK[scalar.style]
    while at < end:
        if (found := ink.match(text, at, end)) is not None:
            spelling.verbatim(*found.span())
            at = found.end()
        elif (found := _BLANKS.match(text, at, end)) is not None:
            _fold(spelling, found)
            at = found.end()
        elif scalar.style is Style.SINGLE_QUOTED:
            spelling.unit("'", at, at + 2)
            at += 2
        else:
            at = _escape(spelling, at, end)
    return spelling


def _fold(spelling: _Spelling, blanks: re.Match[str]) -> None:
    """Blanks between words: kept on one line; a line break becomes a space, several lose one."""
    breaks = list(_BREAK.finditer(spelling.text, *blanks.span()))
    if not breaks:
        spelling.verbatim(*blanks.span())
        return
    first, *others = breaks
    if _break_content(first) != "\n":
        spelling.line_break(first)
    elif not others:
        spelling.unit(" ", *first.span())
    for other in others:
        spelling.line_break(other)


def _escape(spelling: _Spelling, at: int, end: int) -> int:
    """The escape at `at`; answers where it ends."""
    text = spelling.text
    if (found := _HEX_ESCAPE.match(text, at, end)) is not None:
        code = int(found[found.lastindex or 0], 16)
        spelling.unit(chr(code) if code < 0x110000 else "", *found.span())
        return found.end()
    if (found := _BREAK.match(text, at + 1, end)) is None:
        spelling.unit(_ESCAPES.get(text[at + 1 : at + 2], ""), at, at + 2)
        return at + 2
    blanks = _BLANKS.match(text, found.end(), end)
    if blanks is None:
        return found.end()
    for line_break in _BREAK.finditer(text, *blanks.span()):
        spelling.line_break(line_break)
    return blanks.end()


def _block_spellings(text: str, scalar: Scalar) -> Iterator[_Spelling]:
    """The block scalar under each indentation that it may have, the likeliest first."""
    header = _HEADER.match(text, scalar.span.start)
    if header is None:
        return
    likely = _indentation(text, header.end(), scalar.span.end)
    least = int(header["indent"] or likely)
    for indent in (likely, *(at for at in range(likely, least - 1, -1) if at != likely)):
        yield _spell_block(text, scalar, header, indent)


def _indentation(text: str, start: int, end: int) -> int:
    """The indentation of the first line with content, else the widest of the blank lines."""
    widest = 1
    for found in _LINE.finditer(text, start):
        if found["content"] and found.start() <= end:
            return len(found["indent"])
        if found["content"]:
            break
        widest = max(widest, len(found["indent"]))
    return widest


def _spell_block(text: str, scalar: Scalar, header: re.Match[str], indent: int) -> _Spelling:
    """A literal or folded scalar whose lines are indented by `indent`."""
    spelling = _Spelling(text)
    first_break: re.Match[str] | None = None
    was_indented = False
    breaks, at = _blank_lines(text, header.end(), indent)
    while at < len(text) and (line := _content_line(text, at, indent)) is not None:
        is_indented = text[line.start] in " \t"
        if first_break is not None:
            is_folded = scalar.style is Style.FOLDED and not was_indented and not is_indented
            if not is_folded or _break_content(first_break) != "\n":
                spelling.line_break(first_break)
            elif not breaks:
                spelling.unit(" ", *first_break.span())
        for line_break in breaks:
            spelling.line_break(line_break)
        was_indented = is_indented
        spelling.verbatim(line.start, line.end)
        first_break = _BREAK.match(text, line.end)
        breaks, at = _blank_lines(text, first_break.end() if first_break else line.end, indent)
    _chomp(spelling, header["chomp"] or header["late"], first_break, breaks)
    return spelling


def _chomp(
    spelling: _Spelling, how: str, last: re.Match[str] | None, blank: list[re.Match[str]]
) -> None:
    if how != "-" and last is not None:
        spelling.line_break(last)
    if how == "+":
        for line_break in blank:
            spelling.line_break(line_break)


def _content_line(text: str, at: int, indent: int) -> Span | None:
    """The content of the line at `at`; None where the line is not indented enough."""
    end = at + indent
    if text[at:end].strip(" ") or end >= len(text):
        return None
    found = _LINE.match(text, end)
    return Span(end, found.end()) if found else None


def _blank_lines(text: str, at: int, indent: int) -> tuple[list[re.Match[str]], int]:
    """The breaks of the empty lines from `at` on, and where the next line with content starts."""
    breaks: list[re.Match[str]] = []
    while True:
        start = at
        while at < start + indent and text[at : at + 1] == " ":
            at += 1
        found = _BREAK.match(text, at)
        if found is None:
            return breaks, start
        breaks.append(found)
        at = found.end()
