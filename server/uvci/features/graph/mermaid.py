"""The graph and the cache map as a flowchart of Mermaid, which GitLab draws in Markdown.

Source: mermaid.js.org, "Flowcharts", "Entity codes to escape characters".
"""

from collections.abc import Iterator

from uvci.features.graph.measure import printable
from uvci.features.graph.model import Access, CacheAccess, CacheMap, JobGraph, JobNode

_BREAK = "<br>"
# All that a quoted label could take for its end, for an entity, for HTML or for Markdown.
_ENTITIES = {ord(letter): f"#{ord(letter)};" for letter in '"#&<>`\\*_~[](){}|;'}


def mermaid(graph: JobGraph | None, caches: CacheMap | None) -> Iterator[str]:
    """The lines of one flowchart that holds what is given."""
    yield "flowchart LR"
    ids: dict[str, str] = {}
    if graph is not None:
        yield from _stages(graph, ids)
        yield from _waits(graph, ids)
    if caches is not None:
        yield from _jobs(caches, ids)
        yield from _caches(caches, ids)


def _stages(graph: JobGraph, ids: dict[str, str]) -> Iterator[str]:
    for index, stage in enumerate(graph.stages):
        yield f"  subgraph stage{index}[{_quoted(stage.name)}]"
        for job in stage.jobs:
            yield f"    {_node(job, ids)}"
        yield "  end"


def _waits(graph: JobGraph, ids: dict[str, str]) -> Iterator[str]:
    for wait in graph.waits:
        if wait.first in ids and wait.later in ids:
            yield f"  {ids[wait.first]} {'-.->' if wait.optional else '-->'} {ids[wait.later]}"
    # Stages keep their order also where no job of one waits for a job of the other.
    for index in range(1, len(graph.stages)):
        yield f"  stage{index - 1} ~~~ stage{index}"


def _jobs(caches: CacheMap, ids: dict[str, str]) -> Iterator[str]:
    for job in (*caches.jobs, *caches.uncached):
        if job.name not in ids:
            yield f"  {_node(job, ids)}"


def _caches(caches: CacheMap, ids: dict[str, str]) -> Iterator[str]:
    names = {cache.key: f"cache{index}" for index, cache in enumerate(caches.caches)}
    for cache in caches.caches:
        what = ("uv's cache: " if cache.holds_uv else "") + ", ".join(cache.paths)
        yield f"  {names[cache.key]}[({_quoted(cache.key, what)})]"
    yield from (f"  {_access(each, ids[each.job], names[each.key])}" for each in caches.accesses)
    if caches.uncached:
        yield "  classDef uncached stroke-dasharray: 4 3"
        yield f"  class {','.join(ids[job.name] for job in caches.uncached)} uncached"


def _access(each: CacheAccess, job: str, cache: str) -> str:
    if each.fallback:
        return f"{cache} -.-> {job}"
    match each.access:
        case Access.READS:
            return f"{cache} --> {job}"
        case Access.WRITES:
            return f"{job} --> {cache}"
        case _:
            return f"{job} <--> {cache}"


def _node(job: JobNode, ids: dict[str, str]) -> str:
    ids[job.name] = f"job{len(ids)}"
    return f"{ids[job.name]}[{_quoted(job.title, job.tools)}]"


def _quoted(*lines: str) -> str:
    texts = (printable(line).translate(_ENTITIES) for line in lines if line)
    return f'"{_BREAK.join(texts) or " "}"'
