"""What can be folded away."""

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from uvci.syntax.tree import Document, Mapping, Node, Pair, Scalar, Sequence
from uvci.text.lines import LineIndex
from uvci.text.span import Span


class FoldKind(Enum):
    """What a fold holds, as editors tell them apart."""

    REGION = "region"
    COMMENT = "comment"
    IMPORTS = "imports"


class Fold(Struct, frozen=True):
    """The lines `first` to `last`, 0-based; `first` stays visible."""

    first: int
    last: int
    kind: FoldKind = FoldKind.REGION


def folds(document: Document) -> tuple[Fold, ...]:
    """Entries, keywords and items over several lines, block texts, runs of comments."""
    lines = LineIndex(document.text)
    found: dict[int, Fold] = {}
    roots = [root for root in (document.header, document.root) if root is not None]
    for fold in (*(each for root in roots for each in _in(root, lines)), *_comments(lines)):
        known = found.get(fold.first)
        if fold.last > fold.first and (known is None or known.last < fold.last):
            found[fold.first] = fold
    return tuple(sorted(found.values(), key=lambda fold: (fold.first, -fold.last)))


def _in(root: Node, lines: LineIndex) -> Iterator[Fold]:
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        match node:
            case Mapping():
                for pair in node.pairs:
                    yield _fold(pair.span, lines, _kind(pair, is_root=node is root))
                    stack.append(pair.value)
                if node.flow:
                    yield _fold(node.span, lines)
            case Sequence():
                for item in node.items:
                    yield _fold(item.span, lines)
                    stack.append(item)
                if node.flow:
                    yield _fold(node.span, lines)
            case _:
                pass


def _kind(pair: Pair, *, is_root: bool) -> FoldKind:
    key = pair.key.text if isinstance(pair.key, Scalar) else ""
    return FoldKind.IMPORTS if is_root and key == "include" else FoldKind.REGION


def _fold(span: Span, lines: LineIndex, kind: FoldKind = FoldKind.REGION) -> Fold:
    text = span.of(lines.text)
    end = span.start + len(text.rstrip())
    return Fold(lines.line_of(span.start), lines.line_of(end), kind)


def _comments(lines: LineIndex) -> Iterator[Fold]:
    first: int | None = None
    for line in range(lines.line_count + 1):
        is_comment = lines.line_span(line).of(lines.text).lstrip().startswith("#")
        if is_comment and first is None:
            first = line
        elif not is_comment and first is not None:
            yield Fold(first, line - 1, FoldKind.COMMENT)
            first = None
