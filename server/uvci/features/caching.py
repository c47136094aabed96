"""Which jobs keep uv's downloads, and which of them share what they keep."""

from collections.abc import Iterator

from uvci.features.view import View
from uvci.pipeline.caches import Side
from uvci.pipeline.model import CacheUse, Expansion, Job, KeyKind, Piece, TextUse
from uvci.pipeline.predefined import predefined_names
from uvci.rules.cache.uv_caches import cache_place, cached_uv
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import uv_runs

Identity = tuple[object, ...]


def shared_by(view: View, job: Job, cache: CacheUse) -> tuple[str, ...]:
    """The visible jobs that read or write a cache of the key it has in `job`, in pipeline order."""
    mine = set(_identities(cache, job))
    return tuple(
        other.name
        for other in view.pipeline.jobs
        if any(mine & set(_identities(each, other)) for each in other.caches)
    )


def texts_in(use: TextUse, job: Job) -> tuple[str, ...]:
    """What a text becomes in a job, each once; variables that only the runner knows stay.

    The job's own name is known here, though a project's setting may replace it.
    """
    return tuple(dict.fromkeys(_partly(each, job) for each in use.expansions))


def _partly(expansion: Expansion, job: Job) -> str:
    if expansion.text is not None:
        return expansion.text
    label = expansion.variant.label
    own = predefined_names(f"{job.name}: {label}" if label else job.name)
    return "".join(_known(piece, own) for piece in expansion.pieces)


def _known(piece: Piece, own: dict[str, str]) -> str:
    if piece.value is not None:
        return piece.value
    if piece.variable is not None:
        return piece.variable.raw or f"${piece.name}"
    return own.get(piece.name, f"${piece.name}")


def _identities(cache: CacheUse, job: Job) -> Iterator[Identity]:
    """What a cache is stored under, once for each set of variables; none where it is unknown."""
    key = cache.key
    match key.kind:
        case KeyKind.DEFAULT:
            yield ("default",)
        case KeyKind.TEXT if key.text:
            yield from ((text,) for text in texts_in(key.text, job))
        case KeyKind.FILES:
            files = tuple(file.text for file in key.files)
            prefixes = texts_in(key.prefix, job) if key.prefix else ("",)
            yield from ((files, prefix) for prefix in prefixes)
        case _:
            return


def is_uncached(job: Job, context: Context) -> bool:
    """Whether the job surely fills a cache of uv that none of its caches keeps."""
    if not job.complete or any(not each.complete or each.untracked for each in job.caches):
        return False
    filling = [run for run in uv_runs(job, context) if run.installs and run.fills_cache]
    if not filling or any(cache_place(run, context).side is Side.UNKNOWN for run in filling):
        return False
    return not cached_uv(job, context)
