"""One file per protocol method; `register_all` wires them to a server."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uvci.lsp.server import UvciServer


def register_all(server: "UvciServer") -> None:
    """Make the server answer every method it knows."""
    from uvci.lsp.handlers import (  # noqa: PLC0415  each imports the server it serves
        code_action,
        completion,
        configuration,
        diagnostics,
        hover,
        synchronisation,
    )

    for module in (synchronisation, configuration, diagnostics, completion, hover, code_action):
        module.register(server)
