"""Long work that can be stopped half-way, and that tells how far it is.

What works calls `checkpoint` where it may stop: between pipelines, files and rules. What was worked
out until then is kept, half a result never is.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")


class WorkStoppedError(Exception):
    """Nobody wants the result any more."""


class Work(Struct, frozen=True):
    """Work that somebody waits for.

    `is_unwanted` tells whether it is to stop; `tell` takes what is done now, how many pieces are
    done, and of how many.
    """

    is_unwanted: Callable[[], bool]
    tell: Callable[[str, int, int], None]


_current: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def at_work(work: Work) -> Iterator[None]:
    """All that is worked out inside can be stopped by `work`, and tells it how far it is."""
    token = _current.set(work)
    try:
        yield
    finally:
        _current.reset(token)


def checkpoint() -> None:
    """Raises `WorkStoppedError` if the result of the work around is not wanted any more."""
    work = _current.get()
    if work is not None and work.is_unwanted():
        raise WorkStoppedError


def pieces(every: Iterable[T]) -> Iterator[T]:
    """The same, with a checkpoint before each."""
    for each in every:
        checkpoint()
        yield each


def counted(every: Iterable[T], name: Callable[[T], str]) -> Iterator[T]:
    """The same, with a checkpoint before each; tells its name and how many came before it."""
    listed = tuple(every)
    for done, each in enumerate(listed):
        checkpoint()
        if work := _current.get():
            work.tell(name(each), done, len(listed))
        yield each
