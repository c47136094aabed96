"""A server with every handler in place, and the ways to connect it."""

from uvci.lsp.handlers import (
    code_action,
    code_lens,
    commands,
    completion,
    configuration,
    diagnostics,
    document_link,
    hierarchy,
    hover,
    inlay_hint,
    navigation,
    rename,
    structure,
    synchronisation,
)
from uvci.lsp.leftovers import drop_leftovers
from uvci.lsp.server import UvciServer

_HANDLERS = (
    synchronisation,
    configuration,
    diagnostics,
    completion,
    hover,
    code_action,
    commands,
    navigation,
    rename,
    structure,
    document_link,
    inlay_hint,
    code_lens,
    hierarchy,
)


def create_server() -> UvciServer:
    """A server that answers every method it knows, not yet connected."""
    server = UvciServer()
    for handler in _HANDLERS:
        handler.register(server)
    return server


def serve_stdio() -> int:
    """Serve one editor over standard input and output until it says goodbye; the exit code."""
    drop_leftovers()
    server = create_server()
    server.start_io()
    return server.protocol.exit_code


def serve_tcp(host: str, port: int) -> int:
    """Serve one editor over TCP, for debugging; the exit code."""
    drop_leftovers()
    server = create_server()
    server.start_tcp(host, port)
    return server.protocol.exit_code
