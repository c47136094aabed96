"""Documents opened, edited and closed; files changed on disk. All of it only swaps snapshots."""

from lsprotocol import types

from uvci.lsp.documents import OpenDocument
from uvci.lsp.handlers.diagnostics import clear, schedule
from uvci.lsp.server import UvciServer


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(did_save)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)


def did_open(server: UvciServer, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened: its text now counts, whatever the disk says."""
    opened = params.text_document
    server.session.put(OpenDocument(opened.uri, opened.language_id, opened.version, opened.text))
    schedule(server, opened.uri)


def did_change(server: UvciServer, params: types.DidChangeTextDocumentParams) -> None:
    """A document was edited."""
    session = server.session
    document = session.documents.get(params.text_document.uri)
    if document is None:
        return
    version = params.text_document.version
    session.put(document.changed(params.content_changes, version, session.profile.encoding))
    schedule(server, params.text_document.uri)


def did_close(server: UvciServer, params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed: the disk counts again, and its diagnostics go away."""
    uri = params.text_document.uri
    server.session.drop(uri)
    clear(server, uri)
    schedule(server, uri)


def did_save(server: UvciServer, params: types.DidSaveTextDocumentParams) -> None:
    """A document was saved: files that are read from disk may depend on it."""
    server.session.changed_on_disk((params.text_document.uri,))
    schedule(server, params.text_document.uri)


def did_change_watched_files(server: UvciServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Files changed on disk: pyproject.toml, a lock file, an included pipeline, settings."""
    uris = tuple(change.uri for change in params.changes)
    server.session.changed_on_disk(uris)
    schedule(server, *uris)
