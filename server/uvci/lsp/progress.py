"""What the user sees of work that takes a while, and the button that stops it.

Progress is shown only for what takes longer than a blink. A client gives a token along with a
request, or it lets the server make one; it gets neither shown without.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from threading import Event
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

if TYPE_CHECKING:
    from pygls.progress import Progress as Reporter

PATIENCE = 0.2
"""Seconds of work after which it is shown."""
_PAUSE = 0.1
_TITLES = {
    types.WORKSPACE_EXECUTE_COMMAND: "reading pipelines",
    types.WORKSPACE_SYMBOL: "reading pipelines",
    types.WORKSPACE_DIAGNOSTIC: "checking pipelines",
    types.TEXT_DOCUMENT_DIAGNOSTIC: "checking pipelines",
    types.TEXT_DOCUMENT_REFERENCES: "looking for uses",
    types.TEXT_DOCUMENT_RENAME: "renaming",
}
LONG = frozenset(_TITLES)
"""The requests that are shown also to clients that give no token along, and can have one made."""


def title_of(method: str) -> str:
    """What the client is told is going on in a request."""
    return f"uvci: {_TITLES.get(method, 'reading pipelines')}"


class Progress:
    """The progress of one request, or of work that the server began by itself.

    Made and ended on the event loop; `tell` may be called from any thread. `stopped` is set once
    the user pressed the button.
    """

    def __init__(
        self, reporter: Reporter, title: str, token: types.ProgressToken | None, *, create: bool
    ) -> None:
        self.stopped = Event()
        self.task: asyncio.Task[object] | None = None
        self._reporter, self._title, self._token = reporter, title, token
        self._loop = asyncio.get_running_loop()
        self._begun = self._ended = False
        self._told = 0.0
        self._creating: asyncio.Task[None] | None = None
        shows = token is not None or create
        self._timer = self._loop.call_later(PATIENCE, self._begin) if shows else None

    def tell(self, what: str, done: int, total: int) -> None:
        """What is worked on now; `done` of `total` pieces are finished."""
        if self._timer is not None:
            self._loop.call_soon_threadsafe(self._report, what, done * 100 // max(total, 1))

    def end(self) -> None:
        """The work is done, or stopped."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        if self._begun:
            self._finish()

    def stop(self) -> None:
        """The user does not want to wait: the work ends at its next checkpoint."""
        self.stopped.set()
        if self.task is not None:
            self.task.cancel()

    def _begin(self) -> None:
        if self._token is not None:
            self._show(self._token)
        else:
            self._creating = asyncio.ensure_future(self._create())

    async def _create(self) -> None:
        token = str(uuid4())
        await self._reporter.create_async(token)
        self._token = token
        self._show(token)
        if self._ended:
            self._finish()

    def _show(self, token: types.ProgressToken) -> None:
        self._begun = True
        self._reporter.begin(
            token, types.WorkDoneProgressBegin(self._title, cancellable=True, percentage=0)
        )
        # pygls cancels this future when the user presses the button.
        self._reporter.tokens[token].add_done_callback(lambda _: self.stop())

    def _report(self, what: str, percentage: int) -> None:
        now = self._loop.time()
        if self._token is None or not self._begun or self._ended or now - self._told < _PAUSE:
            return
        self._told = now
        self._reporter.report(
            self._token, types.WorkDoneProgressReport(message=what, percentage=percentage)
        )

    def _finish(self) -> None:
        if self._token is not None:
            self._reporter.end(self._token, types.WorkDoneProgressEnd())
            self._reporter.tokens.pop(self._token, None)


current: ContextVar[Progress | None] = ContextVar("progress", default=None)
"""The progress of the request that is being answered."""
