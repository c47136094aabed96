"""Where a cursor is: which key, value or item is being typed, on half-typed text too."""

from bisect import bisect_right
from collections.abc import Iterable
from enum import Enum
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from uvci.syntax.build import build, readable
from uvci.syntax.events import StreamError
from uvci.syntax.layout import column_of
from uvci.syntax.paths import Location, Path, key_text, locate, node_at
from uvci.syntax.probes import (
    HalfTyped,
    Probe,
    blank_line_probes,
    column_probes,
    typed_line_probes,
)
from uvci.syntax.repair import CONFLICT, mend
from uvci.syntax.sections import Parsed, holds_pairs
from uvci.syntax.tree import (
    Broken,
    Document,
    Mapping,
    Node,
    Scalar,
    Section,
    Sequence,
    Style,
)
from uvci.text.span import Span


class Side(Enum):
    """What is being typed."""

    KEY = "key"
    VALUE = "value"
    ITEM = "item"
    COMMENT = "comment"
    NONE = "none"


class Cursor(Struct, frozen=True):
    """A place in a document, as completion and hover ask for it.

    `path`: for KEY the path of the mapping that the key is or will be in; for VALUE the path of the
    value, its key last; for ITEM the path of the item, its index last. A word alone on its line is
    taken for a KEY, also where it could be the value of a key above.

    `replace` is the token that a completion takes over: all of a scalar's content inside its
    quotes, or in a scalar of several lines what stands on the cursor's line. `insert` is its part
    before the cursor, `prefix` the text of that. `lead` must be typed before anything else: a space
    after `key:`, a `- ` on the empty line of a list.

    `style` is how the scalar is quoted so far (None where nothing is typed), `indent` the column of
    the keys of the innermost block mapping, `siblings` the other keys of the innermost mapping.
    `node` is the key, value or item in the document's own tree, `parent` its collection there;
    None where the document does not have them yet.
    """

    path: Path
    side: Side
    prefix: str
    replace: Span
    insert: Span
    style: Style | None = None
    in_flow: bool = False
    indent: int = 0
    node: Node | None = None
    parent: Mapping | Sequence | None = None
    siblings: frozenset[str] = frozenset()
    lead: str = ""
    in_header: bool = False


class _Found(Struct, frozen=True):
    """A probe that parsed, and where its marker is in its tree."""

    probe: Probe
    place: Location


def cursor_at(document: Document, offset: int) -> Cursor:
    """Where `offset` is in `document`.

    The cursor's section is parsed again, with a marker at the cursor and with what is missing
    around it: the marker's place in that tree is the answer.
    """
    offset = min(max(offset, 0), len(document.text))
    section, in_header = _section_at(document, offset)
    if section is None:
        return _between_documents(document, offset)
    text = section.span.of(document.text)
    half = HalfTyped(text, offset - section.span.start, _unused(text))
    if half.is_in_indentation or CONFLICT.match(text, half.line_start):
        return _nowhere(offset, Side.NONE)
    found = _Search(section, half).run()
    if found is None:
        return _nowhere(offset, Side.COMMENT if _is_comment(half.before) else Side.NONE)
    return _answer(document, section, half, found, in_header=in_header)


def _section_at(document: Document, offset: int) -> tuple[Section | None, bool]:
    for sections, in_header in ((document.sections, False), (document.header_sections, True)):
        at = bisect_right(sections, offset, key=lambda section: section.span.start) - 1
        if at >= 0 and sections[at].span.touches(offset):
            return sections[at], in_header
    return None, False


def _between_documents(document: Document, offset: int) -> Cursor:
    """On a `---` line, or on the empty lines under it, where the next document begins."""
    divider = document.text.rfind("---", 0, offset)
    if divider < 0 or "\n" not in document.text[divider:offset]:
        return _nowhere(offset, Side.NONE)
    starts_later = bool(document.sections) and document.sections[0].span.start >= offset
    keys = frozenset(_root_keys(document.sections)) if starts_later else frozenset[str]()
    return replace(_nowhere(offset, Side.KEY), siblings=keys)


def _nowhere(offset: int, side: Side) -> Cursor:
    here = Span(offset, offset)
    return Cursor((), side, "", here, here)


def _broken_elsewhere(section: Section, half: HalfTyped) -> int:
    """How many pieces of the section do not parse, those on the cursor's line left out."""
    line = Span(half.line_start, half.line_end)
    return sum(
        not (line.overlaps(piece.span) or line.covers(piece.span))
        for piece in _parsed_section(section).broken
    )


def _parsed_section(section: Section) -> Parsed:
    return section.origin if isinstance(section.origin, Parsed) else Parsed(None)


class _Search:
    """Tries probes of one section until the marker turns up in its tree."""

    def __init__(self, section: Section, half: HalfTyped) -> None:
        self.half = half
        self.as_pairs = _parsed_section(section).holds_pairs
        self.allowed = _broken_elsewhere(section, half)

    def run(self) -> _Found | None:
        half = self.half
        if half.is_blank:
            return self.first(blank_line_probes(half)) or self.first(column_probes(half))
        found = self.first(typed_line_probes(half))
        if found is not None:
            return self.as_key(found) or found
        if _is_comment(half.before):
            return None
        return self.as_item() or self.broken(half.as_typed()) or self.first(column_probes(half))

    def first(self, probes: Iterable[Probe]) -> _Found | None:
        found = (self.try_one(probe) for probe in probes)
        return next((one for one in found if one is not None), None)

    def try_one(self, probe: Probe) -> _Found | None:
        root, broken = self.parsed(probe.text)
        place = locate(root, probe.marker_at)
        if place is None or broken > self.allowed or not self.holds_marker(place.node):
            return None
        found = _Found(probe, place)
        return found if self.is_likely(found) else None

    def is_likely(self, found: _Found) -> bool:
        """Whether what was added for the probe is what it should be, rather than mere content."""
        probe, place = found.probe, found.place
        node, parent = place.node, place.parents[-1] if place.parents else None
        is_plain = isinstance(node, Scalar) and node.style is Style.PLAIN
        if self.half.is_blank and is_plain and not _is_one_line(node, probe.text):
            return False
        if not probe.is_key or not is_plain:
            return True
        in_list = parent is not None and parent.flow and probe.text[parent.span.start] != "{"
        return place.on_key and not in_list

    def as_key(self, found: _Found) -> _Found | None:
        """The same, if a word alone on its line can be a key."""
        place, half = found.place, self.half
        if not half.is_bare_word or place.on_key or any(one.flow for one in place.parents):
            return None
        if not _is_one_line(place.node, found.probe.text):
            return None
        better = self.try_one(half.as_key())
        return better if better is not None and better.place.on_key else None

    def as_item(self) -> _Found | None:
        """A word alone in the column of a list's dashes, as the next item of that list."""
        found = self.try_one(self.half.as_item()) if self.half.is_bare_word else None
        path = found.place.path if found is not None else ()
        return found if path and isinstance(path[-1], int) and path[-1] > 0 else None

    def broken(self, probe: Probe) -> _Found | None:
        """The marker in a piece that does not parse."""
        root, _ = self.parsed(probe.text)
        place = locate(root, probe.marker_at)
        is_there = place is not None and isinstance(place.node, Broken)
        return _Found(probe, place) if place is not None and is_there else None

    def holds_marker(self, node: Node) -> bool:
        return isinstance(node, Scalar) and self.half.marker in node.text

    def parsed(self, text: str) -> tuple[Node | None, int]:
        """The root of the text, and how many pieces of it do not parse."""
        clean = readable(text)
        accepts = partial(holds_pairs, clean) if self.as_pairs else _accepts_all
        try:
            built = build(clean)
            if accepts(built.root):
                return built.root, 0
        except StreamError:
            pass
        mended = mend(clean, accepts)
        return mended.built.root, len(mended.broken)


def _accepts_all(_: Node | None) -> bool:
    return True


def _is_one_line(node: Node, text: str) -> bool:
    return "\n" not in node.span.of(text) and "\r" not in node.span.of(text)


def _is_comment(before: str) -> bool:
    return before.lstrip().startswith("#") or " #" in before or "\t#" in before


def _answer(
    document: Document, section: Section, half: HalfTyped, found: _Found, *, in_header: bool
) -> Cursor:
    probe, place = found.probe, found.place
    base = section.span.start
    start, end = _token(half, found)
    path, side = place.path, Side.VALUE
    if place.on_key:
        path, side = path[:-1], Side.KEY
    elif path and isinstance(path[-1], int):
        side = Side.ITEM
    scalar = place.node if isinstance(place.node, Scalar) else None
    is_new = scalar is not None and scalar.style is Style.PLAIN and scalar.text == half.marker
    root = document.header if in_header else document.root
    sections = document.header_sections if in_header else document.sections
    siblings = _siblings(found)
    if sum(isinstance(parent, Mapping) for parent in place.parents) == 1:
        siblings |= _root_keys(other for other in sections if other is not section)
    return Cursor(
        path,
        side,
        half.text[start : half.at],
        Span(base + start, base + end),
        Span(base + start, base + half.at),
        None if is_new or scalar is None else scalar.style,
        any(parent.flow for parent in place.parents),
        _indent(found),
        _node_there(root, base + half.at, path, side),
        _parent_there(root, path, side),
        siblings,
        probe.lead if is_new or probe.moved else "",
        in_header,
    )


def _token(half: HalfTyped, found: _Found) -> tuple[int, int]:
    """What a completion replaces, counted in the section as it is."""
    probe, node = found.probe, found.place.node
    start, end = node.span.start, node.span.end
    if not _is_one_line(node, probe.text):
        line = half.before + half.after
        ink_start = half.line_start + len(line) - len(line.lstrip())
        ink_end = half.line_start + len(line.rstrip())
        return min(max(start - probe.moved, ink_start), half.at), max(half.at, ink_end)
    if isinstance(node, Scalar) and node.style in {Style.SINGLE_QUOTED, Style.DOUBLE_QUOTED}:
        start, end = start + 1, end - 1
    end -= probe.moved + probe.inserted
    return min(start - probe.moved, half.at), max(half.at, end)


def _siblings(found: _Found) -> frozenset[str]:
    marker_at = found.probe.marker_at
    for parent in reversed(found.place.parents):
        if isinstance(parent, Mapping):
            others = (pair for pair in parent.pairs if not pair.span.touches(marker_at))
            return frozenset(key_text(pair.key) for pair in others)
    return frozenset()


def _root_keys(sections: Iterable[Section]) -> frozenset[str]:
    return frozenset(key_text(pair.key) for section in sections for pair in section.pairs)


def _indent(found: _Found) -> int:
    for parent in reversed(found.place.parents):
        if isinstance(parent, Mapping) and not parent.flow:
            return column_of(found.probe.text, parent.span.start)
    return 0


def _node_there(root: Node | None, offset: int, path: Path, side: Side) -> Node | None:
    found = locate(root, offset)
    if found is not None and found.on_key:
        return found.node if side is Side.KEY else None
    if side is Side.KEY:
        return None
    if found is not None and found.path == path:
        return found.node
    return node_at(root, path) if side is Side.VALUE else None


def _parent_there(root: Node | None, path: Path, side: Side) -> Mapping | Sequence | None:
    node = node_at(root, path if side is Side.KEY else path[:-1])
    return node if isinstance(node, Mapping | Sequence) else None


def _unused(text: str) -> str:
    return next((letter for letter in map(chr, range(0xE000, 0xF900)) if letter not in text), "x")
