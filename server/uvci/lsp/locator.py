"""Where the files of one repository are for the editor: their URIs, lines and versions."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pygls.uris import from_fs_path

from uvci.lsp.documents import OpenDocument
from uvci.text.lines import LineIndex


class RepositoryLocator:
    """The files under `root`: `documents` are those open in the editor, by path."""

    def __init__(
        self,
        root: Path,
        documents: Mapping[str, OpenDocument],
        read: Callable[[str], str | None],
    ) -> None:
        self._root = root
        self._documents = documents
        self._read = read
        self._lines: dict[str, LineIndex] = {}

    def uri(self, path: str) -> str:
        """The URI the editor knows the file by, as the editor spells it where it is open."""
        if document := self._documents.get(path):
            return document.uri
        return from_fs_path(str(self._root / path)) or ""

    def lines(self, path: str) -> LineIndex:
        """The line index of the file's text; empty for a file that cannot be read."""
        if document := self._documents.get(path):
            return document.lines
        if path not in self._lines:
            self._lines[path] = LineIndex(self._read(path) or "")
        return self._lines[path]

    def version(self, path: str) -> int | None:
        """The version of the open document, None when it is not open."""
        document = self._documents.get(path)
        return document.version if document else None
