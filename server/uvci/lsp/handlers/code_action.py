"""`textDocument/codeAction` and `codeAction/resolve`.

Actions are computed from the document, never from the diagnostics in the request: some clients
send those back without their source or code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from uvci.lsp.convert import to_diagnostic, to_workspace_edit
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.view import CodeAction
    from uvci.lsp.session import Opened
    from uvci.text.span import Span

APPLY = "uvci.apply"
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


async def actions_at(
    server: UvciServer, params: types.CodeActionParams
) -> list[types.CodeAction] | list[types.Command] | None:
    """What can be pressed at the selection; commands where the client knows nothing else."""
    session = server.session
    opened, profile = session.opened(params.text_document.uri), session.profile
    if opened is None:
        return None
    span = opened.document.span(params.range, profile.encoding)
    only = params.context.only
    kinds = tuple(str(getattr(one, "value", one)) for one in only) if only else None
    found = [
        action
        for action in await server.compute(_actions, opened, span, kinds)
        if not action.disabled or profile.disabled_actions
    ]
    if not profile.action_literals:
        return [await _to_command(server, opened, each) for each in found if profile.apply_edit]
    number = session.actions.keep((opened, action) for action in found)
    data = [session.actions.data(number, index) for index in range(len(found))]
    return [await _to_action(server, opened, *each) for each in zip(found, data, strict=True)]


def _actions(opened: Opened, span: Span, kinds: tuple[str, ...] | None) -> tuple[CodeAction, ...]:
    from uvci.features.actions import code_actions  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return code_actions(view, span, kinds) if view else ()


async def _to_action(
    server: UvciServer, opened: Opened, action: CodeAction, data: dict[str, int]
) -> types.CodeAction:
    profile = server.session.profile
    shown = types.CodeAction(
        title=action.title,
        kind=action.kind,
        diagnostics=[to_diagnostic(each, opened.locator, profile) for each in action.findings]
        or None,
        is_preferred=True if action.preferred and profile.preferred_actions else None,
    )
    if action.disabled:
        shown.disabled = types.CodeActionDisabled(action.disabled)
    elif profile.lazy_action_edits and profile.action_data:
        shown.data = data
    else:
        edits = await server.compute(action.edits)
        shown.edit = to_workspace_edit(edits, opened.locator, profile, action.annotate)
    return shown


async def _to_command(server: UvciServer, opened: Opened, action: CodeAction) -> types.Command:
    edits = await server.compute(action.edits)
    edit = to_workspace_edit(edits, opened.locator, server.session.profile)
    return types.Command(title=action.title, command=APPLY, arguments=[edit])


async def apply(server: UvciServer, edit: Any) -> bool:
    """Have the client make an edit of an action that it knows only as a command."""
    wanted = server.protocol.converter.structure(edit, types.WorkspaceEdit)
    asked = types.ApplyWorkspaceEditParams(wanted)
    return (await server.workspace_apply_edit_async(asked)).applied


async def resolve(server: UvciServer, action: types.CodeAction) -> types.CodeAction:
    """The edits of an action of one of the last lists."""
    known = server.session.actions.find(action.data)
    if known is not None:
        opened, found = known
        edits = await server.compute(found.edits)
        profile = server.session.profile
        action.edit = to_workspace_edit(edits, opened.locator, profile, found.annotate)
    return action
