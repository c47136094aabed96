"""Lines and columns of a text, as the Language Server Protocol counts them."""

from bisect import bisect_right
from enum import Enum

from msgspec import Struct

from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_BREAK = lazy_re(r"\r\n|\n|\r")
_ASTRAL = lazy_re("[\U00010000-\U0010ffff]")


class Encoding(Enum):
    """The unit that a client counts columns in; the values are the protocol's names."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class Position(Struct, frozen=True, order=True):
    """A place between two characters: a line and a column, both 0-based, in some encoding."""

    line: int
    column: int


class LineIndex:
    r"""Where the lines of a text are. Only `\n`, `\r\n` and `\r` end a line.

    Offsets are code points. Nothing here raises on a place outside the text: it is clamped, as the
    protocol demands of positions.

    >>> lines = LineIndex("a\r\n\N{GRINNING FACE}b")
    >>> lines.position(4, Encoding.UTF16), lines.offset(1, 2, Encoding.UTF16)
    (Position(line=1, column=2), 4)
    """

    __slots__ = ("_ascii", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._starts = _line_starts(text)

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty text has one, and so has what follows a last break."""
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The line that `offset` stands on."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def line_start(self, line: int) -> int:
        """The offset of the first character of `line`."""
        return self._starts[min(max(line, 0), len(self._starts) - 1)]

    def line_span(self, line: int) -> Span:
        """What stands on `line`, without its line break."""
        if line >= len(self._starts):
            return Span(len(self.text), len(self.text))
        start = self.line_start(line)
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        if end > start and self.text[end - 1] == "\n":
            end -= 1
        if end > start and self.text[end - 1] == "\r":
            end -= 1
        return Span(start, end)

    def position(self, offset: int, encoding: Encoding = Encoding.UTF32) -> Position:
        """The line and column of `offset`; inside a two-character break, the end of its line."""
        offset = min(max(offset, 0), len(self.text))
        line = self.line_of(offset)
        span = self.line_span(line)
        before = min(offset, span.end)
        if encoding is Encoding.UTF32 or self._ascii:
            return Position(line, before - span.start)
        return Position(line, _units(self.text[span.start : before], encoding))

    def offset(self, line: int, column: int, encoding: Encoding = Encoding.UTF32) -> int:
        """The offset of a position.

        A column past the end of its line is the line's end, one inside a character that takes
        several units is the start of that character, a line past the last is the end of the text.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        span = self.line_span(line)
        column = max(column, 0)
        if encoding is Encoding.UTF32 or self._ascii:
            return min(span.start + column, span.end)
        return span.start + _characters(span.of(self.text), column, encoding)


def _line_starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(found.end() for found in _BREAK.finditer(text))]
    starts = [0]
    find, add = text.find, starts.append
    at = find("\n")
    while at >= 0:
        add(at + 1)
        at = find("\n", at + 1)
    return starts


def _units(text: str, encoding: Encoding) -> int:
    if text.isascii():
        return len(text)
    if encoding is Encoding.UTF16:
        return len(text) + len(_ASTRAL.findall(text))
    return len(text.encode("utf-8", "surrogatepass"))


def _characters(line: str, units: int, encoding: Encoding) -> int:
    if line.isascii():
        return min(units, len(line))
    taken = 0
    for count, character in enumerate(line):
        taken += _units(character, encoding)
        if taken > units:
            return count
    return len(line)
