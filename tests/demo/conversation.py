"""A scripted conversation with the language server, printed as an author would see it.

Run by `make demo`; it opens the pipeline beside it the way an editor does, over the wire.
"""

import asyncio
import sys
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import BaseLanguageClient

HERE = Path(__file__).resolve().parent
PIPELINE = HERE / ".gitlab-ci.yml"
CAPABILITIES = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText]),
        code_action=types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                code_action_kind=types.ClientCodeActionKindOptions(value_set=[])
            ),
            is_preferred_support=True,
        ),
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(),
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
)


class Editor:
    """The little of an editor that the conversation needs."""

    def __init__(self, text: str) -> None:
        self.client = BaseLanguageClient("demo", "1")
        self.text = text
        self.uri = PIPELINE.as_uri()
        self.published: asyncio.Queue[list[types.Diagnostic]] = asyncio.Queue()
        self.version = 0

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _published(params: types.PublishDiagnosticsParams) -> None:
            if params.uri == self.uri:
                self.published.put_nowait(list(params.diagnostics))

    async def start(self) -> None:
        """Start the server and open the pipeline."""
        await self.client.start_io(sys.executable, "-m", "uvci", "server")
        await self.client.initialize_async(
            types.InitializeParams(
                capabilities=CAPABILITIES,
                root_uri=HERE.as_uri(),
                workspace_folders=[types.WorkspaceFolder(HERE.as_uri(), "demo")],
            )
        )
        self.client.initialized(types.InitializedParams())
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(self.uri, "yaml", self.version, self.text)
            )
        )

    def position_after(self, needle: str) -> types.Position:
        """The place right behind the first `needle`."""
        before = self.text[: self.text.index(needle) + len(needle)]
        return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)

    @property
    def document(self) -> types.TextDocumentIdentifier:
        """The open pipeline."""
        return types.TextDocumentIdentifier(self.uri)

    def replace(self, text: str) -> None:
        """Edit the whole text."""
        self.text, self.version = text, self.version + 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )


def heading(text: str) -> None:
    """Say what the author does next."""
    print(f"\n\N{BLACK RIGHT-POINTING TRIANGLE} {text}")


def show_diagnostics(diagnostics: list[types.Diagnostic]) -> None:
    """Print diagnostics, one line each."""
    for diagnostic in diagnostics:
        severity = diagnostic.severity.name.lower() if diagnostic.severity else ""
        first = diagnostic.message.splitlines()[0]
        print(f"  {diagnostic.range.start.line + 1:>3}  {severity:<11} {diagnostic.code}  {first}")


async def converse() -> None:
    """Open, hover, complete, fix."""
    editor = Editor(PIPELINE.read_text(encoding="utf-8"))
    await editor.start()
    heading("open the pipeline: its diagnostics")
    diagnostics = await editor.published.get()
    show_diagnostics(diagnostics)

    heading("hover over PYTHON_VERSION")
    hover = await editor.client.text_document_hover_async(
        types.HoverParams(editor.document, editor.position_after("PYTHON_VERS"))
    )
    if hover and isinstance(hover.contents, types.MarkupContent):
        print("  " + hover.contents.value.replace("\n", "\n  "))

    heading("type `image: ghcr.io/astral-sh/uv:` in a new job and complete")
    saved = editor.text
    editor.replace(saved + "\nnew:\n  image: ghcr.io/astral-sh/uv:")
    completions = await editor.client.text_document_completion_async(
        types.CompletionParams(
            editor.document, editor.position_after("\nnew:\n  image: ghcr.io/astral-sh/uv:")
        )
    )
    items = completions.items if isinstance(completions, types.CompletionList) else completions
    for item in (items or [])[:6]:
        print(f"  {item.label:<28} {item.detail or ''}")
    editor.replace(saved)

    heading("ask for code actions on the job that has a cache nobody saves")
    at = editor.position_after("- ~/.cache/uv")
    actions = await editor.client.text_document_code_action_async(
        types.CodeActionParams(
            editor.document, types.Range(at, at), types.CodeActionContext(diagnostics=[])
        )
    )
    for action in actions or []:
        mark = "*" if getattr(action, "is_preferred", None) else " "
        print(f"  {mark} {action.title}")

    await editor.client.shutdown_async(None)
    editor.client.exit(None)
    await editor.client.stop()


if __name__ == "__main__":
    asyncio.run(converse())
