"""What a hover asks about: the node at the cursor, and the jobs it matters to."""

from functools import cached_property

from msgspec import Struct

from uvci.features.entries import below_entry, entry_of
from uvci.features.view import View
from uvci.pipeline.model import Job
from uvci.syntax.paths import Location


class Here(Struct, frozen=True, dict=True):
    """A node of a view. `below` are its keys without the job's name or `default`."""

    view: View
    offset: int
    at: Location

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys above the node, positions in lists left out; its own key is the last one."""
        return tuple(step for step in self.at.path if isinstance(step, str))

    @property
    def entry(self) -> str | None:
        """The root entry it stands in, None for GitLab's own root keywords."""
        return entry_of(self.keys)

    @property
    def below(self) -> tuple[str, ...]:
        """The keys below the job or `default`, or from the root on."""
        return below_entry(self.keys)

    @cached_property
    def job(self) -> Job | None:
        """The job it stands in."""
        return self.view.pipeline.job(self.entry) if self.entry is not None else None

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that may read it: its own first, then all others."""
        pipeline = self.view.pipeline
        others = (job for job in (*pipeline.jobs, *pipeline.hidden) if job is not self.job)
        return (self.job, *others) if self.job else tuple(others)
