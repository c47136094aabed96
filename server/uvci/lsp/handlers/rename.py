"""`textDocument/prepareRename` and `textDocument/rename`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_range, to_workspace_edit
from uvci.lsp.refusal import RequestRefusedError
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.rename import Refused, Renamable
    from uvci.lsp.session import Opened
    from uvci.rules.rule import FileEdit


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(prepare)
    server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))(rename)


async def prepare(
    server: UvciServer, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The name at the cursor; an error with the reason where it has to stay."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found = await server.compute(_prepare, opened, offset)
    if found is None:
        return None
    if isinstance(found, str):
        raise RequestRefusedError(found)
    lines = opened.document.lines
    return types.PrepareRenamePlaceholder(to_range(lines, found.span, profile.encoding), found.name)


async def rename(server: UvciServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The edits that give the name at the cursor another one, in all files of the pipeline."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found = await server.compute(_rename, opened, offset, params.new_name)
    if found is None:
        return None
    if not isinstance(found, tuple):
        raise RequestRefusedError(found.reason)
    return to_workspace_edit(found, opened.locator, profile)


def _prepare(opened: Opened, offset: int) -> Renamable | str | None:
    from uvci.features.rename import Refused, prepare_rename  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    found = prepare_rename(view, offset) if view else None
    return found.reason if isinstance(found, Refused) else found


def _rename(opened: Opened, offset: int, name: str) -> tuple[FileEdit, ...] | Refused | None:
    from uvci.features import rename  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return rename.rename(view, offset, name) if view else None
