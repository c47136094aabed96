"""Answers about a job that hold as long as its content does."""

from collections.abc import Callable
from typing import TypeVar

from uvci.pipeline.model import Job
from uvci.pipeline.stamps import Memory

T = TypeVar("T")

_MOST = 20_000


def by_content(function: Callable[[Job], T]) -> Callable[[Job], T]:
    """The function with its answers kept by the job's content, over edits elsewhere.

    The answers must depend on nothing but the job, and must not speak of places in a text: the
    same content may stand somewhere else the next time.
    """
    memory: Memory[tuple[T]] = Memory(_MOST)

    def kept(job: Job) -> T:
        if not job.stamp:
            return function(job)
        key = (job.name, job.stamp)
        found = memory.get(key) or memory.keep(key, (function(job),))
        return found[0]

    return kept
