"""`textDocument/documentLink`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_range
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.links import FileLink
    from uvci.lsp.session import Opened


def register(server: UvciServer) -> None:
    """Make the server answer this method."""
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)(links_of)


async def links_of(
    server: UvciServer, params: types.DocumentLinkParams
) -> list[types.DocumentLink] | None:
    """The files and pages that a document names."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    where = opened.locator
    return [
        types.DocumentLink(
            range=to_range(opened.document.lines, link.span, profile.encoding),
            target=link.url or where.uri(link.path),
        )
        for link in await server.compute(_links, opened)
    ]


def _links(opened: Opened) -> tuple[FileLink, ...]:
    from uvci.features.links import links  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return links(view) if view else ()
