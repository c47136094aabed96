"""A section that was parsed apart, put where it stands in a document.

Parsed sections count from their own start and are shared by all versions of a text. Nodes with the
document's spans are made when they are first asked for, a section at a time: a keystroke costs what
is looked at, not what is there.
"""

from typing import TYPE_CHECKING, TypeAlias

from uvci.syntax.sections import Parsed
from uvci.syntax.tree import (
    Alias,
    Broken,
    Mapping,
    Node,
    Pair,
    Scalar,
    Sequence,
    TypedPair,
)
from uvci.text.span import Span

if TYPE_CHECKING:
    from uvci.syntax.neighbours import Neighbours

Place: TypeAlias = tuple[int, int]
"""Start and end of a section in its document."""


class PlacedPair(Pair):
    """A pair of the root mapping whose nodes are made when they are looked at."""

    __slots__ = ("_at", "_section")

    def __init__(self, section: "PlacedSection", at: int) -> None:
        self._section = section
        self._at = at

    @property
    def key(self) -> Node:
        """The key, with the document's span."""
        return self._section.key(self._at)

    @property
    def value(self) -> Node:
        """The value, with the document's spans."""
        return self._section.values()[self._at]

    @property
    def span(self) -> Span:
        """From the key's first character to the value's last."""
        section = self._section
        return relative_pairs(section.origin)[self._at].span.shift(section.start)


class _Made:
    """The nodes made so far: keys by number, values once all are made, anchored nodes by origin."""

    __slots__ = ("anchored", "keys", "values")

    def __init__(self) -> None:
        self.keys: dict[int, Node] = {}
        self.anchored: dict[int, Node] = {}
        self.values: dict[str, tuple[Node, ...]] = {}


class PlacedSection:
    """A section of a document: see `uvci.syntax.tree.Section`."""

    __slots__ = ("_made", "_neighbours", "_number", "end", "origin", "pairs", "start")

    def __init__(
        self, origin: Parsed, place: Place, neighbours: "Neighbours | None", number: int
    ) -> None:
        self.origin = origin
        self.start, self.end = place
        self.pairs: tuple[Pair, ...] = tuple(
            [PlacedPair(self, at) for at in range(len(relative_pairs(origin)))]
        )
        self._neighbours = neighbours
        self._number = number
        self._made: list[_Made] = []

    @property
    def span(self) -> Span:
        """The lines it covers, in the document."""
        return Span(self.start, self.end)

    @property
    def made(self) -> _Made:
        """What has been made of it; the same for all threads."""
        if not self._made:
            self._made.append(_Made())  # of two threads the first wins
        return self._made[0]

    def key(self, at: int) -> Node:
        """The key of pair number `at`; cheap where it is a scalar."""
        made = self.made.keys.get(at)
        if made is None:
            key = relative_pairs(self.origin)[at].key
            if not isinstance(key, Scalar):
                self._prepare()
            made = self.made.keys.setdefault(at, self._copy(key))
        return made

    def values(self) -> tuple[Node, ...]:
        """The values of all pairs."""
        made = self.made.values.get("values")
        if made is None:
            self._prepare()
            made = self.made.values["values"]
        return made

    def root(self) -> Node | None:
        """The root node, where the section is a whole document."""
        if self.origin.root is None:
            return None
        self._prepare()
        return self.made.values.setdefault("root", (self._copy(self.origin.root),))[0]

    def anchored(self, number: int) -> Node:
        """The node of the section's anchor number `number`."""
        self._prepare()
        return self._copy(self.origin.anchors[number][1])

    def make(self) -> None:
        """Makes all nodes; the sections that its aliases point into must have been made before."""
        made = self.made
        if "values" in made.values:
            return
        values = []
        for at, pair in enumerate(relative_pairs(self.origin)):
            if at not in made.keys:
                made.keys.setdefault(at, self._copy(pair.key))
            values.append(self._copy(pair.value))
        made.values.setdefault("values", tuple(values))

    def _prepare(self) -> None:
        if "values" in self.made.values:
            return
        if self._neighbours is None:
            self.make()
        else:
            self._neighbours.make(self._number)

    def _copy(self, node: Node) -> Node:
        """The node with the document's spans; anchored nodes have one copy, for aliases to meet.

        Recursion is bounded: the builder cuts what nests deeper than GitLab allows.
        """
        if isinstance(node, Broken):
            return Broken(node.span.shift(self.start), node.text)
        if isinstance(node, Alias):
            return Alias(node.span.shift(self.start), node.name, self._target(node))
        if node.anchor is None:
            return self._copy_plain(node)
        anchored = self.made.anchored
        return anchored.get(id(node)) or anchored.setdefault(id(node), self._copy_plain(node))

    def _copy_plain(self, node: Scalar | Mapping | Sequence) -> Node:
        span = node.span.shift(self.start)
        if isinstance(node, Scalar):
            return Scalar(span, node.style, node.text, node.tag, node.anchor)
        copy = self._copy
        if isinstance(node, Sequence):
            items = tuple([copy(item) for item in node.items])
            return Sequence(span, items, node.flow, node.tag, node.anchor)
        pairs = tuple([TypedPair(copy(pair.key), copy(pair.value)) for pair in node.pairs])
        return Mapping(span, pairs, node.flow, node.tag, node.anchor)

    def _target(self, alias: Alias) -> Node | None:
        if alias.target is not None:
            return self._copy(alias.target)
        if self._neighbours is None or alias not in self.origin.loose:
            return None
        return self._neighbours.anchored_before(self._number, alias.name)


def relative_pairs(parsed: Parsed) -> tuple[Pair, ...]:
    """The pairs of the section's root mapping, counted from the section's start."""
    return parsed.root.pairs if isinstance(parsed.root, Mapping) else ()
