"""`textDocument/documentSymbol`, `workspace/symbol`, `foldingRange` and `selectionRange`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_location, to_range
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation
from uvci.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uvci.features.folding import Fold
    from uvci.features.symbols import NamedPlace, OutlineItem
    from uvci.lsp.session import Opened
    from uvci.text.lines import Encoding, LineIndex

_KINDS = {
    "job": types.SymbolKind.Function,
    "template": types.SymbolKind.Class,
    "keyword": types.SymbolKind.Property,
    "variable": types.SymbolKind.Variable,
    "input": types.SymbolKind.Field,
    "stage": types.SymbolKind.EnumMember,
}
_FOLDS = {
    "region": types.FoldingRangeKind.Region,
    "comment": types.FoldingRangeKind.Comment,
    "imports": types.FoldingRangeKind.Imports,
}


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(symbols_of)
    server.feature(types.WORKSPACE_SYMBOL)(symbols_matching)
    server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)(folds_of)
    server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)(selections_at)


# ---------------------------------------------------------------- symbols


async def symbols_of(
    server: UvciServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """The outline of a document; flat for clients that know no other."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    items = await server.compute(_outline, opened)
    lines, encoding = opened.document.lines, profile.encoding
    if profile.hierarchical_symbols:
        return [_symbol(item, lines, encoding) for item in items]
    return [
        types.SymbolInformation(
            name=item.name,
            kind=_KINDS[item.kind.value],
            location=types.Location(opened.document.uri, to_range(lines, item.span, encoding)),
            container_name=parent,
        )
        for item, parent in _flat(items)
    ]


def _symbol(item: OutlineItem, lines: LineIndex, encoding: Encoding) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=item.name,
        detail=item.detail or None,
        kind=_KINDS[item.kind.value],
        range=to_range(lines, item.span, encoding),
        selection_range=to_range(lines, item.name_span, encoding),
        children=[_symbol(child, lines, encoding) for child in item.children] or None,
    )


def _flat(
    items: Iterable[OutlineItem], parent: str | None = None
) -> Iterator[tuple[OutlineItem, str | None]]:
    for item in items:
        yield item, parent
        yield from _flat(item.children, item.name)


async def symbols_matching(
    server: UvciServer, params: types.WorkspaceSymbolParams
) -> list[types.SymbolInformation] | None:
    """The jobs, templates and variables of the pipelines that open documents are part of."""
    session = server.session
    found: dict[tuple[str, int], types.SymbolInformation] = {}
    for uri in tuple(session.documents):
        if (opened := session.opened(uri)) is None:
            continue
        for each in await server.compute(_names, opened, params.query):
            where = to_location(
                opened.locator, each.place.path, each.place.span, session.profile.encoding
            )
            found[where.uri, each.place.span.start] = types.SymbolInformation(
                name=each.name,
                kind=_KINDS[each.kind.value],
                location=where,
                container_name=each.place.path,
            )
    return list(found.values())


def _outline(opened: Opened) -> tuple[OutlineItem, ...]:
    from uvci.features.symbols import outline  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return outline(view.document) if view else ()


def _names(opened: Opened, query: str) -> tuple[NamedPlace, ...]:
    from uvci.features.symbols import pipeline_names  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return pipeline_names(view.pipeline, query) if view else ()


# ---------------------------------------------------------------- folds and selections


async def folds_of(
    server: UvciServer, params: types.FoldingRangeParams
) -> list[types.FoldingRange] | None:
    """What can be folded away."""
    opened = server.session.opened(params.text_document.uri)
    if opened is None:
        return None
    return [
        types.FoldingRange(start_line=fold.first, end_line=fold.last, kind=_FOLDS[fold.kind.value])
        for fold in await server.compute(_folds, opened)
    ]


def _folds(opened: Opened) -> tuple[Fold, ...]:
    from uvci.features.folding import folds  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return folds(view.document) if view else ()


async def selections_at(
    server: UvciServer, params: types.SelectionRangeParams
) -> list[types.SelectionRange] | None:
    """For each cursor the ranges around it, each within the next."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offsets = [opened.document.offset(at, profile.encoding) for at in params.positions]
    found = await server.compute(_selections, opened, offsets)
    lines = opened.document.lines
    return [_nested(spans, lines, profile.encoding) for spans in found] or None


def _selections(opened: Opened, offsets: list[int]) -> list[tuple[Span, ...]]:
    from uvci.features.selection import selections  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return [selections(view.document, offset) for offset in offsets] if view else []


def _nested(spans: tuple[Span, ...], lines: LineIndex, encoding: Encoding) -> types.SelectionRange:
    outer: types.SelectionRange | None = None
    for span in reversed(spans):
        outer = types.SelectionRange(to_range(lines, span, encoding), outer)
    return outer or types.SelectionRange(to_range(lines, Span(0, 0), encoding))
