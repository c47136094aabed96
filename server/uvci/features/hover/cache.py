"""Hovers inside `cache`: what key and path become, and who shares them."""

from collections.abc import Iterator

from uvci.features.caching import shared_by, texts_in
from uvci.features.cards.job import key_words
from uvci.features.hover.spot import Here
from uvci.features.markdown import bullets, card, codes
from uvci.pipeline.model import CacheUse, Job, KeyKind


def cache_hover(here: Here) -> str | None:
    """What the key or path at the cursor resolves to."""
    found = _cache_here(here)
    if found is None:
        return None
    job, cache = found
    match here.below:
        case ["cache", "key", *_]:
            return _key_card(here, job, cache)
        case ["cache", "paths"] if not here.at.on_key:
            return _path_card(here, job, cache)
        case ["cache"] | ["cache", "paths"]:
            return _cache_card(here, job, cache)
        case _:
            return None


def _cache_here(here: Here) -> tuple[Job, CacheUse] | None:
    for job in here.jobs:
        for cache in job.caches:
            origin = cache.value.origin
            if origin.path == here.view.path and origin.span.touches(here.at.node.span.start):
                return job, cache
    own = here.job.caches if here.job else ()
    return (here.job, own[0]) if here.job and own else None


def _cache_card(here: Here, job: Job, cache: CacheUse) -> str:
    paths = codes(texts_in(path, job)[0] for path in cache.paths) or "nothing"
    title = f"**Keeps {paths}** between jobs, under {key_words(cache)}."
    return card(title, bullets([_sharing(here, job, cache), *_policy(cache), _BEST_EFFORT]))


def _key_card(here: Here, job: Job, cache: CacheUse) -> str:
    return card(
        f"**Cache key:** {key_words(cache)}.",
        bullets([*_key_lines(cache), _sharing(here, job, cache), _SUFFIX]),
    )


def _key_lines(cache: CacheUse) -> Iterator[str]:
    match cache.key.kind:
        case KeyKind.FILES:
            yield "Changes when one of the files changes; without any of them it ends in `default`"
        case KeyKind.DEFAULT:
            yield "No key is set, so all jobs without one share a single cache"
        case _:
            return


def _path_card(here: Here, job: Job, cache: CacheUse) -> str | None:
    node = here.at.node
    use = next((path for path in cache.paths if path.plain.origin.span == node.span), None)
    if use is None:
        return None
    texts = texts_in(use, job)
    outside = [text for text in texts if _is_outside(text)]
    if outside:
        return card(
            f"**Never cached:** {codes(outside)} lies outside the project's folder.",
            "GitLab archives only what is below `$CI_PROJECT_DIR` and just warns in the log.",
        )
    return card(
        f"**Caches {codes(texts)}**, below the project's folder.",
        bullets(
            [
                "Saved after `after_script`, restored before `before_script`",
                "Only what lies below `$CI_PROJECT_DIR` can be cached",
                _sharing(here, job, cache),
            ]
        ),
    )


def _is_outside(path: str) -> bool:
    return path.startswith(("/", "~", "../")) and not path.startswith("/builds/")


def _sharing(here: Here, job: Job, cache: CacheUse) -> str:
    others = [name for name in shared_by(here.view, job, cache) if name != job.name]
    return f"Shared with {codes(others, 6)}" if others else ""


def _policy(cache: CacheUse) -> Iterator[str]:
    match cache.policy:
        case "pull":
            yield "`pull`: restored, never saved by this job"
        case "push":
            yield "`push`: saved, never restored by this job"
        case _:
            yield "Restored before the job and saved after it"
    if cache.when == "on_success":
        yield "Saved only when the job succeeds; `when: always` saves after a failure too"


_SUFFIX = "GitLab adds `-protected` or `-non_protected`, so the two kinds of branches do not share"
_BEST_EFFORT = "A cache may be missing: jobs must work without it"
