"""`textDocument/codeLens`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_location, to_position, to_range
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.code_lens import CodeLens
    from uvci.lsp.session import Opened

SHOW = "uvci.showReferences"
"""A command of editor extensions: address, position and locations, as the protocol has them."""


def register(server: UvciServer) -> None:
    """Make the server answer this method."""
    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())(lenses_of)


async def lenses_of(
    server: UvciServer, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """The lines above entries that tell who uses them."""
    opened = server.session.opened(params.text_document.uri)
    if opened is None:
        return None
    found = await server.compute(_lenses, opened)
    return [_lens(server, opened, lens) for lens in found]


def _lens(server: UvciServer, opened: Opened, lens: CodeLens) -> types.CodeLens:
    encoding, lines = server.session.profile.encoding, opened.document.lines
    places = [to_location(opened.locator, at.path, at.span, encoding) for at in lens.places]
    at = to_position(lines, lens.span.start, encoding)
    # Clients without the extension's command show the title all the same.
    can_show = bool(places) and server.session.profile.shows_references
    return types.CodeLens(
        range=to_range(lines, lens.span, encoding),
        command=types.Command(
            title=lens.title,
            command=SHOW if can_show else "",
            arguments=[opened.document.uri, at, places] if can_show else None,
        ),
    )


def _lenses(opened: Opened) -> tuple[CodeLens, ...]:
    from uvci.features.code_lens import code_lenses  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return code_lenses(view) if view else ()
