"""`workspace/diagnostic`: the findings of every pipeline of the workspace, open or not.

Offered to clients that ask for it when they introduce themselves (`workspaceDiagnostics`): they
show much more then than the files at hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path

from uvci.lsp.convert import to_diagnostic
from uvci.lsp.handlers.diagnostics import result_id
from uvci.lsp.progress import current
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

_OPTION = "workspaceDiagnostics"


def wants_workspace_diagnostics(raw: Any) -> bool:
    """Whether a client asks for them in its initialization options, with or without a section."""
    inner = raw.get("uvci", raw) if isinstance(raw, Mapping) else None
    return isinstance(inner, Mapping) and inner.get(_OPTION) is True


def offer_workspace_diagnostics(server: UvciServer) -> None:
    """Make the server answer the method, for a client that asked for it."""
    server.feature(types.WORKSPACE_DIAGNOSTIC)(pull_workspace)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_folders)


def did_change_folders(server: UvciServer, _params: types.DidChangeWorkspaceFoldersParams) -> None:
    """There are more files to tell of, or fewer."""
    server.session.tell_change()


async def pull_workspace(
    server: UvciServer, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """The diagnostics of all pipeline files; waits until there is something new to tell.

    A client that gives a token for partial results gets those of each file once it is checked.
    """
    known = {each.uri: each.value for each in params.previous_result_ids}
    token = params.partial_result_token
    while True:
        changed = server.session.next_change()
        items = [each async for each in _reports(server, known, token)]
        news = any(isinstance(one, types.WorkspaceFullDocumentDiagnosticReport) for one in items)
        if news or not known:
            return types.WorkspaceDiagnosticReport([] if token is not None else items)
        await asyncio.shield(changed)


async def _reports(
    server: UvciServer, known: Mapping[str, str], token: types.ProgressToken | None
) -> AsyncIterator[types.WorkspaceDocumentDiagnosticReport]:
    """A report for each file, told under the token at once where it is news."""
    seen: set[str] = set()
    async for uri, version, items in _diagnostics(server):
        seen.add(uri)
        yield _told(server, token, _report(server, uri, version, items, known.get(uri)))
    for uri in sorted(known.keys() - seen):  # it is gone, or no pipeline any more
        yield _told(server, token, _report(server, uri, None, [], known[uri]))


def _told(
    server: UvciServer,
    token: types.ProgressToken | None,
    report: types.WorkspaceDocumentDiagnosticReport,
) -> types.WorkspaceDocumentDiagnosticReport:
    if token is not None and isinstance(report, types.WorkspaceFullDocumentDiagnosticReport):
        part = types.WorkspaceDiagnosticReportPartialResult([report])
        server.protocol.notify(types.PROGRESS, types.ProgressParams(token, part))
    return report


async def _diagnostics(
    server: UvciServer,
) -> AsyncIterator[tuple[str, int | None, list[types.Diagnostic]]]:
    """Address, version and diagnostics of each file; other requests get their turn in between."""
    session, progress = server.session, current.get()
    for root in _repositories(server):
        snapshot, where = session.snapshot(root), session.locator(root)
        paths = await server.compute(snapshot.pipeline_files)
        for done, path in enumerate(paths):
            if progress is not None:
                progress.tell(path, done, len(paths))
            findings = await server.compute(snapshot.findings, path)
            items = [to_diagnostic(each, where, session.profile) for each in findings]
            yield where.uri(path), where.version(path), items


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


def _repositories(server: UvciServer) -> list[Path]:
    from uvci.workspace.repository import find_repository  # noqa: PLC0415  as above

    folders = [to_fs_path(uri) for uri in server.workspace.folders] or [server.workspace.root_path]
    return list(dict.fromkeys(find_repository(Path(folder)) for folder in folders if folder))
