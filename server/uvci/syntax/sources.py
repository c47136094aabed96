"""From places in a scalar's content to places in the text it was typed in, and back.

What a scalar holds differs from what is typed by its quotes, escapes, folded lines and indentation.
Whoever finds something in the content (a command in a script) learns here where that stands.
"""

from bisect import bisect_right

from msgspec import Struct

from uvci.syntax.spelling import Run, spell
from uvci.syntax.tree import Scalar
from uvci.text.span import Span


class SourceMap(Struct, frozen=True):
    """How the content of one scalar was typed: runs of content, each with the text it came from.

    `content` is the typed text from the first to the last character of the content. Where a scalar
    could not be read again as typed (a control character in it), `is_exact` is false and every
    place maps to the content as a whole.
    """

    runs: tuple[Run, ...]
    length: int
    content: Span
    is_exact: bool

    def offset(self, decoded: int) -> int:
        """Where the character number `decoded` of the content is typed; its end for the end."""
        if not self.runs or decoded < 0:
            return self.content.start
        if decoded >= self.length:
            return self.runs[-1].source.end
        run = self._run(decoded)
        return run.source.start + (decoded - run.start if run.is_verbatim else 0)

    def span(self, decoded: Span) -> Span:
        """The typed text that the characters `decoded` of the content came from."""
        start = self.offset(decoded.start)
        if not decoded or not self.runs:
            return Span(start, start)
        last = min(decoded.end, self.length) - 1
        run = self._run(last)
        end = self.offset(last) + 1 if run.is_verbatim else run.source.end
        return Span(start, max(start, end))

    def decoded(self, source: int) -> int | None:
        """The number of the character of the content that is typed at `source`.

        None outside of the content: before it, behind it, in the indentation of its lines.
        """
        at = bisect_right(self.runs, source, key=lambda run: run.source.start) - 1
        if at < 0:
            return 0 if not self.runs and self.content.touches(source) else None
        run = self.runs[at]
        if not run.source.touches(source):
            return None
        if source == run.source.end:
            return run.end
        return run.start + (source - run.source.start if run.is_verbatim else 0)

    def reached(self, document_text: str, source: int) -> int | None:
        """As `decoded`; None also in front of a line's content, where that is indented."""
        at = self.decoded(source)
        if at is None:
            return None
        ahead = document_text[source : self.offset(at)]
        return at if not ahead or "\n" in ahead else None

    def _run(self, decoded: int) -> Run:
        at = bisect_right(self.runs, decoded, key=lambda run: run.start) - 1
        return self.runs[max(at, 0)]


def source_map(document_text: str, scalar: Scalar) -> SourceMap:
    r"""How the content of `scalar` was typed in `document_text`.

    >>> from uvci.syntax.parse import parse
    >>> document = parse('a: "x\\ty"\n')
    >>> source_map(document.text, document.mapping.get("a")).offset(2)
    7
    """
    runs = spell(document_text, scalar)
    if runs is None:
        whole = Run(0, len(scalar.text), scalar.span, is_verbatim=False)
        return SourceMap((whole,), len(scalar.text), scalar.span, is_exact=False)
    start, end = (runs[0].source.start, runs[-1].source.end) if runs else _inside(scalar)
    return SourceMap(runs, len(scalar.text), Span(start, end), is_exact=True)


def _inside(scalar: Scalar) -> tuple[int, int]:
    """Where the content of an empty scalar would be typed."""
    quoted = scalar.style.value in {"'", '"'}
    at = scalar.span.start + 1 if quoted and scalar.span else scalar.span.end
    return at, at
