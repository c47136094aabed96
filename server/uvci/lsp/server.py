"""The language server: one connection, its session, and one worker that computes."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import ParamSpec, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer

from uvci import __version__
from uvci.catalog.tokens import masked
from uvci.lsp.progress import Progress, current
from uvci.lsp.protocol import UvciProtocol
from uvci.lsp.session import Session

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class UvciServer(LanguageServer):
    """A server whose state changes synchronously and whose answers are computed on a snapshot."""

    protocol: UvciProtocol

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
        before its turn came is never begun, and what was begun stops at its next checkpoint.
        """
        progress, unwanted = current.get(), Event()
        if progress is not None:
            progress.task = asyncio.current_task()

        def is_unwanted() -> bool:
            return unwanted.is_set() or (progress is not None and progress.stopped.is_set())

        def run() -> T:
            from uvci.workspace.interruption import Work, at_work  # noqa: PLC0415  as in session

            with at_work(Work(is_unwanted, progress.tell if progress else _untold)):
                return function(*args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, run)
        except asyncio.CancelledError:
            unwanted.set()
            raise

    @contextmanager
    def showing(self, title: str) -> Iterator[None]:
        """What is computed inside is shown to the user as it goes on, if it takes a while."""
        able = self.session.profile.progress
        progress = Progress(self.work_done_progress, title, None, create=able)
        before = current.set(progress)
        try:
            yield
        finally:
            current.reset(before)
            progress.end()

    def report_server_error(self, error: Exception, source: type[Exception]) -> None:
        """Log a failure, and tell the user of the first one only."""
        if isinstance(error, JsonRpcMethodNotFound):
            return  # it is answered so, and newer clients ask for much
        what = masked(str(error))  # it may quote what was typed
        logger.error("%s: %s", source.__name__, what)
        if self._told_of_failure:
            return
        self._told_of_failure = True
        self.window_show_message(
            types.ShowMessageParams(
                types.MessageType.Warning,
                f"uvci {__version__} could not handle a message and goes on: {what}. "
                "The editor's log of this server has the details.",
            )
        )


def _untold(_what: str, _done: int, _total: int) -> None:
    """Nobody asked how far the work is."""
