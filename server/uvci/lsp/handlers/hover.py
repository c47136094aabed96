"""`textDocument/hover`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_hover
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.view import Hover
    from uvci.lsp.session import Opened


def register(server: UvciServer) -> None:
    """Make the server answer this method."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover_at)


async def hover_at(server: UvciServer, params: types.HoverParams) -> types.Hover | None:
    """What stands at the cursor."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found = await server.compute(_hover, opened, offset)
    return to_hover(found, opened.document.lines, profile) if found else None


def _hover(opened: Opened, offset: int) -> Hover | None:
    from uvci.features.hover import hover  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return hover(view, offset) if view else None
