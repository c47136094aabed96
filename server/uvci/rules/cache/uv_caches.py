"""uv's cache in a job: where uv keeps it, and which of the job's caches saves it."""

from msgspec import Struct

from uvci.pipeline.caches import PROJECT_DIR, ProjectPath, Side, place_expanded, place_path
from uvci.pipeline.expansion import Place, symbolic_text
from uvci.pipeline.model import CacheUse, Job, TextUse, Variant
from uvci.pipeline.shell.model import ExportKind
from uvci.rules.images.plain import has_plain_image
from uvci.rules.kept import by_owner
from uvci.rules.rule import Context
from uvci.rules.settings_files import may_be_configured, working_directory
from uvci.rules.uv_jobs import UvRun, uv_runs
from uvci.text.patterns import lazy_re

HOME = ProjectPath(Side.OUTSIDE)
"""Where uv keeps its cache unless told otherwise: below the home folder, or elsewhere outside."""
UNKNOWN = ProjectPath(Side.UNKNOWN)
_SETTING = "cache-dir"

_FOR_UV = lazy_re(r"(?:.*/)?(?:\.?uv|\.?uv[-_.]?cache|\.?cache[-_.]uv)")
_AT_HOME = lazy_re(r"\$(?:HOME\b|\{HOME\})")
_ABSOLUTE = lazy_re(rf"/|~|\$\{{{PROJECT_DIR}\}}|[A-Za-z]:[\\/]")
_ENDING = lazy_re(r"(?:/\*{1,2})+$")


class CachedUv(Struct, frozen=True, eq=False):
    """A path of a job's cache that holds uv's cache, with the calls that fill it."""

    job: Job
    cache: CacheUse
    path: TextUse
    runs: tuple[UvRun, ...]


def cached_uv(job: Job, context: Context) -> tuple[CachedUv, ...]:
    """The paths of the job's caches that hold the cache of a uv call."""
    return _cached_uv(job, uv_runs(job, context)) if job.caches else ()


@by_owner
def _cached_uv(job: Job, calls: tuple[UvRun, ...]) -> tuple[CachedUv, ...]:
    filling = [
        (run, place)
        for run in calls
        if run.fills_cache and (place := _told_place(run)).side is Side.INSIDE
    ]
    found = []
    for cache in job.caches if filling else ():
        for path in cache.paths:
            runs = [run for run, place in filling if covers(cached_place(path, run.variant), place)]
            if runs:
                found.append(CachedUv(job, cache, path, tuple(runs)))
    return tuple(found)


def saves(cache: CacheUse) -> bool | None:
    """Whether a job stores the cache at its end; None when unknown."""
    if cache.policy is None:
        return None
    return cache.policy != "pull"


def cached_place(path: TextUse, variant: Variant) -> ProjectPath:
    """Where a path of a cache lies, a pattern for all that is below it left out."""
    return locate(_ENDING.sub("", path.plain.text), variant)


def named_for_uv(path: TextUse, variant: Variant) -> ProjectPath | None:
    """Where the path lies, if it surely is meant for uv's cache and inside the project."""
    place = cached_place(path, variant)
    if place.side is not Side.INSIDE:
        return None
    return place if _FOR_UV.fullmatch(place.relative) else None


def covers(cached: ProjectPath, place: ProjectPath) -> bool:
    """Whether a cached path surely holds all that is at `place`."""
    if cached.side is not Side.INSIDE or place.side is not Side.INSIDE or "*" in cached.relative:
        return False
    return cached.relative == "." or f"{place.relative}/".startswith(f"{cached.relative}/")


def is_absolute(text: str) -> bool:
    """Whether a path, its variables replaced, does not depend on where a program runs."""
    return _ABSOLUTE.match(text) is not None


def locate(text: str, variant: Variant, directory: str | None = ".") -> ProjectPath:
    """Where the path `text` lies for a program that runs in `directory`."""
    if _AT_HOME.match(text) and "HOME" not in variant.variables:
        return HOME
    if "\\" in text:
        return UNKNOWN  # what that means is the runner's system's to say
    return _located(variant, text, directory)


@by_owner
def _located(variant: Variant, text: str, directory: str | None) -> ProjectPath:
    expanded = symbolic_text(text, variant, Place.HELPER, frozenset({PROJECT_DIR}))
    if expanded is None:
        return UNKNOWN
    if is_absolute(expanded) or directory == ".":
        return place_expanded(expanded)
    return UNKNOWN if directory is None else place_path(f"{directory}/{text}", variant)


def cache_place(run: UvRun, context: Context) -> ProjectPath:
    """Where the cache of a uv call lies."""
    place = _told_place(run)
    if place == HOME and keeps_default_place(run) and may_be_configured(run, _SETTING, context):
        return UNKNOWN
    return place


@by_owner
def _told_place(run: UvRun) -> ProjectPath:
    """Where the cache of a call lies by all that the pipeline says."""
    command = run.call.command
    if flag := command.flag("--cache-dir"):
        span = flag.value_span
        text = run.call.line.text[span.start : span.end] if span else ""
        return locate(text.strip("\"'"), run.variant, working_directory(run))
    template = _setting_template(run)
    if template is None:
        return UNKNOWN
    if template:
        return locate(template, run.variant, working_directory(run))
    if run.job.image is not None and not has_plain_image(run.job):
        return UNKNOWN  # somebody's image may set the variable
    return HOME if run.variant.closed else UNKNOWN


def keeps_default_place(run: UvRun) -> bool:
    """Whether nothing in the pipeline tells a uv call where its cache lies."""
    return run.call.command.flag("--cache-dir") is None and _setting_template(run) == ""


def _setting_template(run: UvRun) -> str | None:
    """`UV_CACHE_DIR` with its variables still in; empty when not set, None when unknown."""
    for assignment in reversed(run.call.command.command.assignments):
        if assignment.name == "UV_CACHE_DIR":
            return assignment.template
    if not run.call.command.command.is_given("UV_CACHE_DIR"):
        return None
    for export in reversed(run.call.exports):
        if export.name == "UV_CACHE_DIR":
            unsure = export.conditional or export.kind is not ExportKind.EXPORT
            return None if unsure else export.template
    return "${UV_CACHE_DIR}" if "UV_CACHE_DIR" in run.variant.variables else ""
