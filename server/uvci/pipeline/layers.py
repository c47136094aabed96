"""The root entries of one file, each loaded when it is first asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from uvci.pipeline.inputs import NO_INPUTS, Inputs
from uvci.pipeline.load import Chain, Interpolate, Loader
from uvci.pipeline.origins import shadowing
from uvci.pipeline.stamps import Memory, Stamp, stamp
from uvci.pipeline.values import Origin, Table, Value
from uvci.syntax.tree import Alias, Broken, Document, Mapping, Pair, Section, walk
from uvci.text.span import Span


@dataclass(frozen=True, eq=False)
class RootEntry:
    """One root key of one file. `stamp` stands for its content, `placed` also for where it is."""

    name: str
    key: Span
    stamp: Stamp
    placed: Stamp
    layer: "Layer"
    section: Section
    index: int
    before: "RootEntry | None" = None
    given: Value | None = None

    @cached_property
    def value(self) -> Value:
        """Its value as loaded: aliases and merge keys resolved, nothing else."""
        value = self.given
        if value is None:
            loader = Loader(self.layer.path, self.layer.interpolate)
            value = loader.load(self.section.pairs[self.index].value, self.key, self.layer.chain)
        return value if self.before is None else shadowing(value, self.before.value)


@dataclass(frozen=True, eq=False)
class Layer:
    """One file as it takes part in a pipeline, with the inputs it was given.

    `chain` are the includes that brought it, `inputs` what it was given.
    `maybe`: rules that cannot be decided here may leave it out.
    """

    path: str
    document: Document
    chain: Chain = ()
    interpolate: Interpolate | None = None
    inputs: Inputs = NO_INPUTS
    maybe: bool = False

    @cached_property
    def entries(self) -> dict[str, RootEntry]:
        """The root entries by name, in GitLab's order."""
        entries: dict[str, RootEntry] = {}
        anchors: dict[str, tuple[Stamp, Stamp]] = {}
        for section in _sections(self.document):
            outline = _outline(section)
            known = tuple([anchors[name] for name in outline.aliases if name in anchors])
            content = stamp(self.path, section.origin, self.inputs.stamp, *[of for of, _ in known])
            start = section.span.start
            placed = stamp(
                content, start, self.chain, self.inputs.placed, *[place for _, place in known]
            )
            for name in outline.anchors:
                anchors[name] = (content, placed)
            for entry in self._of_section(section, outline, content, placed):
                before = entries.get(entry.name)
                entries[entry.name] = entry if before is None else _after(entry, before)
        return entries

    def _of_section(
        self, section: Section, outline: "_Outline", content: Stamp, placed: Stamp
    ) -> Iterator[RootEntry]:
        if outline.special or (self.interpolate and outline.templated):
            yield from self._one_by_one(section, content, placed)
            return
        start = section.span.start
        for index, (name, begin, end) in enumerate(outline.names):
            key = Span(begin + start, end + start)
            yield RootEntry(
                name, key, stamp(content, index), stamp(placed, index), self, section, index
            )

    def _one_by_one(self, section: Section, content: Stamp, placed: Stamp) -> Iterator[RootEntry]:
        """The entries of a section whose keys are only known once they are read."""
        loader = Loader(self.path, self.interpolate)
        for index, pair in enumerate(section.pairs):
            stamps = stamp(content, index), stamp(placed, index)
            if pair.is_merge:
                merged: dict[str, Value] = {}
                loader.merge(pair.value, merged, self.chain, 0)
                for name, value in merged.items():
                    key = value.origin.key or pair.key.span
                    own = stamp(stamps[0], name), stamp(stamps[1], name)
                    yield RootEntry(name, key, *own, self, section, index, given=value)
            elif (read := loader.read_key(pair)) is not None:
                yield RootEntry(read, pair.key.span, *stamps, self, section, index)


def load_table(path: str, node: Mapping) -> Table:
    """A mapping loaded on its own, such as a `spec:` header."""
    value = Loader(path).load(node)
    return value if isinstance(value, Table) else Table({}, Origin(path, node.span, node))


def _after(entry: RootEntry, before: RootEntry) -> RootEntry:
    return RootEntry(
        entry.name,
        entry.key,
        stamp(entry.stamp, before.stamp),
        stamp(entry.placed, before.placed),
        entry.layer,
        entry.section,
        entry.index,
        before,
        entry.given,
    )


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a section's text says wherever it stands; spans count from its start.

    `special`: its keys cannot be listed without loading (a merge key, an alias).
    """

    names: tuple[tuple[str, int, int], ...]
    aliases: tuple[str, ...]
    anchors: tuple[str, ...]
    special: bool
    templated: bool


@dataclass(frozen=True, slots=True)
class _WholeDocument:
    """A document that was not split, as one section."""

    span: Span
    origin: object
    pairs: tuple[Pair, ...]


_outlines: Memory[_Outline] = Memory(8192)


def _sections(document: Document) -> Sequence[Section]:
    if document.sections:
        return document.sections
    pairs = document.mapping.pairs if document.mapping else ()
    return (_WholeDocument(Span(0, len(document.text)), document, pairs),)


def _outline(section: Section) -> _Outline:
    kept = _outlines.get(section.origin)
    return kept if kept is not None else _outlines.keep(section.origin, _read_outline(section))


def _read_outline(section: Section) -> _Outline:
    start = section.span.start
    loader = Loader("")
    names: list[tuple[str, int, int]] = []
    aliases: dict[str, None] = {}
    anchors: dict[str, None] = {}
    special = False
    for pair in section.pairs:
        name = loader.read_key(pair)
        if pair.is_merge or name is None or isinstance(pair.key, Alias):
            special = True
        else:
            names.append((name, pair.key.span.start - start, pair.key.span.end - start))
        for part in (pair.key, pair.value):
            for node in walk(part):
                if isinstance(node, Alias):
                    aliases[node.name] = None
                elif not isinstance(node, Broken) and node.anchor:
                    anchors[node.anchor] = None
    templated = any("$[[" in name for name, _, _ in names)
    return _Outline(tuple(names), tuple(aliases), tuple(anchors), special, templated)
