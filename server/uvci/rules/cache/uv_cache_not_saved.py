"""UVC202: uv's cache lies in the project, and no cache of the job saves it."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.caches import ProjectPath, Side
from uvci.pipeline.model import CacheUse, Job
from uvci.pipeline.values import Items
from uvci.rules.cache.uv_caches import cache_place, cached_place, covers, named_for_uv
from uvci.rules.edits import places_of, typed_pair
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import uv_runs


def check(context: Context) -> Iterable[Finding]:
    """Jobs that install into a cache inside the project which none of their caches covers."""
    for job in context.jobs:
        if not job.caches or not job.complete or not all(map(_is_known, job.caches)):
            continue
        places = {
            cache_place(run, context): None
            for run in uv_runs(job, context)
            if run.installs and run.fills_cache
        }
        for place in places:
            if place.side is Side.INSIDE and not _may_be_cached(job, place):
                yield RULE.at(
                    job.keywords.entries["cache"].origin,
                    f"uv fills `{place.relative}` in {{jobs}}, but none of the paths cached here "
                    "holds it, so the next run downloads everything again; add "
                    "`$UV_CACHE_DIR` to the paths.",
                    job.name,
                    fixes=partial(_fixes, job, context),
                )


def _is_known(cache: CacheUse) -> bool:
    return cache.complete and not cache.untracked


def _may_be_cached(job: Job, place: ProjectPath) -> bool:
    for path in (path for cache in job.caches for path in cache.paths):
        if path.plain.text == "UV_CACHE_DIR":
            return True  # UVC214 says what is meant
        for variant in job.variants:
            if named_for_uv(path, variant):
                return True  # UVC203 says that nothing is ever there
            cached = cached_place(path, variant)
            if cached.side is Side.UNKNOWN or "*" in cached.relative or covers(cached, place):
                return True
            if covers(place, cached):
                return True  # a part of it is cached on purpose
    return False


def _fixes(job: Job, context: Context) -> tuple[Fix, ...]:
    """One more path, in the first of the job's caches that lists some."""
    if "UV_CACHE_DIR" not in job.variants[0].variables:
        return ()
    for cache in job.caches:
        paths = cache.value.entries.get("paths")
        pair = typed_pair(paths.origin, context) if isinstance(paths, Items) else None
        if paths is not None and pair is not None:
            edits = pair.with_item("$UV_CACHE_DIR")
            declares = places_of(paths.origin, context)
            title = "Cache `$UV_CACHE_DIR` too"
            return (Fix(title, edits, preferred=True, declares=declares),)
    return ()


RULE = Rule(
    code="UVC202",
    name="uv-cache-not-saved",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds jobs that have caches and whose uv keeps its own cache inside the project, at a "
    "place that none of the cached paths holds. Jobs without any cache are UVC205.",
    why="`UV_CACHE_DIR` inside the project is half of the work: GitLab keeps only what "
    "`cache:paths` lists, and removes the rest before the next job.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    «key: mypy
    paths:
      - .mypy_cache»
  script:
    - uv run --locked mypy
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key: mypy
    paths:
      - .mypy_cache
      - $UV_CACHE_DIR
  script:
    - uv run --locked mypy
""",
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/yaml/#cachepaths",
        "https://docs.astral.sh/uv/guides/integration/gitlab/",
    ),
)
