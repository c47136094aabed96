"""Edits that change one thing in a file and keep everything else as its author wrote it.

Kept are comments, key order, quotes, the way lists are indented, flow style, the kind of line
breaks and whether the last line has one. Each function answers edits of the document's text; where
a place cannot be edited (a collection inside an unfinished one) it answers none.
"""

from uvci.syntax.layout import column_of, end_of_lines, file_indents, in_flow, newline_of
from uvci.syntax.splice import (
    dash_before,
    insert_after,
    insert_before,
    insert_first,
    insert_flow,
    remove_flow,
    remove_lines,
)
from uvci.syntax.tree import Document, Mapping, Node, Pair, Scalar, Sequence, Style
from uvci.syntax.writing import (
    Block,
    Quoted,
    Verbatim,
    double_quoted,
    quote_if_needed,
    quote_key_if_needed,
    single_quoted,
    written_flow,
    written_item,
    written_literal,
    written_pair,
)
from uvci.text.edits import TextEdit
from uvci.text.span import Span

__all__ = [
    "Block",
    "Quoted",
    "Verbatim",
    "append_root",
    "insert_item",
    "insert_pair",
    "quote_if_needed",
    "remove_item",
    "remove_pair",
    "rename_key",
    "replace_scalar",
    "set_value",
]

Edits = tuple[TextEdit, ...]


def replace_scalar(document: Document, scalar: Scalar, text: str) -> TextEdit:
    """The edit after which GitLab reads `text` where `scalar` stands.

    Quotes stay as they are; a plain scalar gets them where it needs them. A block scalar stays one.
    """
    match scalar.style:
        case Style.PLAIN:
            new = quote_if_needed(text, flow=in_flow(document, scalar.span))
        case Style.SINGLE_QUOTED:
            new = single_quoted(text) or double_quoted(text)
        case Style.DOUBLE_QUOTED:
            new = double_quoted(text)
        case _:
            new = _block_scalar(document, scalar, text) or double_quoted(text)
    return TextEdit(scalar.span, _spaced(document.text, scalar.span, new))


def rename_key(document: Document, pair: Pair, name: str) -> TextEdit:
    """The edit after which the key of `pair` is `name`, in the same quotes."""
    key = pair.key
    if isinstance(key, Scalar) and key.style in {Style.SINGLE_QUOTED, Style.DOUBLE_QUOTED}:
        return replace_scalar(document, key, name)
    return TextEdit(key.span, quote_key_if_needed(name))


def insert_pair(  # noqa: PLR0913  at most one of before and after is given
    document: Document,
    target: Mapping | Pair,
    key: str,
    value: Block,
    *,
    before: Pair | None = None,
    after: Pair | None = None,
) -> Edits:
    """The edits that add `key: value` to a mapping, at its end unless told where.

    `target` is the mapping, or the pair whose value it is: that value may also be missing, `null`
    or empty.
    """
    mapping = target.value if isinstance(target, Pair) else target
    if isinstance(target, Pair) and _is_nothing(mapping):
        lines = written_pair(key, value, file_indents(document, target.span.start))
        return _fill(document, target, lines, f"{{{_flow_pair(key, value)}}}")
    if not isinstance(mapping, Mapping):
        return ()
    if mapping.flow:
        flow = _flow_pair(key, value)
        pairs = mapping.pairs
        return (insert_flow(document.text, mapping, pairs, flow, before=before, after=after),)
    lines = written_pair(key, value, file_indents(document, mapping.span.start))
    column = column_of(document.text, mapping.span.start)
    if before is not None:
        return (insert_before(document, before, lines, column),)
    last = after or mapping.pairs[-1]
    return (insert_after(document, last.span.start, last.value, lines, column),)


def insert_item(
    document: Document, target: Sequence | Pair, value: Block, *, index: int | None = None
) -> Edits:
    """The edits that add an item to a list, at its end unless an index tells where.

    `target` is the list, or the pair whose value it is: that value may also be missing, `null`,
    empty, or a single text, which becomes the first item.
    """
    sequence = target.value if isinstance(target, Pair) else target
    if isinstance(target, Pair):
        if _is_nothing(sequence):
            lines = written_item(value, file_indents(document, target.span.start))
            return _fill(document, target, lines, f"[{written_flow(value)}]", is_list=True)
        if isinstance(sequence, Scalar):
            return _listed(document, target, sequence, value, first=index == 0)
    if not isinstance(sequence, Sequence):
        return ()
    items = sequence.items
    at = len(items) if index is None else min(max(index, 0), len(items))
    if sequence.flow:
        before = items[at] if at < len(items) else None
        flow = written_flow(value)
        return (insert_flow(document.text, sequence, items, flow, before=before),)
    lines = written_item(value, file_indents(document, sequence.span.start))
    column = column_of(document.text, sequence.span.start)
    if at == 0:
        return (insert_first(document, sequence.span.start, lines, column),)
    dash = dash_before(document.text, items[at - 1], column)
    return (insert_after(document, dash, items[at - 1], lines, column),)


def remove_pair(document: Document, mapping: Mapping, pair: Pair) -> Edits:
    """The edits that take `pair` out; comments beside and above it stay.

    The last pair leaves `{}` behind.
    """
    pairs = mapping.pairs
    at = next((at for at, other in enumerate(pairs) if other is pair), None)
    if at is None:
        return ()
    if len(pairs) == 1:
        return (TextEdit(mapping.span, "{}"),)
    if mapping.flow:
        return (remove_flow(document.text, [other.span for other in pairs], at),)
    following = pairs[at + 1].span.start if at + 1 < len(pairs) else None
    return (remove_lines(document.text, pair.span, pair.value, following),)


def remove_item(document: Document, sequence: Sequence, index: int) -> Edits:
    """The edits that take an item out; comments beside and above it stay.

    The last item leaves `[]` behind.
    """
    items = sequence.items
    if not 0 <= index < len(items):
        return ()
    if len(items) == 1:
        return (TextEdit(sequence.span, "[]"),)
    if sequence.flow:
        return (remove_flow(document.text, [item.span for item in items], index),)
    text, column = document.text, column_of(document.text, sequence.span.start)
    start = dash_before(text, items[index], column)
    following = dash_before(text, items[index + 1], column) if index + 1 < len(items) else None
    span = Span(start, max(items[index].span.end, start + 1))
    return (remove_lines(text, span, items[index], following),)


def set_value(document: Document, pair: Pair, value: Block) -> Edits:
    """The edits after which `pair` has this value, whatever it has now; a text keeps its quotes."""
    old = pair.value
    is_text = isinstance(value, str) and not isinstance(value, Quoted | Verbatim)
    if is_text and isinstance(old, Scalar) and old.tag is None:
        return (replace_scalar(document, old, str(value)),)
    if in_flow(document, pair.key.span) or (isinstance(value, str) and isinstance(old, Scalar)):
        flow = written_flow(value)
        return (TextEdit(old.span, _spaced(document.text, old.span, flow)),)
    properties = _properties(document.text, pair)
    indents = file_indents(document, pair.span.start)
    head, *rest = written_pair("x", value, indents)
    column = column_of(document.text, pair.key.span.start)
    start = _after_colon(document.text, pair)
    newline = newline_of(document.text) + " " * column
    body = "".join(newline + line if line else newline.rstrip(" ") for line in rest)
    return (TextEdit(Span(start, max(start, old.span.end)), properties + head[2:] + body),)


def append_root(document: Document, text: str) -> Edits:
    """The edits that add `text`, whole lines of YAML, to the end of the configuration.

    A blank line is left before it, and none at the end of the file.
    """
    source, newline = document.text, newline_of(document.text)
    lines = text.strip("\n").split("\n")
    root = document.root
    if isinstance(root, Mapping) and not root.flow:
        indent = " " * column_of(source, root.span.start)
        lines = [indent + line if line else "" for line in lines]
    elif root is not None and not _is_nothing(root):
        return ()
    elif root is not None:
        return (TextEdit(root.span, newline.join(lines)),)
    end = document.sections[-1].span.end if document.sections else len(source)
    start = document.sections[0].span.start if document.sections else 0
    ink = start + len(source[start:end].rstrip())
    if ink == start:
        return (TextEdit(Span(end, end), newline.join(lines) + newline),)
    if root is not None:
        ink = max(ink, end_of_lines(source, root.span.start, root))
    span, rest = _blank_end(source, ink)
    return (TextEdit(span, newline * 2 + newline.join(lines) + rest),)


def _blank_end(source: str, ink: int) -> tuple[Span, str]:
    """The blank lines at the end of a file behind `ink`, and the line break to leave there."""
    tail = source[ink:]
    if tail.strip() or tail.count("\n") < 2:
        return Span(ink, ink), ""
    return Span(ink, len(source)), newline_of(source)


_TIGHT = {":", "-", "?"}


def _spaced(text: str, span: Span, new: str) -> str:
    """`new` with the spaces it needs to stand at `span`, where nothing may be typed yet."""
    if span:
        return new
    lead = " " if text[span.start - 1 : span.start] in _TIGHT else ""
    return f"{lead}{new} " if text[span.end : span.end + 1] == "#" else lead + new


def _is_nothing(node: Node) -> bool:
    """Whether the value is missing, `null` or an empty collection."""
    match node:
        case Scalar(style=Style.PLAIN, tag=None, anchor=None):
            return node.text in {"", "~", "null", "Null", "NULL"}
        case Mapping(pairs=()) | Sequence(items=()):
            return node.tag is None and node.anchor is None
        case _:
            return False


def _flow_pair(key: str, value: Block) -> str:
    return f"{quote_key_if_needed(key)}: {written_flow(value)}"


def _fill(
    document: Document, pair: Pair, lines: list[str], flow: str, *, is_list: bool = False
) -> Edits:
    """`pair`, which has no value, gets one: lines under its key, or `flow` in brackets."""
    text, old = document.text, pair.value
    if in_flow(document, pair.key.span):
        return (TextEdit(old.span, _spaced(text, old.span, flow)),)
    indents = file_indents(document, pair.span.start)
    column = column_of(text, pair.key.span.start) + (indents.dash if is_list else indents.step)
    newline = newline_of(text)
    block = "".join(newline + (" " * column + line if line else "") for line in lines)
    edits = []
    if old.span:
        start = _after_colon(text, pair)
        edits.append(TextEdit(Span(start, old.span.end), ""))
    end = end_of_lines(text, pair.span.start, old)
    if text[old.span.end : end].strip():
        edits.append(TextEdit(Span(end, end), block))
    else:
        edits = [TextEdit(Span(_after_colon(text, pair), end), block)]
    return tuple(edits)


def _properties(text: str, pair: Pair) -> str:
    """The anchor and tag of the value of `pair` as typed, a space before each."""
    between = text[_after_colon(text, pair) : pair.value.span.start]
    return "".join(f" {word}" for word in between.split() if word[0] in "&!")


def _after_colon(text: str, pair: Pair) -> int:
    """The offset behind the colon of `pair`, before any anchor or tag of its value."""
    return text.index(":", pair.key.span.end) + 1


def _listed(document: Document, pair: Pair, old: Scalar, value: Block, *, first: bool) -> Edits:
    """`key: text` becomes a list of that text and `value`."""
    text = document.text
    if in_flow(document, pair.key.span):
        typed, new = old.span.of(text), written_flow(value)
        return (TextEdit(old.span, f"[{new}, {typed}]" if first else f"[{typed}, {new}]"),)
    indents = file_indents(document, pair.span.start)
    newline = newline_of(text)
    column = column_of(text, pair.key.span.start)
    indent = newline + " " * (column + indents.dash)
    start = _after_colon(text, pair)
    item = "".join(indent + line if line else newline for line in written_item(value, indents))
    typed = text[start : old.span.end].strip()
    if newline in typed or "\n" in typed:
        typed = typed.replace("\n", "\n" + " " * max(indents.dash, 2))
    kept = f"{indent}- {typed}"
    if first:
        return (TextEdit(Span(start, old.span.end), item + kept),)
    end = end_of_lines(text, pair.span.start, old)
    return (TextEdit(Span(start, old.span.end), kept), TextEdit(Span(end, end), item))


def _block_scalar(document: Document, scalar: Scalar, text: str) -> str | None:
    """`text` in the block scalar's own indentation; None where a block cannot hold it."""
    source = document.text
    typed = scalar.span.of(source)
    newline = newline_of(source)
    lines = typed.splitlines()[1:]
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    if not indents:
        return None
    written = written_literal(text, " " * indents[0])
    if written is None:
        return None
    header, *body = written
    if scalar.style is Style.FOLDED and "\n" not in text.strip("\n"):
        header = ">" + header[1:]
    return newline.join((header, *body))
