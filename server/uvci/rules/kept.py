"""Answers about a job that hold as long as its content does."""

from collections.abc import Callable, Hashable
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from uvci.pipeline.model import Job
from uvci.pipeline.stamps import Memory

T = TypeVar("T")
P = ParamSpec("P")
Owner = TypeVar("Owner", bound=Struct)

_MOST = 20_000


def by_content(function: Callable[Concatenate[Job, P], T]) -> Callable[Concatenate[Job, P], T]:
    """The function with its answers kept by the job's content, over edits elsewhere.

    The answers must depend on nothing but the job and what else is given, which must be hashable;
    and must not speak of places in a text: the same content may stand somewhere else the next time.
    """
    memory: Memory[tuple[T]] = Memory(_MOST)

    def kept(job: Job, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not job.stamp:
            return function(job, *args, **kwargs)
        key = (job.name, job.stamp, args, tuple(kwargs.items()) if kwargs else ())
        found = memory.get(key) or memory.keep(key, (function(job, *args, **kwargs),))
        return found[0]

    return kept


def by_owner(function: Callable[Concatenate[Owner, P], T]) -> Callable[Concatenate[Owner, P], T]:
    """The function with its answers kept with the very job, variant or run they are about.

    They live as long as that does, and unlike those of `by_content` may speak of places. What the
    function is given besides must be hashable, and the owner a struct with a dictionary.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    def kept(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known: dict[Hashable, T] = vars(owner).setdefault(name, {})
        key = (args, tuple(kwargs.items())) if kwargs else args
        if key not in known:
            known[key] = function(owner, *args, **kwargs)
        return known[key]

    return kept
