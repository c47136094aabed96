"""The editor's open documents, kept by the server itself.

pygls has a document store of its own, but its lines also end at characters that are no line ends
in the protocol (form feed, U+2028 …), and it rewrites the ranges of a change while it applies it;
see `uvci.lsp.protocol`, which keeps it from applying any.
"""

from collections.abc import Iterable
from functools import cached_property

from lsprotocol import types
from msgspec import Struct

from uvci.text.edits import TextEdit, apply_edits
from uvci.text.lines import Encoding, LineIndex
from uvci.text.span import Span


class OpenDocument(Struct, frozen=True, dict=True):
    """One open document; a change makes a new one."""

    uri: str
    language: str
    version: int
    text: str

    @cached_property
    def lines(self) -> LineIndex:
        """Where its lines begin."""
        return LineIndex(self.text)

    def offset(self, position: types.Position, encoding: Encoding) -> int:
        """The code point offset of a protocol position, clamped to the line it names."""
        return self.lines.offset(position.line, position.character, encoding)

    def span(self, range_: types.Range, encoding: Encoding) -> Span:
        """The span of a protocol range; a reversed range is read the right way round."""
        ends = (self.offset(range_.start, encoding), self.offset(range_.end, encoding))
        return Span(min(ends), max(ends))

    def changed(
        self,
        changes: Iterable[types.TextDocumentContentChangeEvent],
        version: int,
        encoding: Encoding,
    ) -> "OpenDocument":
        """The document after `changes`, each of which speaks of the text after the one before."""
        document = self
        for change in changes:
            text = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                edit = TextEdit(document.span(change.range, encoding), change.text)
                text = apply_edits(document.text, [edit])
            document = OpenDocument(self.uri, self.language, version, text)
        return document
