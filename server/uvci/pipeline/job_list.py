"""The jobs of a pipeline, each made when it is looked at."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import overload

from uvci.pipeline.model import Job
from uvci.pipeline.stamps import Stamp


class JobList(Sequence[Job]):
    """Jobs by number and by name. `stamps` are theirs, in the order of `names`.

    What is asked of all jobs costs least where it is asked of their `names` and `stamps`: a long
    pipeline then makes those only of which there is something to say.
    """

    def __init__(
        self, names: Sequence[str], stamps: Sequence[Stamp], make: Callable[[str], Job]
    ) -> None:
        self.names = names
        self.stamps = stamps
        self._make = make

    @cached_property
    def stamp_set(self) -> frozenset[Stamp]:
        """The stamps; each is that of one job, as what it stands for holds the job's name."""
        return frozenset(self.stamps)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}

    def get(self, name: str) -> Job | None:
        """The job of that name."""
        return self._make(name) if name in self._numbers else None

    def chosen(self, names: Collection[str]) -> "JobList":
        """The jobs of these names, in the order of this list."""
        known = self._numbers
        return self._some(sorted([known[name] for name in names if name in known]))

    def without(self, stamps: Collection[Stamp]) -> "JobList":
        """All jobs but those with one of these stamps."""
        if self.stamp_set.isdisjoint(stamps):
            return self
        return self._some([at for at, own in enumerate(self.stamps) if own not in stamps])

    def _some(self, numbers: Sequence[int]) -> "JobList":
        names, stamps = self.names, self.stamps
        return JobList([names[at] for at in numbers], [stamps[at] for at in numbers], self._make)

    def stamped(self, stamps: Collection[object]) -> list[Job]:
        """The jobs with one of these stamps."""
        if not stamps:
            return []
        return [self[at] for at, own in enumerate(self.stamps) if own in stamps]

    @overload
    def __getitem__(self, number: int) -> Job: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Job]: ...
    def __getitem__(self, number: int | slice) -> Job | Sequence[Job]:
        if isinstance(number, slice):
            return [self._make(name) for name in self.names[number]]
        return self._make(self.names[number])

    def __iter__(self) -> Iterator[Job]:
        return map(self._make, self.names)

    def __len__(self) -> int:
        return len(self.names)
