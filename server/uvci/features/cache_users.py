"""Who uses the cache at a cursor."""

from uvci.features.caching import shared_by
from uvci.features.view import Place, View
from uvci.pipeline.model import CacheUse, Job
from uvci.syntax.paths import locate


def cache_users(view: View, offset: int) -> tuple[Place, ...]:
    """The names of the jobs that read or write the cache at `offset`, in pipeline order.

    The cursor is on its key, on a path of it, or on the keywords above them.
    """
    found = _cache_at(view, offset)
    names = shared_by(view, *found) if found else ()
    jobs = (job for job in view.pipeline.jobs if job.name in names)
    places = (Place(job.name_origin.path, job.name_origin.span) for job in jobs)
    return tuple(dict.fromkeys(places))


def _cache_at(view: View, offset: int) -> tuple[Job, CacheUse] | None:
    found = locate(view.document.root, offset)
    if found is None or "cache" not in found.path:
        return None
    at = found.node.span
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        for cache in job.caches:
            origin = cache.value.origin
            if origin.path == view.path and (origin.span.covers(at) or origin.key == at):
                return job, cache
    return None
