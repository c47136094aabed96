"""The variables and inputs that a text names, and where they are typed."""

import re
from collections.abc import Iterator

from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.syntax.sources import source_map
from uvci.syntax.tree import Scalar, Style
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_USE = lazy_re(
    rf"\$\$|\\.|\$\[\[\s*matrix\.(?P<matrix>{_NAME})|\$env:(?P<power>{_NAME})"
    rf"|\$\{{[!#]?(?P<braced>{_NAME})|\$(?P<named>{_NAME})"
)
_PERCENT = lazy_re(rf"%%|%(?P<percent>{_NAME})%")
_INPUT = lazy_re(r"\$\[\[\s*inputs\.(?P<input>[A-Za-z_][\w-]*)")


def variables_used(text: str, *, by_shell: bool) -> Iterator[tuple[str, Span]]:
    """Each `$NAME` in a text with the span of the name; `%NAME%` too where no shell reads it."""
    if "$" in text:
        yield from _named(_USE, text)
    if "%" in text and not by_shell:
        yield from _named(_PERCENT, text)


def inputs_used(text: str) -> Iterator[tuple[str, Span]]:
    """Each `$[[ inputs.name ]]` in a text with the span of the name."""
    if "$[[" in text:
        yield from _named(_INPUT, text)


def variables_set(script: str) -> Iterator[tuple[str, Span]]:
    """Each variable that a script sets, with the span of the name."""
    if "=" not in script and "unset" not in script and "export" not in script:
        return
    changes = [(one.name, one.span) for one in find_exports(script)]
    changes += [(one.name, one.span) for each in find_commands(script) for one in each.assignments]
    for name, span in dict.fromkeys(changes):
        at = script.find(name, span.start, span.end)
        if at >= 0:
            yield name, Span(at, at + len(name))


class TypedText:
    """A scalar's content, and where pieces of it are typed."""

    __slots__ = ("_document", "_scalar", "_start")

    def __init__(self, document: str, scalar: Scalar) -> None:
        self._document, self._scalar = document, scalar
        quoted = scalar.style in {Style.SINGLE_QUOTED, Style.DOUBLE_QUOTED}
        start = scalar.span.start + quoted
        # As in most scalars: what is typed is the content.
        as_typed = document.startswith(scalar.text, start)
        self._start = (
            start if as_typed and len(scalar.span) == len(scalar.text) + 2 * quoted else -1
        )

    def span(self, piece: Span) -> Span:
        """Where a piece of the content is typed."""
        if self._start >= 0:
            return piece.shift(self._start)
        return source_map(self._document, self._scalar).span(piece)

    @property
    def whole(self) -> Span:
        """Where all of the content is typed."""
        return self.span(Span(0, len(self._scalar.text)))


def _named(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, Span]]:
    for match in pattern.finditer(text):
        if match.lastgroup:
            yield match[match.lastgroup], Span(*match.span(match.lastgroup))
