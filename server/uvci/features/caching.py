"""Which jobs keep uv's downloads, and which of them share what they keep."""

from collections.abc import Iterator

from uvci.features.view import View
from uvci.pipeline.caches import Side
from uvci.pipeline.model import CacheUse, Job, KeyKind, TextUse
from uvci.rules.cache.uv_caches import cache_place, cached_uv
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import uv_runs

Identity = tuple[object, ...]


def shared_by(view: View, cache: CacheUse) -> tuple[str, ...]:
    """The visible jobs that read or write a cache of the same key, in pipeline order."""
    mine = set(identities(cache))
    return tuple(
        job.name
        for job in view.pipeline.jobs
        if any(mine & set(identities(each)) for each in job.caches)
    )


def identities(cache: CacheUse) -> Iterator[Identity]:
    """What a cache is stored under, once for each set of variables; none where it is unknown."""
    key = cache.key
    match key.kind:
        case KeyKind.DEFAULT:
            yield ("default",)
        case KeyKind.TEXT if key.text:
            yield from ((text,) for text in _texts(key.text))
        case KeyKind.FILES:
            files = tuple(file.text for file in key.files)
            prefixes = _texts(key.prefix) if key.prefix else ("",)
            yield from ((files, prefix) for prefix in prefixes)
        case _:
            return


def _texts(use: TextUse) -> tuple[str, ...]:
    """The expanded texts; as typed where the variables are known only when the job runs."""
    return tuple(dict.fromkeys(each.text or use.plain.text for each in use.expansions))


def is_uncached(job: Job, context: Context) -> bool:
    """Whether the job surely fills a cache of uv that none of its caches keeps."""
    if not job.complete or any(not each.complete or each.untracked for each in job.caches):
        return False
    filling = [run for run in uv_runs(job, context) if run.installs and run.fills_cache]
    if not filling or any(cache_place(run, context).side is Side.UNKNOWN for run in filling):
        return False
    return not cached_uv(job, context)
