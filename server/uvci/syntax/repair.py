"""Reading a text that is not YAML, by blanking out as little of it as helps.

What is half typed is the normal state of a text in an editor. Around the place where libyaml stops,
pieces are tried from small to large: the value of `key: value` (its key stays), an item, the
line, the line with all that hangs below it. A blanked value stays in the tree as `Broken`.
"""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from uvci.syntax.build import Built, build
from uvci.syntax.events import StreamError
from uvci.syntax.tree import Broken, Node, walk
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_MOST_STEPS = 24
_MOST_CHARACTERS = 1_000_000
CONFLICT = lazy_re(r"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \t][^\r\n]*)?(?=\r?$)", re.MULTILINE)
_INK = lazy_re(r"[^ \n\r]")
_KEY = lazy_re(
    r"[ \t]*(?:[-?][ \t]+)*"
    r"(?:\"(?:[^\"\\\n\r]|\\.)*\"|'[^'\n\r]*'|[^\s#'\"\[{&*!|>%@`][^\n\r]*?)[ \t]*:(?=\s|\Z)"
)
_VALUE = lazy_re(
    _KEY.pattern + r"[ \t]+(?P<value>[^\s#][^\n\r]*?)[ \t]*(?:[ \t]#[^\n\r]*)?(?=[\n\r]|\Z)"
)
_ITEM = lazy_re(r"[ \t]*(?:-[ \t]+)+(?P<value>[^\s#][^\n\r]*?)[ \t]*(?=[\n\r]|\Z)")
_LINE = lazy_re(r"[ ]*(?P<value>[^ \n\r](?:[^\n\r]*\S)?)")
_ANY_LINE = lazy_re(r"[^\n\r]*(?:\r\n|\n|\r|\Z)")
_TABS = lazy_re(r"[ ]*(?P<value>\t[ \t]*)(?=\S)")
_OPENED_BEFORE = ("while scanning a", "while parsing a flow")
_BLOCK = "while scanning a block scalar"
NO_COLON_HERE = "mapping values are not allowed in this context"
"""What libyaml says of a second colon in a line, and of a key that is a word on two lines."""

_NO_KEY = "could not find expected ':'"


class Mended(Struct, frozen=True):
    """The nodes of a text after repair, and what had to be taken out of it."""

    built: Built
    broken: tuple[Broken, ...]


class _Piece(Struct, frozen=True):
    """A piece that may be to blame; a value is kept as `Broken`, anything else is blanked."""

    span: Span
    is_value: bool = False


class _Attempt(Struct, frozen=True):
    """The text with some pieces blanked, and where it now fails, if it does."""

    text: str
    error: StreamError | None
    removed: tuple[Span, ...] = ()


Accepts = Callable[[Node | None], bool]


def mend(text: str, accepts: Accepts) -> Mended:
    """The nodes of `text` with as little blanked as makes it parse to a root that `accepts` takes.

    `text` must be readable (`uvci.syntax.build.readable`); spans are those of the text as given.
    `accepts` must take None, the root of a text that holds nothing.
    """
    return _Repair(text, accepts).run()


class _Repair:
    """A text under repair: what stands for blanked values, and what its root must be like."""

    def __init__(self, text: str, accepts: Accepts) -> None:
        self.source = text
        self.accepts = accepts
        self.filler = _unused_character(text)

    def run(self) -> Mended:
        markers = tuple(Span(*found.span()) for found in CONFLICT.finditer(self.source))
        attempt = self.without(_Attempt(self.source, None), *markers)
        for _ in range(min(_MOST_STEPS, 1 + _MOST_CHARACTERS // (len(self.source) + 1))):
            if attempt.error is None:
                break
            attempt = self.step(attempt, attempt.error)
        return self.finish(attempt if attempt.error is None else self.give_up(attempt))

    def step(self, attempt: _Attempt, error: StreamError) -> _Attempt:
        """The smallest piece that helps entirely, or the one after which most can be read."""
        lines = tuple(dict.fromkeys(_suspects(attempt.text, error)))
        pieces = [piece for line in lines for piece in _pieces(attempt.text, line, self.filler)]
        if error.context == _BLOCK:
            pieces = [_whole_block(attempt.text, piece) for piece in pieces]
        blocks = [_Piece(Span(line, _block_end(attempt.text, line))) for line in lines]
        for choice in (pieces, blocks):
            best = self.best(attempt, choice)
            if best is not None and (best.error is None or best.error.index > error.index):
                return best
        return self.give_up(attempt)

    def best(self, attempt: _Attempt, choice: list[_Piece]) -> _Attempt | None:
        """The first that leaves no error, else the first of those that fail last."""
        best: _Attempt | None = None
        for piece in choice:
            blank = self.filled if piece.is_value else self.without
            tried = blank(attempt, piece.span)
            if tried.error is None:
                return tried
            if best is None or best.error is None or tried.error.index > best.error.index:
                best = tried
        return best

    def filled(self, attempt: _Attempt, span: Span) -> _Attempt:
        first, *others = span.of(attempt.text).splitlines(keepends=True)
        ink = first.rstrip("\r\n")
        kept = self.filler * len(ink) + first[len(ink) :]
        return self.replaced(attempt, span, kept + _INK.sub(" ", "".join(others)))

    def without(self, attempt: _Attempt, *spans: Span) -> _Attempt:
        for span in spans:
            blank = _INK.sub(" ", span.of(attempt.text))
            attempt = self.replaced(attempt, span, blank, checked=span is spans[-1])
        return attempt if spans else _Attempt(attempt.text, self.failure(attempt.text))

    def replaced(
        self, attempt: _Attempt, span: Span, piece: str, *, checked: bool = True
    ) -> _Attempt:
        text = attempt.text[: span.start] + piece + attempt.text[span.end :]
        error = self.failure(text) if checked else None
        return _Attempt(text, error, (*attempt.removed, span))

    def give_up(self, attempt: _Attempt) -> _Attempt:
        """Without all lines from the error on; if that does not parse either, without anything."""
        at = attempt.error.index if attempt.error else 0
        text = attempt.text
        tail = self.without(attempt, Span(_line_start(text, at), len(text)))
        return tail if tail.error is None else self.without(attempt, Span(0, len(text)))

    def failure(self, text: str) -> StreamError | None:
        try:
            root = build(text, placeholder=self.filler).root
        except StreamError as error:
            return error
        if root is None or self.accepts(root):
            return None
        start = root.span.start
        return StreamError(_NO_KEY, start, "while scanning a simple key", start)

    def finish(self, attempt: _Attempt) -> Mended:
        built = build(attempt.text, placeholder=self.filler, original=self.source)
        kept = broken_nodes(built.root)
        removed = (Broken(span, span.of(self.source)) for span in attempt.removed)
        lost = [
            piece
            for piece in removed
            if piece.text.strip() and not any(node.span.overlaps(piece.span) for node in kept)
        ]
        return Mended(built, tuple(sorted((*kept, *lost), key=lambda piece: piece.span)))


def broken_nodes(root: Node | None) -> tuple[Broken, ...]:
    """The pieces below `root` that did not parse, in the order typed."""
    return tuple(node for node in walk(root) if isinstance(node, Broken)) if root else ()


def _suspects(text: str, error: StreamError) -> Iterator[int]:
    """The starts of the lines that may be to blame, none of them blank."""
    here = _inked_line(text, error.index)
    before = _inked_line(text, here - 1) if here > 0 else here
    if error.problem == NO_COLON_HERE and _is_half_key(text, before, here, error.index):
        yield before
    if error.context.startswith(_OPENED_BEFORE):
        yield _inked_line(text, error.context_index)
    yield here
    yield before


def _pieces(text: str, line: int, filler: str) -> Iterator[_Piece]:
    """What of one line may be blanked, the smallest first."""
    if (tabs := _TABS.match(text, line)) is not None:
        yield _Piece(Span(*tabs.span("value")))
    for pattern in (_VALUE, _ITEM):
        found = pattern.match(text, line)
        if found is not None and not found["value"].startswith(filler):
            yield _Piece(Span(*found.span("value")), is_value=True)
    if (found := _LINE.match(text, line)) is not None:
        yield _Piece(Span(*found.span("value")))


def _whole_block(text: str, piece: _Piece) -> _Piece:
    """The piece with all lines that hang below its line."""
    end = _block_end(text, _line_start(text, piece.span.start))
    last = max(piece.span.end, len(text[:end].rstrip()))
    return _Piece(Span(piece.span.start, last), piece.is_value)


def _is_half_key(text: str, before: int, here: int, error_at: int) -> bool:
    """Whether the line `before` is a word that ran into the key of the line `here`."""
    if before == here or _indent(text, before) > _indent(text, here):
        return False
    value = _VALUE.match(text, here)
    if value is not None and value.start("value") <= error_at:
        return False
    line = _LINE.match(text, before)
    return line is not None and _KEY.match(text, before) is None


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _inked_line(text: str, offset: int) -> int:
    """The start of the last line at or before `offset` that holds anything."""
    start = _line_start(text, offset)
    while start > 0 and _LINE.match(text, start) is None:
        start = _line_start(text, start - 1)
    return start


def _indent(text: str, line: int) -> int:
    found = _LINE.match(text, line)
    return found.start("value") - line if found else 0


def _block_end(text: str, line: int) -> int:
    """The end of the line at `line` and of the deeper lines under it."""
    indent = _indent(text, line)
    end = line
    for found in _ANY_LINE.finditer(text, line):
        start = found.start()
        if start > line and found[0].strip() and _indent(text, start) <= indent:
            break
        end = found.end()
    return end


def _unused_character(text: str) -> str:
    """A character for private use that `text` does not hold; YAML takes it as a letter."""
    return next((letter for letter in map(chr, range(0xE000, 0xF900)) if letter not in text), "x")
