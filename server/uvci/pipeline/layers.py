"""The root entries of one file, each loaded when it is first asked for."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct, field

from uvci.pipeline.inputs import NO_INPUTS, Inputs
from uvci.pipeline.load import MOST_VALUES, Chain, Interpolate, Loader
from uvci.pipeline.origins import shadowing
from uvci.pipeline.outlines import Outline, Weights, outline_of, sections_of, weights_of
from uvci.pipeline.stamps import Memory, Stamp, stamp
from uvci.pipeline.values import Value
from uvci.syntax.tree import Document, Section
from uvci.text.span import Span

FEW_VALUES = 2_000
"""What is loaded of an entry that holds more than GitLab reads."""


class RootEntry(Struct, eq=False):
    """One root key of one file. `stamp` stands for its content, wherever it stands.

    `before` is what an earlier key of the same name says, `given` the value that a merge key of
    the root brought. An entry is the same object for as long as neither it nor what its aliases
    point at changes or moves.
    """

    name: str
    start: int
    end: int
    stamp: Stamp
    layer: "Layer"
    section: Section
    index: int
    room: int = MOST_VALUES
    before: "RootEntry | None" = None
    given: Value | None = None
    loaded: Value | None = None

    @property
    def key(self) -> Span:
        """Where its key is typed."""
        return Span(self.start, self.end)

    @property
    def value(self) -> Value:
        """Its value as loaded: aliases and merge keys resolved, nothing else."""
        if self.loaded is None:
            self.loaded = self._load()
        return self.loaded

    def _load(self) -> Value:
        value = self.given
        if value is None:
            layer = self.layer
            loader = Loader(layer.path, layer.interpolate, self.room)
            value = loader.load(self.section.pairs[self.index].value, self.key, layer.chain)
        return value if self.before is None else shadowing(value, self.before.value)


class _Row(Struct, eq=False):
    """One section of a layer. `fixed` is its place and those that its aliases point at.

    `tied`: it has aliases, or anchors for those of others.
    """

    origin: object
    fixed: Stamp
    entries: tuple[RootEntry, ...]
    weight: int
    tied: bool


class Layer(Struct, frozen=True, eq=False, dict=True):
    """One file as it takes part in a pipeline, with the inputs it was given.

    `chain` are the includes that brought it. `maybe`: rules that cannot be decided here may leave
    it out. What did not change since `previous`, the same file before an edit, is taken from there.
    """

    path: str
    document: Document
    chain: Chain = ()
    interpolate: Interpolate | None = None
    inputs: Inputs = NO_INPUTS
    maybe: bool = False
    previous: "list[Layer]" = field(default_factory=list)

    @cached_property
    def rows(self) -> tuple[_Row, ...]:
        """The sections with their entries."""
        before = self.previous.pop().rows if self.previous else ()
        reader = _Reader(self, sections_of(self.document))
        return tuple(reader.rows(before))

    @property
    def weight(self) -> int:
        """How many values the file holds, what its aliases stand for included."""
        return sum([row.weight for row in self.rows])

    @cached_property
    def entries(self) -> dict[str, RootEntry]:
        """The root entries by name, in GitLab's order."""
        entries: dict[str, RootEntry] = {}
        for row in self.rows:
            for entry in row.entries:
                before = entries.get(entry.name)
                entries[entry.name] = entry if before is None else _after(entry, before)
        return entries


_contents: Memory[tuple[Outline, tuple[Stamp, ...], tuple[int, ...]]] = Memory(8192)


class _Reader:
    """Reads the sections of one layer, in order."""

    def __init__(self, layer: Layer, sections: Sequence[Section]) -> None:
        self.layer = layer
        self.sections = sections
        self.weights = Weights()
        self.anchors: dict[str, tuple[Stamp, Stamp]] = {}
        self.key = stamp("layer", layer.interpolate is not None, layer.inputs.stamp)

    def rows(self, before: tuple[_Row, ...]) -> Iterator[_Row]:
        count = len(before)
        for number, section in enumerate(self.sections):
            old = before[number] if number < count else None
            yield self.row(section, old)

    def row(self, section: Section, old: _Row | None) -> _Row:
        start = section.start
        if old is not None and old.fixed == start and old.origin is section.origin and not old.tied:
            return old
        outline, contents, weights = self.contents(section)
        fixed: Stamp = start
        if outline.aliases:
            known = [self.anchors[name][1] for name in outline.aliases if name in self.anchors]
            fixed = stamp("fixed", start, *known)
        for name in outline.anchors:
            self.anchors[name] = (contents[0] if contents else 0, stamp("at", contents, fixed))
        if old is not None and old.origin is section.origin and old.fixed == fixed:
            return old
        entries = tuple(self.entries(section, outline, contents, weights, start))
        weight = sum(weights) if outline.aliases else outline.weight
        tied = bool(outline.aliases or outline.anchors)
        return _Row(section.origin, fixed, entries, weight, tied)

    def contents(self, section: Section) -> tuple[Outline, tuple[Stamp, ...], tuple[int, ...]]:
        """What stands for each pair of a section, and how many values each holds."""
        kept = _contents.get((self.key, section.origin))
        if kept is not None:
            return kept
        outline = outline_of(section)
        known = [self.anchors[name][0] for name in outline.aliases if name in self.anchors]
        content = stamp(self.key, section.origin, *known)
        count = len(section.pairs)
        stamps = tuple([stamp(content, index) for index in range(count)])
        if outline.aliases:
            return outline, stamps, weights_of(section, content, self.weights)
        return _contents.keep(
            (self.key, section.origin), (outline, stamps, (outline.weight,) * count)
        )

    def entries(
        self,
        section: Section,
        outline: Outline,
        contents: tuple[Stamp, ...],
        weights: tuple[int, ...],
        start: int,
    ) -> Iterator[RootEntry]:
        if outline.special or (self.layer.interpolate and outline.templated):
            yield from self.one_by_one(section, contents)
            return
        for index, (name, begin, end) in enumerate(outline.names):
            room = MOST_VALUES if weights[index] <= MOST_VALUES else FEW_VALUES
            yield RootEntry(
                name,
                start + begin,
                start + end,
                contents[index],
                self.layer,
                section,
                index,
                room,
            )

    def one_by_one(self, section: Section, contents: tuple[Stamp, ...]) -> Iterator[RootEntry]:
        """The entries of a section whose keys are only known once they are read."""
        layer = self.layer
        loader = Loader(layer.path, layer.interpolate)
        for index, pair in enumerate(section.pairs):
            content, key = contents[index], pair.key.span
            if pair.is_merge:
                merged: dict[str, Value] = {}
                loader.merge(pair.value, merged, layer.chain, 0)
                for name, value in merged.items():
                    place = value.origin.key or key
                    own = stamp(content, name)
                    yield RootEntry(
                        name, place.start, place.end, own, layer, section, index, given=value
                    )
            elif (read := loader.read_key(pair)) is not None:
                yield RootEntry(read, key.start, key.end, content, layer, section, index)


def _after(entry: RootEntry, before: RootEntry) -> RootEntry:
    return RootEntry(
        entry.name,
        entry.start,
        entry.end,
        stamp(entry.stamp, before.stamp),
        entry.layer,
        entry.section,
        entry.index,
        entry.room,
        before,
        entry.given,
    )
