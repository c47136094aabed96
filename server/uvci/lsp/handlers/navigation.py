"""`textDocument/definition`, `textDocument/references` and `textDocument/documentHighlight`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_location, to_range
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.highlights import Highlight
    from uvci.features.view import Place
    from uvci.lsp.session import Opened


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(definition_at)
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(references_at)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(highlights_at)


async def definition_at(
    server: UvciServer, params: types.DefinitionParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """Where the name at the cursor is defined."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found, where = await server.compute(_definitions, opened, offset), opened.locator
    return [to_location(where, each.path, each.span, profile.encoding) for each in found]


async def references_at(
    server: UvciServer, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Everywhere the name at the cursor stands."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    every = params.context.include_declaration
    found = await server.compute(_references, opened, offset, with_definitions=every)
    where = opened.locator
    return [to_location(where, each.path, each.span, profile.encoding) for each in found]


async def highlights_at(
    server: UvciServer, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """The same name elsewhere in the document."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found = await server.compute(_highlights, opened, offset)
    lines = opened.document.lines
    kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
    return [
        types.DocumentHighlight(to_range(lines, each.span, profile.encoding), kinds[each.defines])
        for each in found
    ]


def _definitions(opened: Opened, offset: int) -> tuple[Place, ...]:
    from uvci.features.definition import definitions  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return definitions(view, offset) if view else ()


def _references(opened: Opened, offset: int, *, with_definitions: bool) -> tuple[Place, ...]:
    from uvci.features.references import references  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return references(view, offset, with_definitions=with_definitions) if view else ()


def _highlights(opened: Opened, offset: int) -> tuple[Highlight, ...]:
    from uvci.features.highlights import highlights  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return highlights(view, offset) if view else ()
