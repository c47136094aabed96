"""What one section of a file says wherever it stands: its keys, anchors, aliases and size."""

from msgspec import Struct, field

from uvci.pipeline.load import Loader
from uvci.pipeline.stamps import Memory, Stamp
from uvci.syntax.tree import Alias, Broken, Mapping, Node, Scalar, Section, walk


class Outline(Struct, frozen=True):
    """One section; spans count from its start.

    `special`: its keys cannot be listed without loading (a merge key, an alias). `templated`: an
    input stands in one of them. `weight` is how many values it holds, aliases not counted.
    """

    names: tuple[tuple[str, int, int], ...]
    aliases: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    special: bool = False
    templated: bool = False
    weight: int = 0

    @property
    def is_tied(self) -> bool:
        """Whether it has aliases, or anchors for those of others."""
        return bool(self.aliases or self.anchors)


class Weights(Struct):
    """Counts the values that nodes hold once aliases are followed; each node is counted once."""

    known: dict[int, int] = field(default_factory=dict)
    _DEEPEST = 200

    def of(self, node: Node, depth: int = 0) -> int:
        """How many values `node` holds; may be larger than anything that could be loaded."""
        if isinstance(node, Scalar | Broken) or depth > Weights._DEEPEST:
            return 1
        found = self.known.get(id(node))
        if found is None:
            match node:
                case Alias():
                    found = 1 if node.target is None else self.of(node.target, depth + 1)
                case Mapping():
                    found = 1 + sum(1 + self.of(pair.value, depth + 1) for pair in node.pairs)
                case _:
                    found = 1 + sum(self.of(item, depth + 1) for item in node.items)
            self.known[id(node)] = found
        return found


_outlines: Memory[Outline] = Memory(8192)
_weights: Memory[tuple[int, ...]] = Memory(4096)


def outline_of(section: Section) -> Outline:
    """What the section says; remembered for as long as its text is."""
    kept = _outlines.get(section.origin)
    return kept if kept is not None else _outlines.keep(section.origin, _read(section))


def weights_of(section: Section, content: Stamp, weights: Weights) -> tuple[int, ...]:
    """How many values each pair of a section holds, what its aliases stand for included."""
    kept = _weights.get(content)
    if kept is not None:
        return kept
    return _weights.keep(content, tuple(weights.of(pair.value) for pair in section.pairs))


def _read(section: Section) -> Outline:
    start = section.start
    loader = Loader("")
    names: list[tuple[str, int, int]] = []
    aliases: dict[str, None] = {}
    anchors: dict[str, None] = {}
    special, weight = False, 0
    for pair in section.pairs:
        name = loader.read_key(pair)
        if pair.is_merge or name is None or isinstance(pair.key, Alias):
            special = True
        else:
            names.append((name, pair.key.span.start - start, pair.key.span.end - start))
        for part in (pair.key, pair.value):
            for node in walk(part):
                weight += 1
                if isinstance(node, Alias):
                    aliases[node.name] = None
                elif not isinstance(node, Broken) and node.anchor:
                    anchors[node.anchor] = None
    templated = any("$[[" in name for name, _, _ in names)
    return Outline(tuple(names), tuple(aliases), tuple(anchors), special, templated, weight)
