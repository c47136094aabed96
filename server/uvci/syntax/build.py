"""From parse events to nodes with spans."""

from typing import Any

from msgspec import Struct

from uvci.syntax.events import EventSource, StreamError, event_source
from uvci.syntax.tree import (
    Alias,
    Broken,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Style,
    SyntaxProblem,
    TypedPair,
)
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

MAX_DEPTH = 100
"""How deep GitLab lets a file nest (GitLab: "The parsed YAML is too big")."""

TOO_BIG = "The parsed YAML is too big"

_STYLES = {
    "": Style.PLAIN,
    None: Style.PLAIN,
    "'": Style.SINGLE_QUOTED,
    '"': Style.DOUBLE_QUOTED,
    "|": Style.LITERAL,
    ">": Style.FOLDED,
}
_PROPERTIES = lazy_re(r"(?:[&!]\S*(?:\s+|$)(?:#[^\n\r]*\s*)*)*")
_UNREADABLE_ASCII = lazy_re("[^\t\n\r\x20-\x7e]")
_UNREADABLE = lazy_re("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


# libyaml takes time by the square of how deep brackets nest: far beyond what GitLab allows, it is
# not asked any more.
_MANY_BRACKETS = 2000
_TOO_NESTED = lazy_re(r"(?:[\[{][^\[\]{}]{0,16}){2000}")


class Built(Struct, frozen=True):
    """One parsed piece of text; spans count from the start of that piece.

    `anchors` are all `&name` in the order typed; `loose` the aliases that need an anchor from the
    text before this piece.
    """

    root: Node | None
    anchors: tuple[tuple[str, Node], ...] = ()
    loose: tuple[Alias, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()


class _Frame(Struct):
    """A collection that is still open."""

    event: Any
    is_mapping: bool
    anchor_slot: int
    children: list[Node]
    outer: list[Node]


def readable(text: str) -> str:
    """The text with what no YAML reader accepts replaced, one character for one."""
    if text.isascii():
        return _UNREADABLE_ASCII.sub(" ", text)
    return _UNREADABLE.sub(lambda found: " " if found[0] < "\x80" else "\ufffd", text)


def unreadable(text: str) -> SyntaxProblem | None:
    """The first character that makes libyaml refuse the whole text, if there is one."""
    found = (_UNREADABLE_ASCII if text.isascii() else _UNREADABLE).search(text)
    if found is None:
        return None
    return SyntaxProblem("control characters are not allowed", Span(*found.span()))


def build(
    text: str,
    source: EventSource | None = None,
    *,
    placeholder: str = "",
    original: str | None = None,
) -> Built:
    """The nodes of `text`, which must be `readable`.

    A plain scalar that begins with `placeholder` becomes a `Broken` node, whose text is what stands
    there in `original`.

    Raises:
        StreamError: where the text stops being YAML.
    """
    if text.count("[") + text.count("{") >= _MANY_BRACKETS:
        found = _TOO_NESTED.search(text)
        if found is not None:
            raise StreamError(TOO_BIG, found.start(), "", found.start())
    source = source or event_source()
    return _Builder(text, source, placeholder, text if original is None else original).run()


class _Builder:
    """One run over the events of one text. Keeps its own stack: nesting may be of any depth."""

    def __init__(self, text: str, source: EventSource, placeholder: str, original: str) -> None:
        self.text = text
        self.original = original
        self.source = source
        self.placeholder = placeholder
        self.stack: list[_Frame] = []
        self.roots: list[Node] = []
        self.children = self.roots
        self.slots: list[tuple[str, Node | None]] = []
        self.latest: dict[str, int] = {}
        self.loose: list[Alias] = []
        self.problems: list[SyntaxProblem] = []

    def run(self) -> Built:
        kinds = self.source.KINDS
        scalar, mapping_start, sequence_start = (
            kinds.scalar,
            kinds.mapping_start,
            kinds.sequence_start,
        )
        ends = (kinds.mapping_end, kinds.sequence_end)
        for event in self.source.events(self.text):
            kind = type(event)
            if kind is scalar:
                self.children.append(self.scalar(event))
            elif kind is mapping_start or kind is sequence_start:
                self.open(event, is_mapping=kind is mapping_start)
            elif kind in ends:
                self.close(event)
            elif kind is kinds.alias:
                self.children.append(self.alias(event))
            elif kind is kinds.document_end:
                break
        root = self.roots[0] if self.roots else None
        anchors = tuple((name, node) for name, node in self.slots if node is not None)
        return Built(root, anchors, tuple(self.loose), tuple(self.problems))

    def open(self, event: Any, *, is_mapping: bool) -> None:
        slot = self.reserve(event.anchor) if event.anchor else -1
        children: list[Node] = []
        self.stack.append(_Frame(event, is_mapping, slot, children, self.children))
        self.children = children

    def close(self, end: Any) -> None:
        frame = self.stack.pop()
        self.children = frame.outer
        node: Node
        if len(self.stack) >= MAX_DEPTH:
            node = self.cut(frame, end)
        elif frame.is_mapping:
            node = self.mapping(frame, end)
        else:
            node = self.sequence(frame, end)
        if frame.anchor_slot >= 0:
            self.slots[frame.anchor_slot] = (frame.event.anchor, node)
        self.children.append(node)

    def reserve(self, anchor: str) -> int:
        self.latest[anchor] = len(self.slots)
        self.slots.append((anchor, None))
        return self.latest[anchor]

    def scalar(self, event: Any) -> Node:
        start, end, value = event.start_mark.index, event.end_mark.index, event.value
        style, tag, anchor = _STYLES[event.style], event.tag, event.anchor
        if tag or anchor:
            start = self.after_properties(start, end)
        if style is Style.PLAIN:
            if not value:
                start = end = self.where_typed(end)
            elif self.placeholder and value.startswith(self.placeholder):
                return Broken(Span(start, end), self.original[start:end])
        elif style is Style.LITERAL or style is Style.FOLDED:
            end = self.block_end(start, end)
        node = Scalar(Span(start, end), style, value, tag, anchor)
        if anchor:
            self.slots[self.reserve(anchor)] = (anchor, node)
        return node

    def alias(self, event: Any) -> Alias:
        span = Span(event.start_mark.index, event.end_mark.index)
        slot = self.latest.get(event.anchor)
        if slot is None:
            alias = Alias(span, event.anchor)
            self.loose.append(alias)
            return alias
        target = self.slots[slot][1]
        if target is None:  # inside its own anchor: GitLab cannot measure a value without end
            self.problems.append(SyntaxProblem(TOO_BIG, span))
        return Alias(span, event.anchor, target)

    def mapping(self, frame: _Frame, end: Any) -> Mapping:
        event, nodes = frame.event, frame.children
        pairs = tuple(map(TypedPair, nodes[::2], nodes[1::2]))
        span = self.flow_span(event, end) if event.flow_style else None
        if span is None:
            span = Span(nodes[0].span.start, max(nodes[-2].span.end, nodes[-1].span.end))
        return Mapping(span, pairs, bool(event.flow_style), event.tag, event.anchor)

    def sequence(self, frame: _Frame, end: Any) -> Sequence:
        event, items = frame.event, tuple(frame.children)
        span = self.flow_span(event, end) if event.flow_style else None
        if span is None:
            start = event.start_mark.index
            if event.tag or event.anchor:
                start = self.after_properties(start, end.end_mark.index)
            span = Span(start, max(items[-1].span.end if items else start, start + 1))
        return Sequence(span, items, bool(event.flow_style), event.tag, event.anchor)

    def cut(self, frame: _Frame, end: Any) -> Broken:
        start = frame.event.start_mark.index
        span = Span(start, max(start, end.end_mark.index))
        if len(self.stack) == MAX_DEPTH:
            self.problems.append(
                SyntaxProblem(TOO_BIG, Span(start, min(start + 1, len(self.text))))
            )
            return Broken(span, span.of(self.original))
        return Broken(span, "")  # dropped with its parent, so its text is never asked for

    def flow_span(self, event: Any, end: Any) -> Span | None:
        """The brackets' span; None for `a: b` inside `[…]`, a mapping without brackets."""
        start = event.end_mark.index - 1
        if start < 0 or self.text[start] not in "[{":
            return None
        return Span(start, end.end_mark.index)

    def after_properties(self, start: int, end: int) -> int:
        found = _PROPERTIES.match(self.text, start, end)
        return found.end() if found else start

    def where_typed(self, end: int) -> int:
        return (
            end + 1
            if self.text[end : end + 1] == " " and end and self.text[end - 1] in ":-?"
            else end
        )

    def block_end(self, start: int, end: int) -> int:
        """The end of a block scalar without the blank lines and indentation after it."""
        body = self.text[start:end]
        header = len(body.splitlines()[0]) if body else 0
        kept = len(body.rstrip(" \n\r"))
        return start + max(kept, min(header, len(body)))
