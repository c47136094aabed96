"""What a picture of a pipeline shows, in the words it shows it in."""

from enum import Flag, auto

from msgspec import Struct


class JobNode(Struct, frozen=True):
    """One job. `uv` and `python` list the versions it runs, `?` for one that is not known.

    Both are empty where the job has none. `copies` is how many jobs `parallel` makes of it.
    `at_once` tells that it waits for nothing: `needs: []`.
    """

    name: str
    uv: str = ""
    python: str = ""
    copies: int = 1
    at_once: bool = False
    is_trigger: bool = False

    @property
    def tools(self) -> str:
        """The versions of uv and Python in one line, empty where there is neither."""
        uv = f"uv {self.uv}" if self.uv else ""
        python = f"Python {self.python}" if self.python else ""
        return ", ".join(part for part in (uv, python) if part)

    @property
    def title(self) -> str:
        """The name, with how often it runs."""
        return f"{self.name} \N{MULTIPLICATION SIGN}{self.copies}" if self.copies > 1 else self.name


class Wait(Struct, frozen=True):
    """The job `later` waits for the job `first`, by `needs`."""

    first: str
    later: str
    optional: bool = False


class StageColumn(Struct, frozen=True):
    """One stage and its jobs, in pipeline order."""

    name: str
    jobs: tuple[JobNode, ...]


class JobGraph(Struct, frozen=True):
    """The stages that have jobs, and the `needs` between those."""

    stages: tuple[StageColumn, ...]
    waits: tuple[Wait, ...] = ()

    @property
    def jobs(self) -> tuple[JobNode, ...]:
        """All jobs, by stage."""
        return tuple(job for stage in self.stages for job in stage.jobs)


class Access(Flag):
    """What a job does with a cache: it restores it before its scripts, it saves it after them."""

    READS = auto()
    WRITES = auto()


class CacheNode(Struct, frozen=True):
    """One cache as GitLab stores it. `key` is expanded as far as it is known, `paths` too.

    `holds_uv` tells that uv's own cache is in it.
    """

    key: str
    paths: tuple[str, ...] = ()
    holds_uv: bool = False


class CacheAccess(Struct, frozen=True):
    """A job and the key of a cache it uses; `fallback` where it reads it for want of another."""

    job: str
    key: str
    access: Access
    fallback: bool = False


class CacheMap(Struct, frozen=True):
    """The caches of a pipeline and who uses them.

    `jobs` are those with a cache, `uncached` those whose uv downloads everything anew each time.
    """

    jobs: tuple[JobNode, ...] = ()
    caches: tuple[CacheNode, ...] = ()
    accesses: tuple[CacheAccess, ...] = ()
    uncached: tuple[JobNode, ...] = ()

    def users(self, key: str) -> tuple[CacheAccess, ...]:
        """Who uses the cache under `key`, in pipeline order."""
        return tuple(each for each in self.accesses if each.key == key)
