"""`textDocument/completion` and `completionItem/resolve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import documentation_of, to_completion_item
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.view import CompletionList
    from uvci.lsp.session import Opened

TRIGGERS = (" ", ":", "-", ".", "/", "$", "{", '"', "'", "=", "[", ",", "@")


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    options = types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_COMPLETION, options)(complete_at)
    server.feature(types.COMPLETION_ITEM_RESOLVE)(resolve)


async def complete_at(
    server: UvciServer, params: types.CompletionParams
) -> types.CompletionList | None:
    """What can stand at the cursor."""
    session = server.session
    opened, profile = session.opened(params.text_document.uri), session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found = await server.compute(_complete, opened, offset)
    if found is None:
        return None
    items = [to_completion_item(item, opened.document.lines, profile) for item in found.items]
    if profile.lazy_documentation:
        number = session.completions.keep(found.items)
        for index, item in enumerate(items):
            item.data = session.completions.data(number, index)
    return types.CompletionList(is_incomplete=found.incomplete, items=items)


def _complete(opened: Opened, offset: int) -> CompletionList | None:
    from uvci.features.completion import complete  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return complete(view, offset) if view else None


async def resolve(server: UvciServer, item: types.CompletionItem) -> types.CompletionItem:
    """The documentation of an item of one of the last lists."""
    known = server.session.completions.find(item.data)
    if known is not None:
        item.documentation = documentation_of(known, server.session.profile)
    return item
