"""The map of a pipeline's caches: under which key each is kept, who fills it, who reads it."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from uvci.features.caching import is_uncached, texts_in
from uvci.features.graph.jobs import job_node
from uvci.features.graph.model import Access, CacheAccess, CacheMap, CacheNode
from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import CacheKey, CacheUse, Job, KeyKind, TextUse
from uvci.pipeline.values import plains
from uvci.rules.cache.uv_caches import cached_uv
from uvci.rules.rule import Context

_MOST = 6
_ACCESS = {"pull": Access.READS, "push": Access.WRITES}


def cache_map(context: Context) -> CacheMap:
    """All caches of the visible jobs, those with uv's own cache first."""
    caches: dict[str, CacheNode] = {}
    accesses: list[CacheAccess] = []
    for job in context.pipeline.jobs:
        with_uv = {id(each.cache) for each in cached_uv(job, context)}
        for cache in job.caches:
            node = CacheNode("", _paths(cache, job), id(cache) in with_uv)
            for key in _shown(_keys(cache, job)):
                caches[key] = _joined(caches.get(key), replace(node, key=key))
                accesses.append(CacheAccess(job.name, key, _access(cache)))
            for key in _fallbacks(cache, job):
                caches.setdefault(key, CacheNode(key))
                accesses.append(CacheAccess(job.name, key, Access.READS, fallback=True))
    used = {each.job for each in accesses}
    return CacheMap(
        tuple(job_node(job, context) for job in context.pipeline.jobs if job.name in used),
        tuple(sorted(caches.values(), key=lambda cache: not cache.holds_uv)),
        tuple(dict.fromkeys(accesses)),
        tuple(job_node(job, context) for job in context.pipeline.jobs if is_uncached(job, context)),
    )


def _joined(known: CacheNode | None, new: CacheNode) -> CacheNode:
    if known is None:
        return new
    paths = tuple(dict.fromkeys((*known.paths, *new.paths)))
    return CacheNode(new.key, paths, known.holds_uv or new.holds_uv)


def _access(cache: CacheUse) -> Access:
    """What a policy allows; one that is not known may do both."""
    return _ACCESS.get(cache.policy or "", Access.READS | Access.WRITES)


def _keys(cache: CacheUse, job: Job) -> Sequence[str]:
    key = cache.key
    match key.kind:
        case KeyKind.DEFAULT:
            return ("default",)
        case KeyKind.TEXT if key.text:
            return texts_in(key.text, job)
        case KeyKind.FILES:
            return _of_files(key, job)
        case _:
            return (f"unknown key of {job.name}",)


def _of_files(key: CacheKey, job: Job) -> Sequence[str]:
    hashed = f"<hash of {', '.join(file.text for file in key.files)}>"
    if key.prefix is None:
        return (hashed,)
    return [f"{prefix}-{hashed}" for prefix in texts_in(key.prefix, job)]


def _shown(keys: Sequence[str]) -> Sequence[str]:
    """The keys of a matrix, one for all that are too many to draw."""
    rest = len(keys) - _MOST
    return keys if rest <= 0 else (f"{keys[0]} and {len(keys) - 1} more",)


def _fallbacks(cache: CacheUse, job: Job) -> Iterator[str]:
    for plain in plains(cache.value.entries.get("fallback_keys")):
        expansions = tuple(expand_text(plain.text, one, Place.RUNNER) for one in job.variants)
        yield from _shown(texts_in(TextUse(plain, expansions), job))


def _paths(cache: CacheUse, job: Job) -> tuple[str, ...]:
    untracked = ("untracked files",) if cache.untracked else ()
    paths = dict.fromkeys(text for path in cache.paths for text in _shown(texts_in(path, job)))
    return (*paths, *untracked)
