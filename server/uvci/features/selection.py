"""Growing a selection by what belongs together."""

from uvci.features.naming.texts import TypedText
from uvci.syntax.paths import locate
from uvci.syntax.tree import Document, Mapping, Scalar
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_WORD = lazy_re(r"[^\s\"'\[\]{},:=]+")


def selections(document: Document, offset: int) -> tuple[Span, ...]:
    """The spans around `offset`, each within the next: word, text, value, pair, …, the file."""
    text = document.text
    offset = min(max(offset, 0), len(text))
    spans = [_word(text, offset)]
    for root in (document.root, document.header):
        found = locate(root, offset)
        if root is None or found is None:
            continue
        node = found.pair.key if found.on_key and found.pair else found.node
        if isinstance(node, Scalar):
            spans.append(TypedText(text, node).whole)
        spans.append(node.span)
        for parent in reversed(found.parents):
            pairs = parent.pairs if isinstance(parent, Mapping) else ()
            spans += [pair.span for pair in pairs if pair.span.touches(offset)]
            spans.append(parent.span)
        spans.append(root.span)
    spans.append(Span(0, len(text)))
    return _growing(spans, offset)


def _word(text: str, offset: int) -> Span:
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    for match in _WORD.finditer(text, start):
        if match.start() > offset:
            break
        if match.end() >= offset:
            return Span(*match.span())
    return Span(offset, offset)


def _growing(spans: list[Span], offset: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        if not span.touches(offset):
            continue
        if not kept or (span.covers(kept[-1]) and span != kept[-1]):
            kept.append(span)
    return tuple(kept)
