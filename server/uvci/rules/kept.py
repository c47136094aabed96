"""Answers about a job that hold as long as its content does."""

from collections.abc import Callable, Hashable, Sequence
from itertools import count
from typing import Concatenate, Generic, ParamSpec, TypeVar

from msgspec import Struct

from uvci.pipeline.job_list import JobList
from uvci.pipeline.model import Job
from uvci.pipeline.stamps import Memory

T = TypeVar("T")
P = ParamSpec("P")
Owner = TypeVar("Owner", bound=Struct)

_MOST = 20_000
_numbers = count()


class ByContent(Generic[P, T]):
    """A function of a job that remembers its answers: see `by_content`."""

    def __init__(self, function: Callable[Concatenate[Job, P], T]) -> None:
        self._function = function
        self._memory: Memory[tuple[T]] = Memory(_MOST)
        self._answers: dict[T, int] = {}
        self._known: Memory[int] = Memory(_MOST)

    def __call__(self, job: Job, /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer about one job."""
        if not job.stamp:
            return self._function(job, *args, **kwargs)
        key = (job.name, job.stamp, args, tuple(kwargs.items()) if kwargs else ())
        found = self._memory.get(key)
        if found is None:
            found = self._memory.keep(key, (self._function(job, *args, **kwargs),))
        return found[0]

    def distinct(self: "ByContent[[], T]", jobs: Sequence[Job]) -> list[T]:
        """The different answers about many jobs, which must be hashable.

        Costs least for a list of a pipeline's jobs: those it knows of already are not looked at.
        """
        if not isinstance(jobs, JobList):
            return list(set(map(self, jobs)))
        for job in jobs.stamped(self._known.missing(jobs.stamp_set)):
            self._known.keep(job.stamp, self._answers.setdefault(self(job), next(_numbers)))
        numbers = set(self._known.all(jobs.stamps))
        if None in numbers or len(self._answers) > _MOST:  # more than can be remembered
            self._known, self._answers = Memory(_MOST), {}
            return list(set(map(self, jobs)))
        return [answer for answer, number in self._answers.items() if number in numbers]


def by_content(function: Callable[Concatenate[Job, P], T]) -> ByContent[P, T]:
    """The function with its answers kept by the job's content, over edits elsewhere.

    The answers must depend on nothing but the job and what else is given, which must be hashable;
    and must not speak of places in a text: the same content may stand somewhere else the next time.
    """
    return ByContent(function)


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
