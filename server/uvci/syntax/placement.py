"""Sections that were parsed apart, put where they stand in a document.

Parsed sections count from their own start and are shared by all versions of a text. Nodes with the
document's spans are made when they are first asked for, a section at a time: a keystroke costs what
is looked at, not what is there.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnchorTable
from typing import TypeAlias

from msgspec.structs import replace

from uvci.syntax.sections import Parsed
from uvci.syntax.tree import (
    Alias,
    Broken,
    Mapping,
    Node,
    Pair,
    Scalar,
    Sequence,
    SyntaxProblem,
    TypedPair,
)
from uvci.text.span import Span

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


class Neighbours:
    """The sections of one document, and the anchors by which they depend on one another."""

    __slots__ = ("_definitions", "sections")

    def __init__(self, parts: Iterable[tuple[Place, Parsed]]) -> None:
        self._definitions: dict[str, list[tuple[int, int]]] = {}
        place = self._place
        self.sections = tuple([place(at, *part) for at, part in enumerate(parts)])

    def make(self, number: int) -> None:
        """Makes the nodes of section `number`, those its aliases point into before it."""
        wanted, reached = [number], {number}
        while wanted:
            at = wanted.pop()
            for alias in self.sections[at].origin.loose:
                found = self._definition_before(at, alias.name)
                if found is not None and found[0] not in reached:
                    reached.add(found[0])
                    wanted.append(found[0])
        for at in sorted(reached):
            self.sections[at].make()

    def anchored_before(self, number: int, name: str) -> Node | None:
        """The node of the last anchor `name` before section `number`."""
        found = self._definition_before(number, name)
        return self.sections[found[0]].anchored(found[1]) if found else None

    def anchored(self, name: str) -> tuple[Node, ...]:
        """All nodes with the anchor `name`, in the order typed."""
        return tuple(self.sections[at].anchored(n) for at, n in self._definitions[name])

    def names(self) -> Iterator[str]:
        """All anchors."""
        return iter(self._definitions)

    def problems(self) -> Iterator[SyntaxProblem]:
        """What is wrong, with the document's spans, aliases without an anchor included."""
        for number, section in enumerate(self.sections):
            for problem in section.origin.problems:
                began = problem.began + section.start if problem.began >= 0 else -1
                yield replace(problem, span=problem.span.shift(section.start), began=began)
            for alias in section.origin.loose:
                if self._definition_before(number, alias.name) is None:
                    span = alias.span.shift(section.start)
                    yield SyntaxProblem(f"Unknown alias: {alias.name}", span)

    def broken(self) -> Iterator[Broken]:
        """What was blanked out, with the document's spans."""
        for section in self.sections:
            for piece in section.origin.broken:
                yield Broken(piece.span.shift(section.start), piece.text)

    def _place(self, number: int, place: Place, parsed: Parsed) -> PlacedSection:
        for at, (name, _) in enumerate(parsed.anchors):
            self._definitions.setdefault(name, []).append((number, at))
        if parsed.loose:
            return PlacedSection(parsed, place, self, number)
        # Without a tie to its neighbours a section is the same value in every version of a text
        # that has it at this place.
        last = parsed.placed[0] if parsed.placed else None
        if isinstance(last, PlacedSection) and last.start == place[0]:
            return last
        placed = PlacedSection(parsed, place, None, number)
        parsed.placed[:] = [placed]
        return placed

    def _definition_before(self, number: int, name: str) -> tuple[int, int] | None:
        known = self._definitions.get(name, [])
        at = bisect_left(known, (number, 0))
        return known[at - 1] if at else None


class Anchors(AnchorTable[str, tuple[Node, ...]]):
    """All nodes with an anchor, by its name; made when they are asked for."""

    __slots__ = ("_neighbours",)

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours

    def __getitem__(self, name: str) -> tuple[Node, ...]:
        return self._neighbours.anchored(name)

    def __iter__(self) -> Iterator[str]:
        return self._neighbours.names()

    def __len__(self) -> int:
        return sum(1 for _ in self._neighbours.names())


def relative_pairs(parsed: Parsed) -> tuple[Pair, ...]:
    """The pairs of the section's root mapping, counted from the section's start."""
    return parsed.root.pairs if isinstance(parsed.root, Mapping) else ()


def root_of(neighbours: Neighbours) -> Node | None:
    """The root node of a document."""
    sections = neighbours.sections
    only = sections[0].origin.root if len(sections) == 1 else None
    if only is not None and not _is_bare(only):
        return sections[0].root()
    pairs = tuple(pair for section in sections for pair in section.pairs)
    if not pairs:
        return None
    return Mapping(Span(pairs[0].span.start, pairs[-1].span.end), pairs)


def _is_bare(root: Node) -> bool:
    return isinstance(root, Mapping) and not (root.flow or root.tag or root.anchor)
