"""UVC203: a path cached for uv that uv never writes to."""

from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.caches import ProjectPath, Side
from uvci.pipeline.model import Job, TextUse
from uvci.rules.cache.relative_cache_dir import is_moved
from uvci.rules.cache.uv_caches import (
    cache_place,
    cached_place,
    covers,
    keeps_default_place,
    named_for_uv,
)
from uvci.rules.edits import arrivals, places_of, replaced
from uvci.rules.places import owner_of
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.script_edits import removed_word
from uvci.rules.uv_jobs import UvRun, uv_runs
from uvci.rules.variables.fixes import removed

_OUTSIDE = "a folder outside the project, where GitLab caches nothing"


class _Places(Struct, frozen=True):
    """Where the calls of a job keep their cache, and whether only since nothing says where."""

    places: tuple[ProjectPath, ...]
    by_default: bool


def check(context: Context) -> Iterable[Finding]:
    """Paths named after uv's cache, in jobs where every call of uv keeps its cache elsewhere."""
    for job in context.jobs:
        if not any(cache.paths for cache in job.caches) or is_moved(job, context):
            continue  # UVC204 speaks of what moves
        runs = [run for run in uv_runs(job, context) if _uses_a_cache(run)]
        used = _places(runs, context)
        if not runs or any(place.side is Side.UNKNOWN for place in used.places):
            continue
        for path in (path for cache in job.caches for path in cache.paths):
            if _is_unused(path, job, used.places):
                yield RULE.at(
                    path.plain.origin,
                    f"Nothing is ever cached for uv at `{path.plain.text}`: in {{jobs}} "
                    f"{_elsewhere(used)}; {_advice(path, used, job)}.",
                    job.name,
                    fixes=partial(_fixes, path, used, job, context),
                )


def _places(runs: Sequence[UvRun], context: Context) -> _Places:
    filling = [run for run in runs if run.fills_cache]
    places = tuple(dict.fromkeys(cache_place(run, context) for run in filling))
    return _Places(places, bool(places) and all(map(keeps_default_place, filling)))


def _uses_a_cache(run: UvRun) -> bool:
    return run.installs or run.fills_cache


def _is_unused(path: TextUse, job: Job, places: Iterable[ProjectPath]) -> bool:
    cached = [named_for_uv(path, variant) for variant in job.variants]
    if any(place is None for place in cached):
        return False
    return not any(
        covers(one, place) or covers(place, one) for one in cached if one for place in places
    )


def _elsewhere(used: _Places) -> str:
    if not used.places:
        return "its cache is switched off"
    if used.by_default:
        return "it uses `~/.cache/uv`, as `UV_CACHE_DIR` is not set"
    named = (f"`{place.relative}`" if place.relative else _OUTSIDE for place in used.places)
    return "it uses " + " and ".join(named)


def _advice(path: TextUse, used: _Places, job: Job) -> str:
    if not used.places:
        return "switch it on, or drop the path"
    if used.by_default:
        return f"set `UV_CACHE_DIR` to `{_wanted(path, job)}`"
    if any(place.side is Side.OUTSIDE for place in used.places):
        return "keep its cache in the project"
    if len(used.places) == 1:
        return f"cache `{_cached_instead(used.places[0], job)}` instead"
    return "cache the folder that uv uses"


def _wanted(path: TextUse, job: Job) -> str:
    """The value of `UV_CACHE_DIR` that makes uv use the path."""
    return f"$CI_PROJECT_DIR/{cached_place(path, job.variants[0]).relative}"


def _cached_instead(place: ProjectPath, job: Job) -> str:
    return "$UV_CACHE_DIR" if "UV_CACHE_DIR" in job.variants[0].variables else place.relative


def _fixes(path: TextUse, used: _Places, job: Job, context: Context) -> tuple[Fix, ...]:
    if used.by_default:
        owner, wanted = owner_of(job.keywords.entries["cache"].origin, context), _wanted(path, job)
        edits = owner.set_variable("UV_CACHE_DIR", wanted) if owner else ()
        changes = owner.variable_changes("UV_CACHE_DIR") if owner else ()
        return (Fix(f"Set `UV_CACHE_DIR` to `{wanted}`", edits, preferred=True, declares=changes),)
    if not used.places:
        return _switched_on(job, context)
    if len(used.places) == 1 and used.places[0].side is Side.INSIDE:
        instead = _cached_instead(used.places[0], job)
        edits = replaced(path.plain.origin, instead, context)
        declares = arrivals(edits, context)
        return (Fix(f"Cache `{instead}` instead", edits, preferred=True, declares=declares),)
    return ()


def _switched_on(job: Job, context: Context) -> tuple[Fix, ...]:
    """The cache on again, where one thing switches it off: somebody may have meant that."""
    off = job.variants[0].variables.get("UV_NO_CACHE")
    if off is None:
        return _without_flags(job, context)
    fixes = removed("UV_NO_CACHE", off.origin, context) if off.origin else ()
    return tuple(replace(fix, applicability=Applicability.UNSAFE) for fix in fixes)


def _without_flags(job: Job, context: Context) -> tuple[Fix, ...]:
    """The flags gone from every call that would fill the cache, if nothing else is in its way."""
    calls = dict.fromkeys(run.call for run in uv_runs(job, context) if run.installs)
    flags = [(call, call.command.flag("--no-cache", "-n", "--no-cache-dir")) for call in calls]
    edits = [removed_word(call.line, flag.span) if flag else () for call, flag in flags]
    if not all(edits):
        return ()
    every = tuple(edit for each in edits for edit in each)
    lines = (places_of(call.line.plain.origin, context) for call in calls)
    declares = tuple(dict.fromkeys(change for each in lines for change in each))
    title = "Let uv use its cache: drop `--no-cache`"
    return (Fix(title, every, Applicability.UNSAFE, preferred=True, declares=declares),)


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
