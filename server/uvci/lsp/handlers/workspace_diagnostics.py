"""`workspace/diagnostic`: the findings of every pipeline of the workspace, open or not.

Offered to clients that ask for it when they introduce themselves (`workspaceDiagnostics`): they
show much more then than the files at hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import to_fs_path

from uvci.lsp.convert import to_diagnostic
from uvci.lsp.handlers.diagnostics import result_id
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.rules.rule import Finding
    from uvci.workspace.snapshot import Snapshot

_OPTION = "workspaceDiagnostics"


def wants_workspace_diagnostics(raw: Any) -> bool:
    """Whether a client asks for them in its initialization options, with or without a section."""
    inner = raw.get("uvci", raw) if isinstance(raw, Mapping) else None
    return isinstance(inner, Mapping) and inner.get(_OPTION) is True


async def pull_workspace(
    server: UvciServer, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """The diagnostics of all pipeline files; waits until there is something new to tell."""
    known = {each.uri: each.value for each in params.previous_result_ids}
    while True:
        changed = server.session.next_change()
        items = await _reports(server, known)
        news = any(isinstance(one, types.WorkspaceFullDocumentDiagnosticReport) for one in items)
        if news or not known:
            return types.WorkspaceDiagnosticReport(items)
        await asyncio.shield(changed)


async def _reports(
    server: UvciServer, known: Mapping[str, str]
) -> list[types.WorkspaceDocumentDiagnosticReport]:
    session = server.session
    found: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}
    for root in _repositories(server):
        snapshot, where = session.snapshot(root), session.locator(root)
        for path, findings in await server.compute(_findings, snapshot):
            items = [to_diagnostic(each, where, session.profile) for each in findings]
            found[where.uri(path)] = (where.version(path), items)
    for uri in known.keys() - found.keys():
        found[uri] = (None, [])  # it is gone, or no pipeline any more
    return [
        _report(server, uri, version, items, known.get(uri))
        for uri, (version, items) in found.items()
    ]


def _report(
    server: UvciServer,
    uri: str,
    version: int | None,
    items: list[types.Diagnostic],
    known: str | None,
) -> types.WorkspaceDocumentDiagnosticReport:
    new = result_id(server, items)
    if new == known:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, result_id=new, version=version
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, items=items, result_id=new, version=version
    )


def _findings(snapshot: Snapshot) -> list[tuple[str, tuple[Finding, ...]]]:
    from uvci.workspace.interruption import counted  # noqa: PLC0415  loaded after `initialize`

    files = counted(snapshot.pipeline_files(), str)
    return [(path, snapshot.findings(path)) for path in files]


def _repositories(server: UvciServer) -> list[Path]:
    from uvci.workspace.repository import find_repository  # noqa: PLC0415  as above

    folders = [to_fs_path(uri) for uri in server.workspace.folders] or [server.workspace.root_path]
    return list(dict.fromkeys(find_repository(Path(folder)) for folder in folders if folder))
