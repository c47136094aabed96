"""What one connection knows: open documents, a snapshot per repository, the client's profile.

The workspace is loaded with the first document, not with this module: see `uvci.lsp.convert`.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace
from pygls.uris import to_fs_path

from uvci.lsp.locator import RepositoryLocator
from uvci.lsp.profile import ClientProfile
from uvci.lsp.recent import Recent

if TYPE_CHECKING:
    import asyncio

    from lsprotocol import types

    from uvci.features.view import CodeAction, CompletionItem, View
    from uvci.lsp.documents import OpenDocument
    from uvci.lsp.options import Options
    from uvci.rules.rule import Finding
    from uvci.workspace.snapshot import Snapshot


class FileAt(Struct, frozen=True):
    """A file of a repository: `root` is the folder, `path` posix and relative to it."""

    root: Path
    path: str


class Opened(Struct, frozen=True):
    """An open document in the snapshot of one moment: what a request is answered from."""

    document: OpenDocument
    snapshot: Snapshot
    path: str
    locator: RepositoryLocator
    keywords: bool

    def view(self) -> View | None:
        """The document within its pipeline; None where it is no pipeline."""
        view = self.snapshot.view(self.path)
        return replace(view, gitlab_keywords=self.keywords) if view else None

    def findings(self) -> tuple[Finding, ...]:
        """What is wrong in the document."""
        return self.snapshot.findings(self.path)


class Session(Struct, dict=True):
    """Mutable only from the event loop; every value in it is swapped whole.

    `stale` are the documents and files whose change is not yet answered for; `means_otherwise`
    tells that settings changed besides, which an editor asks nothing about by itself.
    """

    profile: ClientProfile = field(default_factory=ClientProfile)
    raw_options: Any = None
    documents: dict[str, OpenDocument] = field(default_factory=dict)
    snapshots: dict[Path, Snapshot] = field(default_factory=dict)
    published: dict[str, tuple[int, list[types.Diagnostic]]] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    means_otherwise: bool = False
    pending: asyncio.Task[None] | None = None
    fetching: asyncio.Task[None] | None = None
    knows_settings: asyncio.Event | None = None
    changing: asyncio.Future[None] | None = None
    completions: Recent[CompletionItem] = field(default_factory=Recent)
    actions: Recent[tuple[Opened, CodeAction]] = field(default_factory=Recent)
    _files: dict[str, FileAt | None] = field(default_factory=dict)

    @cached_property
    def options(self) -> Options:
        """The settings the client sent when it introduced itself, until it sends others."""
        from uvci.lsp.options import read_options  # noqa: PLC0415  loaded after `initialize`

        return read_options(self.raw_options)

    def file(self, uri: str) -> FileAt | None:
        """Which file of which repository a URI means; None for what is on no disk."""
        if uri not in self._files:
            self._files[uri] = _locate(uri)
        return self._files[uri]

    def snapshot(self, root: Path) -> Snapshot:
        """The repository's present state."""
        if root not in self.snapshots:
            from uvci.workspace.snapshot import Snapshot  # noqa: PLC0415  as above

            self.snapshots[root] = Snapshot.open(root, self.options.settings.over)
        return self.snapshots[root]

    def opened(self, uri: str) -> Opened | None:
        """The open document of that URI as it is now; None where it is not open, or on no disk."""
        document, file = self.documents.get(uri), self.file(uri)
        if document is None or file is None:
            return None
        snapshot, where = self.snapshot(file.root), self.locator(file.root)
        return Opened(document, snapshot, file.path, where, self.offers_keywords)

    @property
    def offers_keywords(self) -> bool:
        """Whether GitLab's own keywords are offered: as set, else unless another server does."""
        wanted = self.options.gitlab_keywords
        return not self.profile.knows_keywords if wanted is None else wanted

    def locator(self, root: Path) -> RepositoryLocator:
        """Where the files of a repository are for the editor now."""
        open_here = {
            at.path: document
            for uri, document in self.documents.items()
            if (at := self.file(uri)) and at.root == root
        }
        return RepositoryLocator(root, open_here, self.snapshot(root).files().read)

    def next_change(self) -> asyncio.Future[None]:
        """Done as soon as any document, file or setting is another than now."""
        from asyncio import get_running_loop  # noqa: PLC0415  only clients that wait ask for it

        if self.changing is None or self.changing.done():
            self.changing = get_running_loop().create_future()
        return self.changing

    def tell_change(self) -> None:
        """Something is another than before."""
        if self.changing is not None and not self.changing.done():
            self.changing.set_result(None)

    def put(self, document: OpenDocument) -> None:
        """An open document has this text now."""
        self.documents[document.uri] = document
        if file := self.file(document.uri):
            snapshot = self.snapshot(file.root)
            self.snapshots[file.root] = snapshot.with_buffer(file.path, document.text)

    def drop(self, uri: str) -> None:
        """A document was closed."""
        self.documents.pop(uri, None)
        if file := self.file(uri):
            self.snapshots[file.root] = self.snapshot(file.root).without_buffer(file.path)

    def changed_on_disk(self, uris: tuple[str, ...]) -> None:
        """Files were written, made or deleted."""
        by_root: dict[Path, list[str]] = {}
        for uri in uris:
            file = self.file(uri)
            if file and file.root in self.snapshots:
                by_root.setdefault(file.root, []).append(file.path)
        for root, paths in by_root.items():
            self.snapshots[root] = self.snapshots[root].with_changed_files(paths)

    def reconfigure(self, options: Options) -> None:
        """The client's settings changed."""
        self.options = options
        for root, snapshot in self.snapshots.items():
            self.snapshots[root] = snapshot.with_override(options.settings.over)

    def affected(self, changed: frozenset[str]) -> frozenset[str]:
        """The open documents whose findings a change of these files may change."""
        files = [file for uri in changed if (file := self.file(uri))]
        touched = {
            FileAt(file.root, path)
            for file in files
            for path in (file.path, *self.snapshot(file.root).dependents(file.path))
        }
        return frozenset(uri for uri in tuple(self.documents) if self.file(uri) in touched)


def _locate(uri: str) -> FileAt | None:
    name = to_fs_path(uri) if uri.startswith("file:") else None
    if not name:
        return None
    from uvci.workspace.repository import find_repository  # noqa: PLC0415  as above

    place = Path(os.path.realpath(name))
    root = find_repository(place)
    return FileAt(root, place.relative_to(root).as_posix())
