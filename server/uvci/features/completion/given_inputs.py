"""Inputs that an included file asks for, where the including one gives them."""

from collections.abc import Iterator

from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.paths import key_text, node_at
from uvci.syntax.tree import Document, Mapping, Node, Pair, Scalar


def given_input_items(place: Place) -> Iterator[CompletionItem]:
    """The inputs of the file included beside the cursor: those without a default first."""
    document = _included(place)
    inputs = list(_inputs(document)) if document else []
    for pair in sorted(inputs, key=_has_default):
        name = key_text(pair.key)
        if name not in place.siblings:
            text = name if place.is_name_only else f"{name}: "
            detail = "has a default" if _has_default(pair) else "required"
            yield place.slot.item(name, ItemKind.VARIABLE, text=text, detail=detail)


def _included(place: Place) -> Document | None:
    """The file that the same entry of `include` names."""
    root, steps = place.view.document.root, place.cursor.path
    entry = node_at(root, steps[:-1]) if root else None
    pair = entry.pair("local") if isinstance(entry, Mapping) else None
    if pair is None or not isinstance(pair.value, Scalar):
        return None
    path = pair.value.text.lstrip("/")
    files = place.view.pipeline.files
    return next((file.document for file in files if file.path == path), None)


def _inputs(document: Document) -> Iterator[Pair]:
    found: Node | None = document.header
    for name in ("spec", "inputs"):
        pair = found.pair(name) if isinstance(found, Mapping) else None
        found = pair.value if pair else None
    yield from found.pairs if isinstance(found, Mapping) else ()


def _has_default(pair: Pair) -> bool:
    return isinstance(pair.value, Mapping) and pair.value.pair("default") is not None
