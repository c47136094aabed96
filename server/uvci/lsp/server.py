"""The language server: one connection, its session, and one worker that computes."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from uvci import __version__
from uvci.lsp.protocol import UvciProtocol
from uvci.lsp.refusal import RequestRefusedError
from uvci.lsp.session import Session

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class UvciServer(LanguageServer):
    """A server whose state changes synchronously and whose answers are computed on a snapshot."""

    def __init__(self) -> None:
        super().__init__(
            "uvci",
            __version__,
            protocol_cls=UvciProtocol,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
        )
        self.session = Session()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="uvci")
        self._told_of_failure = False

    async def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's answer, computed off the event loop, one at a time.

        The loop stays free to read a cancellation or an edit meanwhile; work that was cancelled
        before its turn came is never begun.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, lambda: function(*args, **kwargs))

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """Log a failure, and tell the user of the first one only."""
        if isinstance(error, RequestRefusedError):
            return
        logger.error("%s: %s", source.__name__, error)
        if self._told_of_failure:
            return
        self._told_of_failure = True
        self.window_show_message(
            types.ShowMessageParams(
                types.MessageType.Warning,
                f"uvci {__version__} could not handle a message and goes on: {error}. "
                "The editor's log of this server has the details.",
            )
        )
