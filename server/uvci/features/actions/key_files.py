"""Another file for a cache's key."""

from collections.abc import Iterator

from uvci.features.actions.refactoring import REWRITE, offered
from uvci.features.context import context_of
from uvci.features.view import CodeAction, View
from uvci.pipeline.model import CacheUse, Job, KeyKind
from uvci.rules.cache.lock_files import is_lock_file, lock_files
from uvci.rules.edits import TypedPair, places_of, typed_pair
from uvci.rules.rule import Context, Fix
from uvci.syntax.tree import Mapping
from uvci.text.span import Span

_MOST = 3


def key_file_switches(view: View, span: Span) -> Iterator[CodeAction]:
    """An action for each file of the repository that could decide the key at a selection."""
    context = context_of(view)
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        for cache in job.caches:
            key = cache.key.origin
            if key is not None and key.path == view.path and _is_at(cache, span):
                yield from _switches(view, job, cache, context)
                return


def _is_at(cache: CacheUse, span: Span) -> bool:
    origin = cache.key.origin
    start = origin.key.start if origin and origin.key else 0
    return origin is not None and start <= span.start and span.end <= origin.span.end


def _switches(view: View, job: Job, cache: CacheUse, context: Context) -> Iterator[CodeAction]:
    now = [file.text for file in cache.key.files]
    for name in _candidates(view, job, now, context)[:_MOST]:
        fix = _fix(cache, name, context)
        if fix is not None:
            reason = "The cache would change in more than its key."
            yield offered(view, fix, REWRITE, otherwise=reason)


def _candidates(view: View, job: Job, now: list[str], context: Context) -> list[str]:
    """The files that would do instead: the job's own kind first, then others beside them."""
    folders = {name.rpartition("/")[0] for name in now} or {""}
    beside = [
        path
        for path in view.files.paths()
        if path.rpartition("/")[0] in folders and is_lock_file(path)
    ]
    # A key may have two files; one that already decides it alone is no switch.
    return [name for name in dict.fromkeys((*lock_files(job, context), *beside)) if [name] != now]


def _fix(cache: CacheUse, name: str, context: Context) -> Fix | None:
    origin = cache.key.origin
    pair = typed_pair(origin, context) if origin else None
    if pair is None or origin is None:
        return None
    if cache.key.kind is KeyKind.FILES:
        table = pair.pair.value
        below = table.pair("files") if isinstance(table, Mapping) else None
        if not isinstance(table, Mapping) or below is None:
            return None
        edits = TypedPair(pair.path, pair.document, table, below).with_value([name])
    elif cache.key.kind is KeyKind.TEXT:
        edits = pair.with_value({"files": [name]})
    else:
        return None
    return Fix(f"Key the cache on `{name}`", edits, declares=places_of(origin, context))
