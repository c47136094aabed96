"""The edits and promises that fixes are made of."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, combinations

from msgspec import Struct

from uvci.pipeline.model import Expansion, Job, Part, Piece, Pipeline
from uvci.pipeline.values import Items, Link, Origin, Plain, Table, Value
from uvci.rules.rule import Change, Context, FileEdit
from uvci.syntax.patch import (
    Block,
    insert_item,
    insert_pair,
    remove_item,
    remove_pair,
    rename_key,
    replace_scalar,
    set_value,
)
from uvci.syntax.paths import locate
from uvci.syntax.tree import Document, Mapping, Pair, Scalar, Sequence
from uvci.text.edits import TextEdit
from uvci.text.span import Span


class TypedPair(Struct, frozen=True, eq=False):
    """A `key: value` as it is typed in a file, within its mapping."""

    path: str
    document: Document
    mapping: Mapping
    pair: Pair

    def holder(self) -> "TypedPair | None":
        """The pair whose value is the mapping that it stands in."""
        found = locate(self.document.root, self.pair.key.span.start)
        outer = found.parents[-2] if found and len(found.parents) > 1 else None
        if not isinstance(outer, Mapping):
            return None
        pairs = (pair for pair in outer.pairs if pair.value is self.mapping)
        return next((TypedPair(self.path, self.document, outer, one) for one in pairs), None)

    def removed(self) -> tuple[FileEdit, ...]:
        """The edits that take it out."""
        return self._edits(remove_pair(self.document, self.mapping, self.pair))

    def removed_with_parent(self) -> tuple[FileEdit, ...]:
        """The same; a mapping that would be left empty goes too, unless a comment is in it."""
        outer = self.holder() if len(self.mapping.pairs) == 1 else None
        if outer is None or len(outer.mapping.pairs) == 1:
            return self.removed()
        if "#" in outer.pair.span.of(self.document.text):
            return self.removed()
        return outer.removed()

    def renamed(self, name: str) -> tuple[FileEdit, ...]:
        """The edits that give it another key."""
        return self._edits((rename_key(self.document, self.pair, name),))

    def with_value(self, value: Block) -> tuple[FileEdit, ...]:
        """The edits that give it another value."""
        return self._edits(set_value(self.document, self.pair, value))

    def with_pair(self, key: str, value: Block) -> tuple[FileEdit, ...]:
        """The edits that add a pair to the mapping that is its value."""
        return self._edits(insert_pair(self.document, self.pair, key, value))

    def beside(self, key: str, value: Block) -> tuple[FileEdit, ...]:
        """The edits that add a pair behind it."""
        return self._edits(insert_pair(self.document, self.mapping, key, value, after=self.pair))

    def with_item(self, value: Block) -> tuple[FileEdit, ...]:
        """The edits that add an item to the list that is its value."""
        return self._edits(insert_item(self.document, self.pair, value))

    def _edits(self, edits: Iterable[TextEdit]) -> tuple[FileEdit, ...]:
        return tuple(FileEdit(self.path, edit) for edit in edits)


def typed_pair(origin: Origin, context: Context) -> TypedPair | None:
    """The pair whose value is typed at `origin`; None where it stands under no key."""
    file = context.pipeline.file(origin.path)
    if file is None or origin.key is None:
        return None
    found = locate(file.document.root, origin.key.start)
    if found is None or found.pair is None or not isinstance(found.parents[-1], Mapping):
        return None
    return TypedPair(origin.path, file.document, found.parents[-1], found.pair)


def job_pair(job: Job, context: Context) -> TypedPair | None:
    """The pair that defines a job: its name, and its keywords as typed there."""
    file = context.pipeline.file(job.name_origin.path)
    mapping = file.document.mapping if file else None
    pair = mapping.pair(job.name) if mapping else None
    if file is None or mapping is None or pair is None:
        return None
    return TypedPair(file.path, file.document, mapping, pair)


def replaced(origin: Origin, text: str, context: Context) -> tuple[FileEdit, ...]:
    """The edit after which the scalar at `origin` reads `text`; none where no scalar is typed."""
    file = context.pipeline.file(origin.path)
    if file is None or not isinstance(origin.node, Scalar):
        return ()
    return (FileEdit(origin.path, replace_scalar(file.document, origin.node, text)),)


def removed_from_list(origin: Origin, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take the item typed at `origin` out of its list; none for the only one."""
    file = context.pipeline.file(origin.path)
    found = locate(file.document.root, origin.span.start) if file else None
    items = found.parents[-1] if found and found.parents else None
    if file is None or not isinstance(items, Sequence) or len(items.items) < 2:
        return ()
    index = next((at for at, item in enumerate(items.items) if item is origin.node), None)
    if index is None:
        return ()
    return tuple(FileEdit(file.path, edit) for edit in remove_item(file.document, items, index))


def united(edits: tuple[FileEdit, ...]) -> tuple[FileEdit, ...]:
    """The edits with insertions at one place made one, so that their order cannot be lost."""
    together: dict[tuple[str, int, int], FileEdit] = {}
    for each in edits:
        span = each.edit.span
        key = (each.path, span.start, span.end)
        known = together.get(key)
        before = known.edit.content if known is not None and not span else ""
        together[key] = FileEdit(each.path, TextEdit(span, before + each.edit.content))
    return tuple(together.values())


def reworded(
    plain: Plain, expansion: Expansion, wanted: str, context: Context
) -> tuple[FileEdit, ...]:
    """The edits after which a text with variables expands to `wanted`.

    As few literals and variables as possible change, never more than two; none where that is not
    enough or a variable to change is not typed in a file. What only lacks an end gets one, so that
    no variable holds more than its name says.
    """
    end = len(plain.text)
    pieces = (*expansion.pieces, Piece(Part.LITERAL, Span(end, end), "", ""))
    places = range(len(expansion.pieces))
    last = len(places)
    ends = [(place, last) for place in places]
    for chosen in ((last,), *combinations(places, 1), *combinations(places, 2), *ends):
        texts = _solve(pieces, chosen, wanted)
        if texts and (edits := _piece_edits(plain, pieces, texts, context)):
            return edits
    return ()


def _solve(pieces: tuple[Piece, ...], chosen: tuple[int, ...], wanted: str) -> dict[int, str]:
    """New texts for the chosen pieces, the others as they are; empty where there are none."""
    known = [piece.value for piece in pieces if piece.value is not None]
    if len(known) < len(pieces):
        return {}
    first, last = chosen[0], chosen[-1]
    before, after = "".join(known[:first]), "".join(known[last + 1 :])
    middle = wanted[len(before) : len(wanted) - len(after)]
    if before + middle + after != wanted:
        return {}
    if first == last:
        return {first: middle}
    fixed = "".join(known[first + 1 : last])
    left, separator, right = middle.partition(fixed) if fixed else ("", "", "")
    return {first: left, last: right} if separator else {}


def _piece_edits(
    plain: Plain, pieces: tuple[Piece, ...], texts: dict[int, str], context: Context
) -> tuple[FileEdit, ...]:
    raw, edits = plain.text, []
    for index in sorted(texts, reverse=True):
        piece, text = pieces[index], texts[index]
        if piece.part is Part.LITERAL:
            raw = raw[: piece.span.start] + text + raw[piece.span.end :]
        elif piece.variable and piece.variable.origin and piece.variable.raw == piece.value:
            edits.append(replaced(piece.variable.origin, text, context))
        else:
            return ()
    if raw != plain.text:
        edits.append(replaced(plain.origin, raw, context))
    return tuple(chain.from_iterable(edits)) if all(edits) else ()


def arrivals(edits: Iterable[FileEdit], context: Context) -> tuple[Change, ...]:
    """Where in the effective pipeline the scalars that are edited arrive."""
    spans = [(edit.path, edit.edit.span) for edit in edits]

    def edited(value: Value) -> bool:
        path, node = value.origin.path, value.origin.node
        return isinstance(node, Scalar) and any(
            path == file and node.span.covers(span) for file, span in spans
        )

    return _places(edited, context)


def places_of(origin: Origin, context: Context) -> tuple[Change, ...]:
    """Where in the effective pipeline the value typed at `origin` arrives."""
    if origin.node is None:
        return ()
    return _places(lambda value: value.origin.node is origin.node, context)


def places_brought_by(link: Link, context: Context) -> tuple[Change, ...]:
    """Where in the effective pipeline the values arrive that an alias or a reference brings."""
    return _places(lambda value: link in value.origin.chain, context)


def setting_changes(*names: str) -> tuple[Change, ...]:
    """The promise to change some variables, wherever they are set."""
    paths = [("variables", name) for name in names]
    return tuple(Change(job, path) for path in paths for job in ("", "*"))


def _places(wanted: Callable[[Value], bool], context: Context) -> tuple[Change, ...]:
    found = (
        Change(name, path)
        for name, table in _tables(context.pipeline)
        for path in _paths_to(wanted, table, ())
    )
    return tuple(dict.fromkeys(found))


def _tables(pipeline: Pipeline) -> Iterator[tuple[str, Table]]:
    yield ("", pipeline.merged)
    for job in (*pipeline.jobs, *pipeline.hidden):
        yield (job.name, job.keywords)


def _paths_to(
    wanted: Callable[[Value], bool], value: Value, path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    if wanted(value):
        yield path
        return
    match value:
        case Table():
            for key, below in value.entries.items():
                yield from _paths_to(wanted, below, (*path, key))
        case Items():
            # A list differs as a whole.
            if any(True for item in value.values for _ in _paths_to(wanted, item, path)):
                yield path
        case _:
            return
