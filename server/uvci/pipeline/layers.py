"""The root entries of one file, each loaded when it is first asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from uvci.pipeline.inputs import NO_INPUTS, Inputs
from uvci.pipeline.interpolation import Fault, Interpolator
from uvci.pipeline.listing import Lister, Listing, Place, Row
from uvci.pipeline.load import MOST_VALUES, Chain, Interpolate, Loader
from uvci.pipeline.origins import shadowing
from uvci.pipeline.stamps import Stamp, stamp
from uvci.pipeline.values import Value
from uvci.syntax.tree import Document, Section
from uvci.text.span import Span

FEW_VALUES = 2_000
"""What is loaded of an entry that holds more than GitLab reads."""


class Source(Struct, frozen=True, eq=False):
    """One file as it takes part in a pipeline, whatever it says: see `Layer`."""

    path: str
    chain: Chain = ()
    interpolate: Interpolate | None = None
    maybe: bool = False


class RootEntry(Struct, eq=False):
    """One root key of one file. `stamp` stands for its content, wherever it stands.

    `fixed` stands for its place and those that its aliases point at, `index` is its number in its
    section. `before` is what an earlier key of the same name says, `given` the value that a merge
    key of the root brought. An entry is the same object for as long as neither it nor what its
    aliases point at changes or moves.
    """

    name: str
    key: Span
    stamp: Stamp
    fixed: Stamp
    layer: Source
    section: Section
    index: int
    room: int = MOST_VALUES
    before: "RootEntry | None" = None
    given: Value | None = None
    loaded: Value | None = None

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
    def entries(self) -> "Entries":
        """The root entries by name, in GitLab's order."""
        before = self.previous.pop() if self.previous else None
        return Entries(self, before.entries if before else None)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with `$[[ … ]]` in it, in its order: all of it is loaded for that."""
        document = self.document
        if self.interpolate is None or document.root is None or "$[[" not in document.text:
            return ()
        interpolator = Interpolator(self.path, self.inputs.values)
        Loader(self.path, interpolator).load(document.root, chain=self.chain)
        return tuple(interpolator.faults)

    @property
    def weight(self) -> int:
        """How many values the file holds, what its aliases stand for included."""
        return self.entries.listing.weight

    @property
    def heaviest(self) -> Span:
        """The first key of the section that holds the most values."""
        contents = self.entries.listing.contents
        number = max(range(len(contents)), key=lambda number: contents[number].weight)
        row = contents[number].row
        return self.entries[row[0][0]].key if row else Span(0, 0)


class Entries(Mapping[str, RootEntry]):
    """The root entries of a layer by name, each made when it is asked for.

    `made` are those of all versions of the layer: what did not change or move is the same there.
    """

    def __init__(self, layer: Layer, before: "Entries | None") -> None:
        document = layer.document
        self._source = Source(layer.path, layer.chain, layer.interpolate, layer.maybe)
        self._sections = document.sections
        self._starts = document.body.starts if document.body else ()
        self._rows: dict[int, tuple[RootEntry, ...]] = {}
        self._fixed: dict[int, Stamp] = {}
        self._asked: dict[str, RootEntry] = {}
        self.made: dict[tuple[str, int], RootEntry] = {} if before is None else before.made
        lister = Lister(
            document.body.parts if document.body else (),
            document.sections,
            stamp("layer", layer.interpolate is not None, layer.inputs.stamp),
            layer.interpolate is not None,
            self._listed,
        )
        self.listing: Listing = lister.listing(before.listing if before else None)
        if len(self.made) > 2 * len(self.listing.places) + 64:
            self.made = {}

    def __getitem__(self, name: str) -> RootEntry:
        asked = self._asked.get(name)
        if asked is not None:
            return asked
        entry: RootEntry | None = None
        for number, place in enumerate(self.listing.places[name]):
            entry = self._entry(name, number, place, entry)
        if entry is None:
            raise KeyError(name)
        return self._asked.setdefault(name, entry)

    def __contains__(self, name: object) -> bool:
        return name in self.listing.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.listing.places)

    def __len__(self) -> int:
        return len(self.listing.places)

    def _entry(self, name: str, number: int, place: Place, before: RootEntry | None) -> RootEntry:
        """Number `number` of the keys of that name; that of an earlier time if it is the same."""
        section, at = place
        own = self.listing.contents[section].row[at][1]
        content = own if before is None else stamp(own, before.stamp)
        known = self.made.get((name, number))
        if (
            known is not None
            and known.stamp == content
            and known.before is before
            and known.fixed == self._fixed_at(section)
        ):
            return known
        made = self._make(name, place, content, before)
        self.made[name, number] = made
        return made

    def _make(self, name: str, place: Place, content: Stamp, before: RootEntry | None) -> RootEntry:
        number, at = place
        told = self.listing.contents[number]
        if told.listed:
            found = self._row(number, told.own)[at]
            key, index, given = found.key, found.index, found.given
            room = MOST_VALUES
        else:
            start, (_, begin, end) = self._starts[number], told.outline.names[at]
            key, index, given = Span(start + begin, start + end), at, None
            room = MOST_VALUES if told.weights[at] <= MOST_VALUES else FEW_VALUES
        fixed, section = self._fixed_at(number), self._sections[number]
        return RootEntry(
            name, key, content, fixed, self._source, section, index, room, before, given
        )

    def _fixed_at(self, number: int) -> Stamp:
        """What stands for the place of a section and of those that its aliases point at."""
        found = self._fixed.get(number)
        if found is None:
            start, outline = self._starts[number], self.listing.contents[number].outline
            found = start
            if outline.aliases:
                defined = self.listing.anchors
                before = [
                    max(other for other in defined[name] if other < number)
                    for name in outline.aliases
                    if name in defined and defined[name][0] < number
                ]
                found = stamp("fixed", start, *map(self._fixed_at, before))
            self._fixed[number] = found
        return found

    def _listed(self, number: int, own: Stamp) -> Row:
        return tuple([(entry.name, entry.stamp) for entry in self._row(number, own)])

    def _row(self, number: int, own: Stamp) -> tuple[RootEntry, ...]:
        """The entries of a section whose keys are only known once they are read."""
        found = self._rows.get(number)
        if found is None:
            found = self._rows.setdefault(number, tuple(self._read(self._sections[number], own)))
        return found

    def _read(self, section: Section, own: Stamp) -> Iterator[RootEntry]:
        layer = self._source
        loader = Loader(layer.path, layer.interpolate)
        for index, pair in enumerate(section.pairs):
            content, key = stamp(own, index), pair.key.span
            if pair.is_merge:
                merged: dict[str, Value] = {}
                loader.merge(pair.value, merged, layer.chain, 0)
                for name, value in merged.items():
                    place = value.origin.key or key
                    one = stamp(content, name)
                    yield RootEntry(name, place, one, 0, layer, section, index, given=value)
            elif (read := loader.read_key(pair)) is not None:
                yield RootEntry(read, key, content, 0, layer, section, index)
