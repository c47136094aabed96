"""The nodes of a YAML text: what stands where, as typed."""

from collections.abc import Iterator
from collections.abc import Mapping as AnchorTable
from collections.abc import Sequence as SectionList
from enum import Enum
from functools import cached_property
from typing import Protocol, TypeAlias

from msgspec import Struct, field

from uvci.text.span import Span


class Style(Enum):
    """How a scalar is written."""

    PLAIN = "plain"
    SINGLE_QUOTED = "'"
    DOUBLE_QUOTED = '"'
    LITERAL = "|"
    FOLDED = ">"


# Nodes hold no circles and are many: the collector of garbage need not look through them (`gc`).


class Scalar(Struct, frozen=True, eq=False, gc=False):
    """One scalar. `text` is its content after unquoting, unescaping and folding.

    `span` covers what is typed: quotes and the header of a block scalar included, tag and anchor
    not. `uvci.syntax.scalars.read_scalar` answers which value GitLab reads; a missing value
    (`key:`) is an empty plain scalar whose empty span stands where the value would be typed.
    """

    span: Span
    style: Style
    text: str
    tag: str | None = None
    anchor: str | None = None


class Alias(Struct, frozen=True, eq=False, gc=False):
    """`*name`. `target` is the node whose anchor it takes (the last one before it), if any."""

    span: Span
    name: str
    target: "Node | None" = None


class Pair:
    """`key: value` of a mapping. A merge (`<<: *x`) is a pair too: see `is_merge`."""

    __slots__ = ()

    @property
    def key(self) -> "Node":
        """What stands before the colon."""
        raise NotImplementedError

    @property
    def value(self) -> "Node":
        """What stands after it."""
        raise NotImplementedError

    @property
    def span(self) -> Span:
        """From the key's first character to the value's last."""
        return Span(self.key.span.start, max(self.key.span.end, self.value.span.end))

    @property
    def is_merge(self) -> bool:
        """Whether it is a YAML 1.1 merge key."""
        key = self.key
        return isinstance(key, Scalar) and key.style is Style.PLAIN and key.text == "<<"


class TypedPair(Struct, Pair, frozen=True, eq=False, gc=False):
    """A pair whose nodes are there."""

    key: "Node"
    value: "Node"


class Mapping(Struct, frozen=True, eq=False, gc=False):
    """A mapping with its pairs in the order typed, duplicates included.

    `span` runs from the first key to the end of the last value (block), or covers the braces.
    """

    span: Span
    pairs: tuple[Pair, ...]
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None

    def pair(self, name: str) -> Pair | None:
        """The pair GitLab takes for `name`: the last one. Merge keys are not looked into."""
        for pair in reversed(self.pairs):
            if isinstance(pair.key, Scalar) and pair.key.text == name:
                return pair
        return None

    def get(self, name: str) -> "Node | None":
        """The value of `pair(name)`."""
        pair = self.pair(name)
        return pair.value if pair else None


class Sequence(Struct, frozen=True, eq=False, gc=False):
    """A sequence. `span` runs from the first `-` to the end of the last item, or covers `[…]`."""

    span: Span
    items: tuple["Node", ...]
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None


class Broken(Struct, frozen=True, eq=False, gc=False):
    """A piece of text that does not parse where it stands, kept so that tools can still see it."""

    span: Span
    text: str


Node: TypeAlias = Scalar | Alias | Mapping | Sequence | Broken


class SyntaxProblem(Struct, frozen=True):
    """What libyaml (or GitLab's loader) says about a text, in the words a user sees in GitLab.

    `message` is the bare problem ("did not find expected key"), `context` what was being read
    ("while parsing a block mapping"), `span` the place; `span` is never outside the text.
    `began` is where that started, which GitLab's messages name; negative where it is not told.
    """

    message: str
    span: Span
    context: str = ""
    began: int = -1


class Section(Protocol):
    """A run of whole lines that was parsed on its own, usually one root key with its value.

    `origin` is the same object for as long as the section's text is the same, wherever it stands:
    what is worked out about `origin` may be kept over edits elsewhere and shifted by `span.start`.
    """

    @property
    def start(self) -> int:
        """Where its lines begin in the document."""

    @property
    def span(self) -> Span:
        """The lines it covers, in the document."""

    @property
    def origin(self) -> object:
        """Stands for the section's text; compare with `is`."""

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of the root mapping that it holds, with the document's spans."""


class Body(Protocol):
    """Makes the nodes of one YAML document when they are asked for.

    `parts` are the `origin`s of its sections, `starts` tell where each begins.
    """

    @property
    def parts(self) -> SectionList[object]:
        """The `origin` of each section."""

    @property
    def starts(self) -> SectionList[int]:
        """Where each section begins, and where the last one ends."""

    def root(self) -> Node | None:
        """See `Document.root`."""

    def holds_mapping(self) -> bool:
        """See `Document.holds_mapping`."""


class Document(Struct, frozen=True, eq=False, dict=True):
    """One GitLab CI file: its configuration, its `spec:` header, and what did not parse.

    `broken` are the pieces that were blanked out so that the rest could be read; `problems` is
    empty exactly when GitLab's YAML loader accepts the text. `anchors` are the configuration's;
    `sections` are its pieces in the order typed, `header_sections` the header's.
    """

    text: str
    body: Body | None = None
    header: Node | None = None
    problems: tuple[SyntaxProblem, ...] = ()
    broken: tuple[Broken, ...] = ()
    anchors: AnchorTable[str, tuple[Node, ...]] = field(default_factory=dict)
    sections: SectionList[Section] = ()
    header_sections: SectionList[Section] = ()

    @cached_property
    def root(self) -> Node | None:
        """The configuration document, after the header; None when the text holds nothing."""
        return self.body.root() if self.body else None

    @property
    def holds_mapping(self) -> bool:
        """Whether the root is a mapping; told without making all of its pairs."""
        return self.body is not None and self.body.holds_mapping()

    @property
    def mapping(self) -> Mapping | None:
        """The root when it is a mapping, as every pipeline's is."""
        return self.root if isinstance(self.root, Mapping) else None


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order typed, at any depth; aliases are not followed."""
    stack: list[Node] = [node]
    while stack:
        node = stack.pop()
        yield node
        match node:
            case Mapping():
                stack += [part for pair in reversed(node.pairs) for part in (pair.value, pair.key)]
            case Sequence():
                stack += reversed(node.items)
            case _:
                pass
