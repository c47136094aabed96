"""An editor for tests: real capabilities of a real client, over the wire, answers in offsets."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from json import loads
from pathlib import Path
from typing import Any

from lsprotocol import converters, types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

PROFILES = (
    "emacs_v29.1",
    "neovim_v0.6.1",
    "neovim_v0.7.0",
    "neovim_v0.8.0",
    "neovim_v0.9.1",
    "neovim_v0.10.0",
    "neovim_v0.11.0",
    "visual_studio_code_v1.65.2",
)
ENCODINGS = ("utf-8", "utf-16", "utf-32")
REFRESHES = (
    types.WORKSPACE_DIAGNOSTIC_REFRESH,
    types.WORKSPACE_INLAY_HINT_REFRESH,
    types.WORKSPACE_CODE_LENS_REFRESH,
)
SERVER = (sys.executable, "-m", "uvci", "server")
SECONDS = 60


def load_profile(name: str) -> types.InitializeParams:
    """What that client sent when it introduced itself."""
    raw = loads(files("pytest_lsp.clients").joinpath(f"{name}.json").read_text())
    return converters.get_converter().structure(raw, types.InitializeParams)


@dataclass
class Editor:
    """One open connection; positions are counted by Python's own encoders, not by the server's."""

    client: LanguageClient
    root: Path
    encoding: str
    pull: bool
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    published: dict[str, asyncio.Queue[types.PublishDiagnosticsParams]] = field(
        default_factory=dict
    )
    shown: list[types.ShowMessageParams] = field(default_factory=list)
    registered: list[types.RegistrationParams] = field(default_factory=list)
    created: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    refreshed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    edits: list[types.WorkspaceEdit] = field(default_factory=list)
    reports: dict[Any, asyncio.Queue[Any]] = field(default_factory=dict)
    capabilities: types.ServerCapabilities = field(default_factory=types.ServerCapabilities)

    def uri(self, path: str = ".gitlab-ci.yml") -> str:
        return (self.root / path).as_uri()

    def document(self, path: str = ".gitlab-ci.yml") -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def queue(self, uri: str) -> asyncio.Queue[types.PublishDiagnosticsParams]:
        return self.published.setdefault(uri, asyncio.Queue())

    def progress(self, token: str) -> asyncio.Queue[Any]:
        """What the server told about its work under that token."""
        return self.reports.setdefault(token, asyncio.Queue())

    def open(self, text: str, path: str = ".gitlab-ci.yml", language: str = "yaml") -> None:
        self.texts[path], self.versions[path] = text, 0
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(self.uri(path), language, 0, text)
            )
        )

    def change(self, start: int, end: int, new: str, path: str = ".gitlab-ci.yml") -> None:
        """Replace a range given in code points."""
        text = self.texts[path]
        range_ = types.Range(self.position(start, path), self.position(end, path))
        self.texts[path] = text[:start] + new + text[end:]
        self.versions[path] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(
                    uri=self.uri(path), version=self.versions[path]
                ),
                [types.TextDocumentContentChangePartial(range=range_, text=new)],
            )
        )

    def replace(self, text: str, path: str = ".gitlab-ci.yml") -> None:
        self.change(0, len(self.texts[path]), text, path)

    def position(self, offset: int, path: str = ".gitlab-ci.yml") -> types.Position:
        before = re.split(r"\r\n|\n|\r", self.texts[path][:offset])
        unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        codec = self.encoding if self.encoding == "utf-8" else f"{self.encoding}-le"
        return types.Position(len(before) - 1, len(before[-1].encode(codec)) // unit)

    def offset(self, position: types.Position, path: str = ".gitlab-ci.yml") -> int:
        lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", self.texts[path])
        start = sum(map(len, lines[: position.line]))
        unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        codec = self.encoding if self.encoding == "utf-8" else f"{self.encoding}-le"
        line = lines[position.line] if position.line < len(lines) else ""
        head = line.encode(codec)[: position.character * unit]
        return start + len(head.decode(codec))

    def text_at(self, range_: types.Range, path: str = ".gitlab-ci.yml") -> str:
        return self.texts[path][self.offset(range_.start, path) : self.offset(range_.end, path)]

    async def diagnostics(self, path: str = ".gitlab-ci.yml") -> list[types.Diagnostic]:
        """The diagnostics of the text as it is now, pulled or awaited."""
        if self.pull:
            report = await self.client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(self.document(path))
            )
            return list(getattr(report, "items", []))
        while True:
            got = await asyncio.wait_for(self.queue(self.uri(path)).get(), SECONDS)
            if got.version in (None, self.versions.get(path)):
                return list(got.diagnostics)

    async def complete(self, offset: int, path: str = ".gitlab-ci.yml") -> list[Any]:
        found = await self.client.text_document_completion_async(
            types.CompletionParams(self.document(path), self.position(offset, path))
        )
        return list(found.items) if isinstance(found, types.CompletionList) else list(found or [])

    async def hover(self, offset: int, path: str = ".gitlab-ci.yml") -> types.Hover | None:
        return await self.client.text_document_hover_async(
            types.HoverParams(self.document(path), self.position(offset, path))
        )

    async def actions(
        self, start: int, end: int, only: list[str] | None = None, path: str = ".gitlab-ci.yml"
    ) -> list[types.CodeAction]:
        range_ = types.Range(self.position(start, path), self.position(end, path))
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                self.document(path), range_, types.CodeActionContext(diagnostics=[], only=only)
            )
        )
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def applied(self, action: types.CodeAction, path: str = ".gitlab-ci.yml") -> str:
        """The text after an action, resolved first where it came without edits."""
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        assert action.edit is not None
        return self.edited(action.edit, path)

    def edited(self, edit: types.WorkspaceEdit, path: str = ".gitlab-ci.yml") -> str:
        edits: list[Any] = list((edit.changes or {}).get(self.uri(path), []))
        for change in edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            if change.text_document.uri == self.uri(path):
                assert change.text_document.version == self.versions[path]
                edits += change.edits
        text = self.texts[path]
        for one in sorted(edits, key=lambda one: self.offset(one.range.start, path), reverse=True):
            start, end = (self.offset(at, path) for at in (one.range.start, one.range.end))
            text = text[:start] + one.new_text + text[end:]
        return text


def listen(this: Editor) -> None:
    """Have the client keep what the server sends unasked."""
    client = this.client
    own = {
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
        types.WINDOW_SHOW_MESSAGE,
        types.WINDOW_WORK_DONE_PROGRESS_CREATE,
        types.PROGRESS,
        types.WORKSPACE_APPLY_EDIT,
        *REFRESHES,
    }
    register_lsp_features(
        client, {name: do for name, do in DEFAULT_CLIENT_FEATURES.items() if name not in own}
    )

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _published(got: types.PublishDiagnosticsParams) -> None:
        this.queue(got.uri).put_nowait(got)

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def _shown(got: types.ShowMessageParams) -> None:
        this.shown.append(got)

    @client.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
    def _created(got: types.WorkDoneProgressCreateParams) -> None:
        this.created.put_nowait(str(got.token))

    @client.feature(types.PROGRESS)
    def _progressed(got: types.ProgressParams) -> None:
        this.progress(str(got.token)).put_nowait(got.value)

    @client.feature(types.WORKSPACE_APPLY_EDIT)
    def _edited(got: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        this.edits.append(got.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def refreshed_by(method: str) -> Callable[[Any], None]:
        return lambda _: this.refreshed.put_nowait(method)

    for method in REFRESHES:
        client.feature(method)(refreshed_by(method))

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _registered(got: types.RegistrationParams) -> None:
        this.registered.append(got)


@asynccontextmanager
async def editor(  # noqa: PLR0913  what a client may say of itself, each by name
    root: Path,
    profile: str = "neovim_v0.11.0",
    encoding: str = "utf-16",
    *,
    pull: bool | None = None,
    options: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    experimental: dict[str, Any] | None = None,
    adapt: Callable[[types.ClientCapabilities], object] | None = None,
) -> AsyncIterator[Editor]:
    """A connected editor; `pull` overrides how the profile gets its diagnostics.

    `settings` are what it answers besides `options` when it is asked. `adapt` changes what else the
    client says that it can.
    """
    params = load_profile(profile)
    general = params.capabilities.general or types.GeneralClientCapabilities()
    general.position_encodings = [types.PositionEncodingKind(encoding)]
    params.capabilities.general = general
    document = params.capabilities.text_document
    assert document is not None
    if pull is not None:
        document.diagnostic = types.DiagnosticClientCapabilities() if pull else None
    params.root_uri, params.root_path, params.process_id = root.as_uri(), str(root), os.getpid()
    params.workspace_folders = [types.WorkspaceFolder(root.as_uri(), root.name)]
    params.capabilities.experimental = experimental
    if adapt is not None:
        adapt(params.capabilities)
    params.initialization_options = {"diagnosticsDelay": 0, **(options or {})}
    client = LanguageClient(converter_factory=default_converter)
    client.set_configuration({**params.initialization_options, **(settings or {})}, section="uvci")
    this = Editor(client, root, encoding, document.diagnostic is not None)

    listen(this)
    await client.start_io(*SERVER)
    result = await client.initialize_session(params)
    assert str(result.capabilities.position_encoding) == encoding
    this.capabilities = result.capabilities
    try:
        yield this
    finally:
        await client.shutdown_session()
        await client.stop()
