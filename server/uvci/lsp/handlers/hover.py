"""`textDocument/hover`."""

from lsprotocol import types

from uvci.lsp.convert import to_hover
from uvci.lsp.server import UvciServer


def register(server: UvciServer) -> None:
    """Make the server answer this method."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover_at)


async def hover_at(server: UvciServer, params: types.HoverParams) -> types.Hover | None:
    """What stands at the cursor."""
    session = server.session
    uri = params.text_document.uri
    document, view = session.document(uri), session.view(uri)
    if document is None or view is None:
        return None
    from uvci.features.hover import hover  # noqa: PLC0415  loaded after `initialize`

    found = await server.compute(
        hover, view, document.offset(params.position, session.profile.encoding)
    )
    return to_hover(found, document.lines, session.profile) if found else None
