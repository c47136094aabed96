"""What the root of one file says, wherever its sections stand: names, and stamps of their content.

After an edit all of it is taken over but for the sections that are others: a keystroke costs what
it changes, not what is there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from msgspec import Struct, field

from uvci.pipeline.outlines import Outline, Weights, outline_of, weights_of
from uvci.pipeline.stamps import Memory, Stamp, same_ends, stamp
from uvci.syntax.tree import Section

Place: TypeAlias = tuple[int, int]
"""The number of a section, and of an entry in it."""

Row: TypeAlias = Sequence[tuple[str, Stamp]]
"""The name and the stamp of each entry of a section."""


class Content(Struct, frozen=True, eq=False):
    """One section: its stamp, its entries, and how many values each and all of them hold.

    `listed`: what it has for entries shows once it is loaded only.
    """

    outline: Outline
    own: Stamp
    row: Row
    weights: tuple[int, ...]
    listed: bool

    @property
    def weight(self) -> int:
        """How many values it holds, what its aliases stand for included."""
        return sum(self.weights) if self.outline.aliases else self.outline.weight


class Listing(Struct, frozen=True, eq=False):
    """All sections of a file.

    `places` tells by name where its keys are, in the order typed; `stamps` stand for what all of
    these say together. `anchors` are the sections that define one, by its name.
    """

    origins: Sequence[object]
    contents: tuple[Content, ...]
    places: dict[str, tuple[Place, ...]]
    stamps: dict[str, Stamp]
    anchors: dict[str, list[int]]
    weight: int


_contents: Memory[Content] = Memory(8192)


class Lister(Struct):
    """Lists the sections of one file.

    `key` stands for its inputs, `templated` tells that it has some. `load` gives the entries of a
    section, by its number and stamp, where they must be loaded to be listed.
    """

    origins: Sequence[object]
    sections: Sequence[Section]
    key: Stamp
    templated: bool
    load: Callable[[int, Stamp], Row]
    defined: dict[str, Stamp] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)

    def listing(self, before: Listing | None) -> Listing:
        """All sections; what they share with `before` is taken from there."""
        changed = None if before is None else self.changed(before)
        if changed is not None:
            return changed
        anchors: dict[str, list[int]] = {}
        contents = tuple(self.contents(anchors))
        places = _places(contents)
        stamps = {name: _stamp(found, contents) for name, found in places.items()}
        weight = sum([content.weight for content in contents])
        return Listing(self.origins, contents, places, stamps, anchors, weight)

    def changed(self, before: Listing) -> Listing | None:
        """All sections; None where an edit reaches others than those it is in."""
        front, back = same_ends(before.origins, self.origins)
        known = before.contents
        old = known[front : len(known) - back]
        numbers = range(front, len(self.origins) - back)
        outlines = [outline_of(self.sections[number]) for number in numbers]
        if any(outline.is_tied for outline in chain([one.outline for one in old], outlines)):
            return None
        if before.anchors and len(old) != len(numbers):
            return None
        new = [self.content(number) for number in numbers]
        contents = (*known[:front], *new, *known[len(known) - back :])
        places = before.places
        if [_names(content) for content in old] != [_names(content) for content in new]:
            places = _places(contents)
        stamps = _restamped(before, places, contents, [*old, *new])
        weight = before.weight + sum([c.weight for c in new]) - sum([c.weight for c in old])
        return Listing(self.origins, contents, places, stamps, before.anchors, weight)

    def contents(self, anchors: dict[str, list[int]]) -> Iterator[Content]:
        """What each section says, in order; adds to `anchors`."""
        for number in range(len(self.origins)):
            content = self.content(number)
            yield content
            for name in content.outline.anchors:
                anchors.setdefault(name, []).append(number)
                self.defined[name] = content.own

    def content(self, number: int) -> Content:
        """What one section says; those before it were asked for if it has aliases."""
        origin = self.origins[number]
        kept = _contents.get((self.key, origin))
        if kept is not None:
            return kept
        section = self.sections[number]
        outline = outline_of(section)
        known = [self.defined[name] for name in outline.aliases if name in self.defined]
        own = stamp(self.key, origin, *known)
        listed = outline.special or (self.templated and outline.templated)
        row = self.load(number, own) if listed else _row(outline, own)
        weights = (outline.weight,) * len(section.pairs)
        if outline.aliases:
            weights = weights_of(section, own, self.weights)
        content = Content(outline, own, row, weights, listed)
        if listed or outline.aliases:
            return content
        return _contents.keep((self.key, origin), content)


def _row(outline: Outline, own: Stamp) -> Row:
    return tuple([(name, stamp(own, at)) for at, (name, _, _) in enumerate(outline.names)])


def _names(content: Content) -> list[str]:
    return [name for name, _ in content.row]


def _places(contents: Sequence[Content]) -> dict[str, tuple[Place, ...]]:
    """Where each name is, the names in the order in which they come first."""
    places: dict[str, tuple[Place, ...]] = {}
    for number, content in enumerate(contents):
        for at, (name, _) in enumerate(content.row):
            before = places.get(name)
            places[name] = ((number, at),) if before is None else (*before, (number, at))
    return places


def _stamp(places: Sequence[Place], contents: Sequence[Content]) -> Stamp:
    """What stands for all that is said under one name."""
    found: Stamp = 0
    for number, at in places:
        own = contents[number].row[at][1]
        found = stamp(own, found) if found else own
    return found


def _restamped(
    before: Listing,
    places: dict[str, tuple[Place, ...]],
    contents: Sequence[Content],
    touched: Iterable[Content],
) -> dict[str, Stamp]:
    """The stamps of all names, where what stands in `touched` came and went."""
    stamps = dict(before.stamps)
    for name in dict.fromkeys([name for content in touched for name in _names(content)]):
        if name in places:
            stamps[name] = _stamp(places[name], contents)
        else:
            del stamps[name]
    return stamps
