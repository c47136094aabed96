"""Names behind a mark of their own: `*anchors` of YAML, and `$[[ inputs ]]` of GitLab."""

from collections.abc import Iterator

from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.naming.scan import scan
from uvci.features.naming.symbols import Occurrence, Role, SymbolKind
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.cursor import Side
from uvci.syntax.tree import Document, Mapping, Node
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_ALIAS = lazy_re(r"(?:[:\-,][ \t]+|\[[ \t]*)\*([\w.-]*)$")
_INPUT = lazy_re(r"\$\[\[\s*(?:(inputs\.)([\w-]*)|([a-z]*))$")
_REST = lazy_re(r"[\w.-]*")
_MERGE = "<<"


def marked_items(place: Place) -> Iterator[CompletionItem] | None:
    """What may stand at the cursor behind such a mark; None where there is none."""
    if used := _INPUT.search(place.line_before):
        return _inputs(place, used[2] if used[1] else None, len(used[2] or used[3] or ""))
    alias = _ALIAS.search(place.line_before)
    if alias and _begins_value(place, len(alias[1]) + 1):
        return _anchors(place, _slot(place, len(alias[1])))
    return None


def _slot(place: Place, typed: int) -> Slot:
    text, start = place.view.document.text, place.offset - typed
    rest = _REST.match(text, place.offset)
    span = Span(start, rest.end() if rest else place.offset)
    return Slot(span, text[start : place.offset], whole=False)


# ---------------------------------------------------------------- anchors


def _begins_value(place: Place, length: int) -> bool:
    """Whether the mark is the first of what is typed, not an asterisk within a text."""
    cursor, typed = place.cursor, place.view.document.text[place.offset - length : place.offset]
    is_value = cursor.side in (Side.VALUE, Side.ITEM) and cursor.style is None
    return is_value and cursor.insert.of(place.view.document.text).endswith(typed)


def _anchors(place: Place, slot: Slot) -> Iterator[CompletionItem]:
    """Anchors above the cursor; where a mapping is merged, only those of mappings."""
    document = place.view.document
    merges = _MERGE in place.cursor.path
    for each in scan(place.view.path, document):
        if not _defines(each, SymbolKind.ANCHOR) or each.span.start > place.offset:
            continue
        node = _anchored(document, each)
        if node is None or (merges and not isinstance(node, Mapping)):
            continue
        if not (node.span.start <= place.offset <= node.span.end):
            yield slot.item(each.symbol.name, ItemKind.REFERENCE, detail=f"in {each.entry}")


def _anchored(document: Document, anchor: Occurrence) -> Node | None:
    """The node of an anchor: the one that comes next behind its name."""
    nodes = document.anchors.get(anchor.symbol.name, ())
    return min(
        (node for node in nodes if node.span.start >= anchor.span.start),
        key=lambda node: node.span.start,
        default=None,
    )


# ---------------------------------------------------------------- inputs


def _inputs(place: Place, name: str | None, typed: int) -> Iterator[CompletionItem]:
    slot = _slot(place, typed)
    before = "" if name is not None else "inputs."
    for each in scan(place.view.path, place.view.document):
        if _defines(each, SymbolKind.INPUT):
            label = f"{before}{each.symbol.name}"
            yield slot.item(label, ItemKind.VARIABLE, text=label, detail="input of this file")


def _defines(each: Occurrence, kind: SymbolKind) -> bool:
    return each.symbol.kind is kind and each.role is Role.DEFINITION
