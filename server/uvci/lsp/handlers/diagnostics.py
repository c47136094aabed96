"""Findings as diagnostics: pushed after a pause in typing, or pulled by clients that ask."""

import asyncio
import json
from contextlib import suppress

from lsprotocol import types

from uvci.lsp.convert import to_diagnostic
from uvci.lsp.refresh import ask_to_refresh
from uvci.lsp.server import UvciServer
from uvci.workspace.interruption import WorkStoppedError


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    options = types.DiagnosticOptions(
        identifier="uvci", inter_file_dependencies=True, workspace_diagnostics=False
    )
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(pull)


async def diagnostics_of(server: UvciServer, uri: str) -> list[types.Diagnostic]:
    """The diagnostics of one open document; none where it is no pipeline."""
    if server.session.knows_settings is not None:
        await server.session.knows_settings.wait()
    opened, profile = server.session.opened(uri), server.session.profile
    if opened is None:
        return []
    findings = await server.compute(opened.findings)
    return [to_diagnostic(finding, opened.locator, profile) for finding in findings]


def result_id(server: UvciServer, items: list[types.Diagnostic]) -> str:
    """What stands for these diagnostics: equal for equal ones, for as long as the server runs."""
    plain = server.protocol.converter.unstructure(items)
    return f"{hash(json.dumps(plain, sort_keys=True)):x}"


async def pull(
    server: UvciServer, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    """The diagnostics of a document, or word that the client already has them."""
    items = await diagnostics_of(server, params.text_document.uri)
    new = result_id(server, items)
    if new == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=new)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=new)


def schedule(server: UvciServer, *uris: str) -> None:
    """Bring the diagnostics of everything up to date that a change of `uris` may touch."""
    session = server.session
    if session.pending is not None:
        session.pending.cancel()
    session.stale.update(uris)
    session.tell_change()
    session.pending = asyncio.ensure_future(_after_pause(server))


def schedule_all(server: UvciServer) -> None:
    """The same for every open document, once settings changed: the client cannot know which."""
    server.session.means_otherwise = True
    schedule(server, *server.session.documents)


async def _after_pause(server: UvciServer) -> None:
    await asyncio.sleep(server.session.options.diagnostics_delay / 1000)
    with server.showing("uvci: checking pipelines"), suppress(WorkStoppedError):
        await _update(server)


async def _update(server: UvciServer) -> None:
    session = server.session
    changed = frozenset(session.stale)
    affected = await server.compute(session.affected, changed)
    # The client asks again for what it edits by itself; only other open files need a nudge.
    if session.means_otherwise or affected - changed:
        ask_to_refresh(server)
    if not session.profile.pull_diagnostics:
        for uri in sorted(affected):
            await push(server, uri)
    session.stale -= changed
    session.means_otherwise = False


async def push(server: UvciServer, uri: str) -> None:
    """Publish the diagnostics of one open document."""
    session = server.session
    document = session.documents.get(uri)
    if document is None:
        return
    items = await diagnostics_of(server, uri)
    if session.documents.get(uri) is not document:
        return
    shown = (document.version, items)
    if session.published.get(uri) == shown:
        return
    session.published[uri] = shown
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(
            uri=uri,
            diagnostics=items,
            version=document.version if session.profile.diagnostic_versions else None,
        )
    )


def clear(server: UvciServer, uri: str) -> None:
    """Take a closed document's diagnostics away; pulled ones the client drops itself."""
    server.session.published.pop(uri, None)
    if not server.session.profile.pull_diagnostics:
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=[])
        )
