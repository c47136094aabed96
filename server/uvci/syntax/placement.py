"""Sections that were parsed apart, put where they stand in a document.

Parsed sections count from their own start and are shared by all versions of a text. Nodes with the
document's spans are made when they are first asked for, a section at a time: a keystroke costs what
is looked at, not what is there.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as AnchorTable
from dataclasses import replace

from uvci.syntax.sections import Parsed
from uvci.syntax.tree import Alias, Broken, Mapping, Node, Pair, Scalar, Sequence, SyntaxProblem
from uvci.text.span import Span


class PlacedPair(Pair):
    """A pair of the root mapping whose nodes are made when they are looked at."""

    __slots__ = ("_at", "_section")

    _section: "PlacedSection"
    _at: int

    def __init__(self, section: "PlacedSection", at: int) -> None:
        object.__setattr__(self, "_section", section)
        object.__setattr__(self, "_at", at)

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
        return relative_pairs(section.origin)[self._at].span.shift(section.span.start)


class PlacedSection:
    """A section of a document: see `uvci.syntax.tree.Section`."""

    __slots__ = ("_copies", "_keys", "_made", "_neighbours", "_number", "origin", "pairs", "span")

    def __init__(
        self, origin: Parsed, span: Span, neighbours: "Neighbours | None", number: int
    ) -> None:
        self.origin = origin
        self.span = span
        self.pairs: tuple[Pair, ...] = tuple(
            PlacedPair(self, at) for at in range(len(relative_pairs(origin)))
        )
        self._neighbours = neighbours
        self._number = number
        self._keys: dict[int, Node] = {}
        self._copies: dict[int, Node] = {}
        self._made: dict[str, tuple[Node, ...]] = {}

    def key(self, at: int) -> Node:
        """The key of pair number `at`; cheap where it is a scalar."""
        made = self._keys.get(at)
        if made is None:
            key = relative_pairs(self.origin)[at].key
            if not isinstance(key, Scalar):
                self._prepare()
            made = self._keys.setdefault(at, self._copy(key))
        return made

    def values(self) -> tuple[Node, ...]:
        """The values of all pairs."""
        made = self._made.get("values")
        if made is None:
            self._prepare()
            made = self._made["values"]
        return made

    def root(self) -> Node | None:
        """The root node, where the section is a whole document."""
        if self.origin.root is None:
            return None
        self._prepare()
        return self._made.setdefault("root", (self._copy(self.origin.root),))[0]

    def anchored(self, number: int) -> Node:
        """The node of the section's anchor number `number`."""
        self._prepare()
        return self._copy(self.origin.anchors[number][1])

    def make(self) -> None:
        """Makes all nodes; the sections that its aliases point into must have been made before."""
        if "values" in self._made:
            return
        values = []
        for at, pair in enumerate(relative_pairs(self.origin)):
            if at not in self._keys:
                self._keys.setdefault(at, self._copy(pair.key))
            values.append(self._copy(pair.value))
        self._made.setdefault("values", tuple(values))

    def _prepare(self) -> None:
        if "values" in self._made:
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
            return Broken(node.span.shift(self.span.start), node.text)
        if isinstance(node, Alias):
            return Alias(node.span.shift(self.span.start), node.name, self._target(node))
        if node.anchor is None:
            return self._copy_plain(node)
        made = self._copies.get(id(node))
        return made or self._copies.setdefault(id(node), self._copy_plain(node))

    def _copy_plain(self, node: Scalar | Mapping | Sequence) -> Node:
        span = node.span.shift(self.span.start)
        match node:
            case Scalar():
                return Scalar(span, node.style, node.text, node.tag, node.anchor)
            case Mapping():
                copy = self._copy
                pairs = tuple([Pair(copy(pair.key), copy(pair.value)) for pair in node.pairs])
                return Mapping(span, pairs, node.flow, node.tag, node.anchor)
            case Sequence():
                items = tuple([self._copy(item) for item in node.items])
                return Sequence(span, items, node.flow, node.tag, node.anchor)

    def _target(self, alias: Alias) -> Node | None:
        if alias.target is not None:
            return self._copy(alias.target)
        if self._neighbours is None or alias not in self.origin.loose:
            return None
        return self._neighbours.anchored_before(self._number, alias.name)


class Neighbours:
    """The sections of one document, and the anchors by which they depend on one another."""

    __slots__ = ("_definitions", "sections")

    def __init__(self, parts: Iterable[tuple[Span, Parsed]]) -> None:
        self._definitions: dict[str, list[tuple[int, int]]] = {}
        self.sections = tuple(
            self._place(number, span, parsed) for number, (span, parsed) in enumerate(parts)
        )

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
                yield replace(problem, span=problem.span.shift(section.span.start))
            for alias in section.origin.loose:
                if self._definition_before(number, alias.name) is None:
                    span = alias.span.shift(section.span.start)
                    yield SyntaxProblem(f"Unknown alias: {alias.name}", span)

    def broken(self) -> Iterator[Broken]:
        """What was blanked out, with the document's spans."""
        for section in self.sections:
            for piece in section.origin.broken:
                yield Broken(piece.span.shift(section.span.start), piece.text)

    def _place(self, number: int, span: Span, parsed: Parsed) -> PlacedSection:
        for at, (name, _) in enumerate(parsed.anchors):
            self._definitions.setdefault(name, []).append((number, at))
        if parsed.loose:
            return PlacedSection(parsed, span, self, number)
        # Without a tie to its neighbours a section is the same value in every version of a text
        # that has it at this place.
        last = parsed.placed[0] if parsed.placed else None
        if isinstance(last, PlacedSection) and last.span == span:
            return last
        placed = PlacedSection(parsed, span, None, number)
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
