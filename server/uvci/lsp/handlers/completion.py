"""`textDocument/completion` and `completionItem/resolve`."""

from lsprotocol import types

from uvci.lsp.convert import documentation_of, to_completion_item
from uvci.lsp.server import UvciServer

TRIGGERS = (" ", ":", "-", ".", "/", "$", "{", '"', "'", "[", ",", "@")


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
    document, view = (
        session.document(params.text_document.uri),
        session.view(params.text_document.uri),
    )
    if document is None or view is None:
        return None
    from uvci.features.completion import complete  # noqa: PLC0415  loaded after `initialize`

    profile = session.profile
    offset = document.offset(params.position, profile.encoding)
    found = await server.compute(complete, view, offset)
    session.completions = found.items
    items = [to_completion_item(item, document.lines, profile) for item in found.items]
    if profile.lazy_documentation:
        for index, item in enumerate(items):
            item.data = {"index": index, "label": item.label}
    return types.CompletionList(is_incomplete=found.incomplete, items=items)


async def resolve(server: UvciServer, item: types.CompletionItem) -> types.CompletionItem:
    """The documentation of an item of the last list."""
    data = item.data if isinstance(item.data, dict) else {}
    index, label = data.get("index"), data.get("label")
    known = server.session.completions
    if isinstance(index, int) and 0 <= index < len(known) and known[index].label == label:
        item.documentation = documentation_of(known[index], server.session.profile)
    return item
