"""Word to the client that what it shows has changed, though it edited nothing there itself."""

from lsprotocol import types

from uvci.lsp.server import UvciServer


def ask_to_refresh(server: UvciServer) -> None:
    """Have the client ask anew for whatever it keeps of any document, as far as it can.

    Source: LSP 3.17, `workspace/…/refresh`: each is of the whole workspace, so it is sent only
    where a file, a setting or an edit elsewhere changed what a document means.
    """
    profile = server.session.profile
    pulls = profile.pull_diagnostics and profile.refresh_diagnostics
    wanted = {
        types.WORKSPACE_DIAGNOSTIC_REFRESH: pulls,
        types.WORKSPACE_INLAY_HINT_REFRESH: profile.refresh_hints,
        types.WORKSPACE_CODE_LENS_REFRESH: profile.refresh_lenses,
    }
    for method, is_wanted in wanted.items():
        if is_wanted:
            server.protocol.send_request(method, None)
