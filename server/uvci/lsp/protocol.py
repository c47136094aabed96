"""pygls's protocol with the parts replaced that this server does itself."""

from collections.abc import Callable, Generator
from typing import Any

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol, lsp_method

Step = tuple[Callable[..., Any], tuple[Any, ...], None]


class UvciProtocol(LanguageServerProtocol):
    """Leaves open documents to `uvci.lsp.documents`: pygls's own store is never fed."""

    def _own_handler(self, method: str, params: Any) -> Generator[Step, Any, None]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Step, Any, None]:
        """A document was opened."""
        yield from self._own_handler(types.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Step, Any, None]:
        """A document was edited."""
        yield from self._own_handler(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Step, Any, None]:
        """A document was closed."""
        yield from self._own_handler(types.TEXT_DOCUMENT_DID_CLOSE, params)
