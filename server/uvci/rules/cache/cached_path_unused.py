"""UVC203: a path cached for uv that uv never writes to."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.caches import ProjectPath, Side
from uvci.pipeline.model import Job, TextUse
from uvci.rules.cache.uv_caches import HOME, cache_place, cached_place, covers, named_for_uv
from uvci.rules.edits import arrivals, replaced
from uvci.rules.places import owner_of
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import UvRun, uv_runs


def check(context: Context) -> Iterable[Finding]:
    """Paths named after uv's cache, in jobs where every call of uv keeps its cache elsewhere."""
    for job in context.jobs:
        if not any(cache.paths for cache in job.caches):
            continue
        runs = [run for run in uv_runs(job, context) if _uses_a_cache(run)]
        places = {cache_place(run, context): run for run in runs if run.fills_cache}
        if not runs or any(place.side is Side.UNKNOWN for place in places):
            continue
        for path in (path for cache in job.caches for path in cache.paths):
            if _is_unused(path, job, places):
                yield RULE.at(
                    path.plain.origin,
                    f"Nothing is ever cached for uv at `{path.plain.text}`: in {{jobs}} "
                    f"{_elsewhere(places)}; {_advice(path, places, job)}.",
                    job.name,
                    fixes=partial(_fixes, path, places, job, context),
                )


def _uses_a_cache(run: UvRun) -> bool:
    return run.installs or run.fills_cache


def _is_unused(path: TextUse, job: Job, places: Iterable[ProjectPath]) -> bool:
    cached = [named_for_uv(path, variant) for variant in job.variants]
    if any(place is None for place in cached):
        return False
    return not any(
        covers(one, place) or covers(place, one) for one in cached if one for place in places
    )


def _elsewhere(places: Iterable[ProjectPath]) -> str:
    found = list(places)
    if not found:
        return "its cache is switched off"
    if found == [HOME]:
        return "it uses `~/.cache/uv`, as `UV_CACHE_DIR` is not set"
    return "it uses " + " and ".join(f"`{place.relative or 'another folder'}`" for place in found)


def _advice(path: TextUse, places: Iterable[ProjectPath], job: Job) -> str:
    found = list(places)
    if not found:
        return "switch it on, or drop the path"
    if found == [HOME] and not _is_set(job):
        return f"set `UV_CACHE_DIR` to `{_wanted(path, job)}`"
    if len(found) == 1 and found[0].side is Side.INSIDE:
        return f"cache `{_cached_instead(found[0], job)}` instead"
    return "cache the folder that uv uses"


def _wanted(path: TextUse, job: Job) -> str:
    """The value of `UV_CACHE_DIR` that makes uv use the path."""
    return f"$CI_PROJECT_DIR/{cached_place(path, job.variants[0]).relative}"


def _cached_instead(place: ProjectPath, job: Job) -> str:
    return "$UV_CACHE_DIR" if _is_set(job) else place.relative


def _is_set(job: Job) -> bool:
    return "UV_CACHE_DIR" in job.variants[0].variables


def _fixes(
    path: TextUse, places: Iterable[ProjectPath], job: Job, context: Context
) -> tuple[Fix, ...]:
    found = list(places)
    if found == [HOME] and not _is_set(job):
        owner, wanted = owner_of(job.keywords.entries["cache"].origin, context), _wanted(path, job)
        edits = owner.set_variable("UV_CACHE_DIR", wanted) if owner else ()
        changes = owner.variable_changes("UV_CACHE_DIR") if owner else ()
        return (Fix(f"Set `UV_CACHE_DIR` to `{wanted}`", edits, preferred=True, declares=changes),)
    if len(found) == 1 and found[0].side is Side.INSIDE:
        instead = _cached_instead(found[0], job)
        edits = replaced(path.plain.origin, instead, context)
        declares = arrivals(edits, context)
        return (Fix(f"Cache `{instead}` instead", edits, preferred=True, declares=declares),)
    return ()


RULE = Rule(
    code="UVC203",
    name="cached-path-unused",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds cached paths named after uv (`.uv-cache`, `.cache/uv`, `.uv`) in jobs whose uv "
    "keeps its cache somewhere else, or keeps none.",
    why="GitLab saves and restores an empty folder, and the job downloads everything each time. "
    "Nothing fails, so nobody notices.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  cache:
    key: uv
    paths:
      - «.cache/uv»
  script:
    - uv run --locked pytest
    - uv cache prune --ci
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  cache:
    key: uv
    paths:
      - .cache/uv
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.cache/uv
  script:
    - uv run --locked pytest
    - uv cache prune --ci
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/cache/",
        "https://docs.astral.sh/uv/guides/integration/gitlab/",
    ),
)
