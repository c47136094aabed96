"""Ways to complete a half-typed text at the cursor, so that it can be parsed.

A probe is a section with a marker typed at the cursor, and perhaps with what is missing around it:
a colon behind a key, a dash before an item, a closing quote. Parsed, the marker's place in the tree
is the cursor's.
"""

from collections.abc import Iterator

from msgspec import Struct

from uvci.syntax.layout import line_end, line_start
from uvci.text.patterns import lazy_re

_BARE_WORD = lazy_re(r"[\w.$][\w.$-]*")
_LONE_KEY = lazy_re(r"[ \t]*(?:-[ \t]+)*[\w.$<-]+:")
_LONE_DASH = lazy_re(r"[ \t]*(?:-[ \t]+)*-")
_OPENER = lazy_re(r"[ ]*(?:-[ ]+)*[^\s#][^\r\n]*:[ \t]*(?:[&!]\S+[ \t]*)*(?:#[^\r\n]*)?$")
_CLOSES = {"[": "]", "{": "}"}
_FARTHEST_OPENING = 40


class Probe(Struct, frozen=True):
    """A text to parse instead of a section.

    `marker_at` is where the marker stands in `text`; `lead` what was put right before what is
    completed and would have to be typed; `is_key` tells that the colon behind the marker is not
    typed yet. What stands on the cursor's line before the cursor moved by `moved`, what stands
    behind it by `inserted` more.
    """

    text: str
    marker_at: int
    inserted: int
    moved: int = 0
    lead: str = ""
    is_key: bool = False


class HalfTyped(Struct, frozen=True):
    """A section's text with a cursor in it."""

    text: str
    at: int
    marker: str

    @property
    def line_start(self) -> int:
        """Where the cursor's line starts."""
        return line_start(self.text, self.at)

    @property
    def line_end(self) -> int:
        """Where the cursor's line ends."""
        return line_end(self.text, self.at)

    @property
    def before(self) -> str:
        """The cursor's line up to the cursor."""
        return self.text[self.line_start : self.at]

    @property
    def after(self) -> str:
        """The cursor's line from the cursor on."""
        return self.text[self.at : self.line_end]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed on the cursor's line."""
        return not (self.before + self.after).strip()

    @property
    def is_in_indentation(self) -> bool:
        """Whether the line begins with more blanks than stand before the cursor."""
        return not self.before.strip() and self.after[:1] in {" ", "\t"} and not self.is_blank

    @property
    def is_bare_word(self) -> bool:
        """Whether a single word, which could become a key, is all there is on the line."""
        return _BARE_WORD.fullmatch((self.before + self.after).strip()) is not None

    def as_typed(self, lead: str = "", tail: str = "") -> Probe:
        """The marker at the cursor, after `lead`, with `tail` at the end of the line."""
        line = f"{self.before}{lead}{self.marker}{self.after}{tail}"
        inserted = len(lead) + len(self.marker)
        return Probe(self._with_line(line), self.at + len(lead), inserted, lead=lead)

    def as_key(self) -> Probe:
        """What is on the line with a colon behind it."""
        line = f"{self.before}{self.marker}{self.after.rstrip()}:"
        return Probe(self._with_line(line), self.at, len(self.marker), is_key=True)

    def as_item(self) -> Probe:
        """The word on the line as an item of a list, its dash put before it."""
        indent = self.before[: len(self.before) - len(self.before.lstrip())]
        line = f"{indent}- {self.before.lstrip()}{self.marker}{self.after}"
        lead = "- "
        moved = len(lead)
        return Probe(self._with_line(line), self.at + moved, len(self.marker), moved, lead=lead)

    def at_column(self, column: int) -> Probe:
        """What is on the line, moved to `column`; with a colon behind it if that is a word."""
        words = self.before.lstrip()
        colon = ":" if self.is_blank or self.is_bare_word else ""
        line = f"{' ' * column}{words}{self.marker}{self.after.rstrip()}{colon}"
        moved = column + len(words) - len(self.before)
        text = self._with_line(line)
        return Probe(text, self.at + moved, len(self.marker), moved, is_key=bool(colon))

    def _with_line(self, line: str) -> str:
        return self.text[: self.line_start] + line + self.text[self.line_end :]


def blank_line_probes(half: HalfTyped) -> Iterator[Probe]:
    """What may come on an empty line: a key or an item at the cursor's column, or in brackets."""
    yield half.as_key()
    yield half.as_typed(lead="- ")
    yield half.as_typed()


def typed_line_probes(half: HalfTyped) -> Iterator[Probe]:
    """What the words on the line may be, the likeliest first."""
    missing = _LONE_KEY.fullmatch(half.before) or _LONE_DASH.fullmatch(half.before)
    if missing is not None and not half.after.strip():
        yield half.as_typed(lead=" ")
    yield half.as_typed()
    if half.is_bare_word:
        yield half.as_key()
    for closing in _closings(half):
        yield half.as_typed(tail=closing)


def column_probes(half: HalfTyped) -> Iterator[Probe]:
    """The line in one of the mappings around it, the innermost first, whatever its own column."""
    for column in dict.fromkeys(_columns_around(half)):
        yield half.at_column(column)


def _closings(half: HalfTyped) -> Iterator[str]:
    """What would close the quotes and brackets that are open at the end of the line."""
    start = half.line_start
    seen = set()
    for _ in range(_FARTHEST_OPENING):
        closing = _closing(half.text[start : half.line_end])
        if closing and closing not in seen:
            seen.add(closing)
            yield closing
        if start == 0:
            return
        start = line_start(half.text, start - 1)


def _closing(text: str) -> str:
    stack: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        opened = stack[-1] if stack else ""
        if opened in {"'", '"'}:
            if character == "\\" and opened == '"':
                at += 1
            elif character == opened:
                stack.pop()
        elif character in "'\"" and (at == 0 or text[at - 1] in " \t\r\n[{,:("):
            stack.append(character)
        elif character in _CLOSES and (stack or at == 0 or text[at - 1] in " \t"):
            stack.append(_CLOSES[character])
        elif character == opened:
            stack.pop()
        at += 1
    return "".join(reversed(stack))


def _columns_around(half: HalfTyped) -> Iterator[int]:
    """The columns of the mappings that the cursor's line may belong to, the innermost first."""
    column = (
        len(half.before) - len(half.before.lstrip()) if half.before.strip() else len(half.before)
    )
    bound, child = max(column, 1), column
    start = half.line_start
    while start > 0:
        start = line_start(half.text, start - 1)
        line = half.text[start : line_end(half.text, start)]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent < bound and _OPENER.match(line):
            yield child if child > indent else indent + 2
            bound = indent
        child = indent
    yield 0
