"""Initialisation and settings: what the client can do, and what its user wants."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from uvci.lsp.handlers.code_action import APPLY, apply
from uvci.lsp.handlers.diagnostics import schedule_all
from uvci.lsp.handlers.workspace_diagnostics import (
    offer_workspace_diagnostics,
    wants_workspace_diagnostics,
)
from uvci.lsp.profile import ClientProfile, profile_of
from uvci.lsp.server import UvciServer

if TYPE_CHECKING:
    from uvci.lsp.options import Options

PATIENCE = 1.0
"""Seconds that findings wait for the settings of a client."""
WATCHED = ("**/*.{yml,yaml}", "**/{pyproject.toml,uvci.toml,uv.lock,.python-version}")


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)


def initialize(server: UvciServer, params: types.InitializeParams) -> None:
    """The client introduces itself."""
    encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
    server.session.profile = profile_of(params, getattr(encoding, "value", encoding))
    server.session.raw_options = params.initialization_options
    server.protocol.creates_progress = server.session.profile.progress
    if not server.session.profile.action_literals:
        server.command(APPLY)(apply)
    if wants_workspace_diagnostics(params.initialization_options):
        offer_workspace_diagnostics(server)


def initialized(server: UvciServer, _params: types.InitializedParams) -> None:
    """The client is ready: load the rest of the server, watch files, fetch settings.

    The rest is loaded here and now: two threads that import the same modules at once would each
    see the other's unfinished ones.
    """
    _load()
    session = server.session
    if registrations := [*_registrations(session.profile)]:
        server.client_register_capability(types.RegistrationParams(registrations))
    _tell_problems(server, session.options)
    if session.profile.configuration:
        session.knows_settings = asyncio.Event()
        session.fetching = asyncio.ensure_future(_fetch_first(server, session.knows_settings))


def _load() -> None:
    # ruff: noqa: PLC0415  loaded after `initialize`
    from uvci.catalog.image_facts import image_facts
    from uvci.features import (  # noqa: F401
        actions,
        code_lens,
        completion,
        folding,
        highlights,
        hover,
        inlay_hints,
        links,
        references,
        rename,
        selection,
        symbols,
    )
    from uvci.workspace import snapshot  # noqa: F401

    image_facts()


def _registrations(profile: ClientProfile) -> Iterator[types.Registration]:
    """What the client is to tell unasked."""
    if profile.watched_files:
        yield types.Registration(
            id="uvci-files",
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(
                [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
            ),
        )
    if profile.configuration_changes:
        yield types.Registration(
            id="uvci-settings",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options=types.DidChangeConfigurationRegistrationOptions(section="uvci"),
        )


async def did_change_configuration(
    server: UvciServer, params: types.DidChangeConfigurationParams
) -> None:
    """The user changed the editor's settings."""
    if server.session.profile.configuration:
        await _fetch_configuration(server)
    else:
        _apply(server, params.settings)


async def _fetch_first(server: UvciServer, done: asyncio.Event) -> None:
    """Fetch the settings; findings wait for them, though not for ever."""
    asyncio.get_running_loop().call_later(PATIENCE, done.set)
    try:
        await _fetch_configuration(server)
    finally:
        done.set()


async def _fetch_configuration(server: UvciServer) -> None:
    asked = types.ConfigurationParams([types.ConfigurationItem(section="uvci")])
    answers = await server.workspace_configuration_async(asked)
    if answers and answers[0] is not None:
        _apply(server, answers[0])


def _apply(server: UvciServer, raw: Any) -> None:
    from uvci.lsp.options import read_options

    options, before = read_options(raw), server.session.options
    if options == before:
        return
    server.session.reconfigure(options)
    if options.problems != before.problems:
        _tell_problems(server, options)
    schedule_all(server)


def _tell_problems(server: UvciServer, options: "Options") -> None:
    if options.problems:
        message = "uvci: " + "\n".join(options.problems)
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
