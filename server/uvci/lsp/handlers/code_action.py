"""`textDocument/codeAction` and `codeAction/resolve`.

Actions are computed from the document, never from the diagnostics in the request: some clients
send those back without their source or code.
"""

from lsprotocol import types

from uvci.features.view import CodeAction
from uvci.lsp.convert import to_diagnostic, to_workspace_edit
from uvci.lsp.server import UvciServer

FIX_ALL = "source.fixAll.uvci"
KINDS = (
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.RefactorExtract,
    types.CodeActionKind.RefactorInline,
    types.CodeActionKind.RefactorRewrite,
    FIX_ALL,
)


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(actions_at)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve)


def _wanted(kind: str, only: list[types.CodeActionKind | str] | None) -> bool:
    if only is None:
        return not kind.startswith("source.")
    return any(_is_kind(kind, getattr(one, "value", one)) for one in only)


def _is_kind(kind: str, prefix: str) -> bool:
    return not prefix or kind == prefix or kind.startswith(prefix + ".")


async def actions_at(
    server: UvciServer, params: types.CodeActionParams
) -> list[types.CodeAction] | None:
    """What can be pressed at the selection."""
    session = server.session
    uri = params.text_document.uri
    document, view, where = session.document(uri), session.view(uri), session.locator(uri)
    if document is None or view is None or where is None:
        return None
    from uvci.features.actions import code_actions  # noqa: PLC0415  loaded after `initialize`

    span = document.span(params.range, session.profile.encoding)
    only = params.context.only
    kinds = None if only is None else tuple(str(getattr(one, "value", one)) for one in only)
    found = [
        action
        for action in await server.compute(code_actions, view, span, kinds)
        if _wanted(action.kind, only) and (not action.disabled or session.profile.disabled_actions)
    ]
    session.actions = tuple(found)
    return [await _to_action(server, uri, index, action) for index, action in enumerate(found)]


async def _to_action(
    server: UvciServer, uri: str, index: int, action: CodeAction
) -> types.CodeAction:
    session = server.session
    profile, where = session.profile, session.locator(uri)
    if where is None:
        return types.CodeAction(title=action.title, kind=action.kind)
    lazy = profile.lazy_action_edits and profile.action_data
    return types.CodeAction(
        title=action.title,
        kind=action.kind,
        diagnostics=[to_diagnostic(finding, where, profile) for finding in action.findings] or None,
        is_preferred=True if action.preferred and profile.preferred_actions else None,
        disabled=types.CodeActionDisabled(action.disabled) if action.disabled else None,
        edit=None
        if lazy or action.disabled
        else to_workspace_edit(await server.compute(action.edits), where, profile),
        data={"uri": uri, "index": index, "title": action.title} if lazy else None,
    )


async def resolve(server: UvciServer, action: types.CodeAction) -> types.CodeAction:
    """The edits of an action of the last list."""
    data = action.data if isinstance(action.data, dict) else {}
    index, uri, known = data.get("index"), data.get("uri"), server.session.actions
    where = server.session.locator(uri) if isinstance(uri, str) else None
    if where is None or not isinstance(index, int) or not 0 <= index < len(known):
        return action
    if known[index].title == data.get("title"):
        edits = await server.compute(known[index].edits)
        action.edit = to_workspace_edit(edits, where, server.session.profile)
    return action
