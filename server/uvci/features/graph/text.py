"""The graph and the cache map as text for a terminal."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from uvci.features.graph.measure import cells, printable
from uvci.features.graph.model import Access, CacheMap, CacheNode, JobGraph, JobNode

WIDTH = 80
_NAMES = 34
_GAP = 2
_USES = (
    (Access.READS | Access.WRITES, "restored and saved by"),
    (Access.READS, "only restored by"),
    (Access.WRITES, "only saved by"),
)


def picture_text(graph: JobGraph | None, caches: CacheMap | None) -> Iterator[str]:
    """The lines of what is given, one below the other."""
    if graph is not None:
        yield from graph_text(graph)
    if graph is not None and caches is not None:
        yield ""
    if caches is not None:
        yield from map_text(caches)


def graph_text(graph: JobGraph) -> Iterator[str]:
    """The lines of a job graph: each stage, its jobs, and what those wait for."""
    yield "PIPELINE"
    if not graph.stages:
        yield "  no job"
    for stage in graph.stages:
        yield ""
        yield printable(stage.name)
        yield from _table(stage.jobs, graph)


def _table(jobs: Iterable[JobNode], graph: JobGraph) -> Iterator[str]:
    listed = tuple(jobs)
    column = max((_name_width(job) for job in listed), default=0)
    for job in listed:
        yield from _row(job, column)
        waits = [each.first for each in graph.waits if each.later == job.name]
        if waits:
            yield from _listed("    after", waits)
        elif job.at_once:
            yield "    at once"


def _name_width(job: JobNode) -> int:
    width = cells(printable(job.title))
    return width if width <= _NAMES else 0


def _row(job: JobNode, column: int) -> Iterator[str]:
    name, tools = printable(job.title), job.tools
    if job.is_trigger and not tools:
        tools = "starts another pipeline"
    padding = " " * (column - cells(name) + _GAP)
    if not tools or (cells(name) <= column and 2 + column + _GAP + cells(tools) <= WIDTH):
        yield f"  {name}{padding}{tools}".rstrip()
        return
    yield f"  {name}"
    yield f"    {tools}"


def map_text(found: CacheMap) -> Iterator[str]:
    """The lines of a cache map: each cache with its key and paths, and who uses it."""
    yield "CACHES"
    if not found.caches:
        yield "  no job has a cache"
    for cache in found.caches:
        yield ""
        yield from _cache(cache, found)
    if found.uncached:
        yield ""
        yield "not cached"
        yield from _listed("  uv downloads everything anew in", _names(found.uncached))


def _cache(cache: CacheNode, found: CacheMap) -> Iterator[str]:
    yield f"{printable(cache.key)}"
    if cache.paths:
        yield from _listed("  uv's cache:" if cache.holds_uv else "  holds", cache.paths)
    users = found.users(cache.key)
    for access, words in _USES:
        names = [each.job for each in users if each.access == access and not each.fallback]
        if names:
            yield from _listed(f"  {words}", names)
    fallbacks = [each.job for each in users if each.fallback]
    if fallbacks:
        yield from _listed("  restored for want of another by", fallbacks)


def _names(jobs: Iterable[JobNode]) -> list[str]:
    return [job.name for job in jobs]


def _listed(start: str, names: Iterable[str]) -> Iterator[str]:
    """Names behind a few words, wrapped between names as far as that is possible."""
    indent = " " * (len(start) - len(start.lstrip()) + 2)
    # A blank within a name must not break: it is put back once the lines are made.
    text = ", ".join(printable(name).replace(" ", "\x00") for name in names)
    lines = wrap(
        f"{start.lstrip()} {text}",
        WIDTH,
        initial_indent=indent[2:],
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from (line.replace("\x00", " ") for line in lines)
