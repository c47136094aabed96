"""The sections of a document side by side, each put at its place when it is first asked for."""

from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Mapping as AnchorTable
from collections.abc import Sequence as SectionList
from typing import overload

from msgspec.structs import replace

from uvci.syntax.placement import PlacedSection, relative_pairs
from uvci.syntax.sections import Parsed
from uvci.syntax.tree import Broken, Mapping, Node, SyntaxProblem
from uvci.text.span import Span


class Neighbours(SectionList[PlacedSection]):
    """The sections of one document, and the anchors by which they depend on one another.

    `starts` tells where each of `parts` begins, and where the last one ends. `unsettled` are the
    numbers of those in which more text behind them was looked for than there was.
    """

    __slots__ = ("_definitions", "_made", "_noted", "parts", "starts", "unsettled")

    def __init__(
        self, parts: SectionList[Parsed], starts: SectionList[int], unsettled: tuple[int, ...] = ()
    ) -> None:
        self.parts = parts
        self.starts = starts
        self.unsettled = unsettled
        self._made: dict[int, PlacedSection] = {}
        self._definitions: list[dict[str, list[tuple[int, int]]]] = []
        self._noted = [number for number, part in enumerate(parts) if part.notable]

    def __len__(self) -> int:
        return len(self.parts)

    @overload
    def __getitem__(self, number: int) -> PlacedSection: ...
    @overload
    def __getitem__(self, number: slice) -> SectionList[PlacedSection]: ...
    def __getitem__(self, number: int | slice) -> PlacedSection | SectionList[PlacedSection]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self.parts)))]
        number = range(len(self.parts))[number]
        made = self._made.get(number)
        return made if made is not None else self._made.setdefault(number, self._place(number))

    def root(self) -> Node | None:
        """The root node of the document."""
        only = self.parts[0].root if len(self.parts) == 1 else None
        if only is not None and not _is_bare(only):
            return self[0].root()
        pairs = tuple([pair for section in self for pair in section.pairs])
        if not pairs:
            return None
        return Mapping(Span(pairs[0].span.start, pairs[-1].span.end), pairs)

    def holds_mapping(self) -> bool:
        """Whether the root is a mapping."""
        if len(self.parts) == 1:
            return isinstance(self.parts[0].root, Mapping)
        return any(relative_pairs(part) for part in self.parts)

    def make(self, number: int) -> None:
        """Makes the nodes of section `number`, those its aliases point into before it."""
        wanted, reached = [number], {number}
        while wanted:
            at = wanted.pop()
            for alias in self.parts[at].loose:
                found = self._definition_before(at, alias.name)
                if found is not None and found[0] not in reached:
                    reached.add(found[0])
                    wanted.append(found[0])
        for at in sorted(reached):
            self[at].make()

    def anchored_before(self, number: int, name: str) -> Node | None:
        """The node of the last anchor `name` before section `number`."""
        found = self._definition_before(number, name)
        return self[found[0]].anchored(found[1]) if found else None

    def anchored(self, name: str) -> tuple[Node, ...]:
        """All nodes with the anchor `name`, in the order typed."""
        return tuple(self[at].anchored(n) for at, n in self.definitions[name])

    @property
    def definitions(self) -> dict[str, list[tuple[int, int]]]:
        """For each anchor, the sections that it stands in, with its number there."""
        if not self._definitions:
            found: dict[str, list[tuple[int, int]]] = {}
            for number in self._noted:
                for at, (name, _) in enumerate(self.parts[number].anchors):
                    found.setdefault(name, []).append((number, at))
            self._definitions.append(found)
        return self._definitions[0]

    def problems(self) -> Iterator[SyntaxProblem]:
        """What is wrong, with the document's spans, aliases without an anchor included."""
        for number in self._noted:
            start, part = self.starts[number], self.parts[number]
            for problem in part.problems:
                began = problem.began + start if problem.began >= 0 else -1
                yield replace(problem, span=problem.span.shift(start), began=began)
            for alias in part.loose:
                if self._definition_before(number, alias.name) is None:
                    yield SyntaxProblem(f"Unknown alias: {alias.name}", alias.span.shift(start))

    def broken(self) -> Iterator[Broken]:
        """What was blanked out, with the document's spans."""
        for number in self._noted:
            for piece in self.parts[number].broken:
                yield Broken(piece.span.shift(self.starts[number]), piece.text)

    def _place(self, number: int) -> PlacedSection:
        parsed, place = self.parts[number], (self.starts[number], self.starts[number + 1])
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
        known = self.definitions.get(name, [])
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
        return iter(self._neighbours.definitions)

    def __len__(self) -> int:
        return len(self._neighbours.definitions)


def _is_bare(root: Node) -> bool:
    return isinstance(root, Mapping) and not (root.flow or root.tag or root.anchor)
