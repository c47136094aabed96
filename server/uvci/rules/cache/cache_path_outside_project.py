"""UVC201: a cache path that GitLab drops."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.caches import Side
from uvci.pipeline.model import Job, TextUse
from uvci.rules.cache.uv_caches import cached_place, cached_uv
from uvci.rules.edits import (
    arrivals,
    places_of,
    removed_from_list,
    replaced,
    setting_changes,
)
from uvci.rules.places import owner_of
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import uv_runs
from uvci.text.patterns import lazy_re

_LIKE_UV = lazy_re(r"(?:^|[/.$_{-])(?:uv|UV)(?:[/._}-]|$)")
_INSIDE = "$CI_PROJECT_DIR/.uv-cache"


def check(context: Context) -> Iterable[Finding]:
    """Paths of caches that surely lie outside of the project folder."""
    for job in context.jobs:
        for path in (path for cache in job.caches for path in cache.paths):
            if all(cached_place(path, each).side is Side.OUTSIDE for each in job.variants):
                yield RULE.at(
                    path.plain.origin,
                    f"`{path.plain.text}` lies outside the project folder and GitLab caches "
                    "nothing there, so it is not kept for {jobs}; use a path inside the project.",
                    job.name,
                    fixes=partial(_fixes, job, path, context),
                )


def _fixes(job: Job, path: TextUse, context: Context) -> tuple[Fix, ...]:
    text = path.plain.text
    if not _LIKE_UV.search(text) or not any(True for _ in uv_runs(job, context)):
        return ()
    set_to = job.variants[0].variables.get("UV_CACHE_DIR")
    if any(use.path is not path for use in cached_uv(job, context)):
        edits = removed_from_list(path.plain.origin, context)
        declares = places_of(path.plain.origin, context)
        return (Fix(f"Drop `{text}`", edits, preferred=True, declares=declares),) if edits else ()
    if set_to is not None and set_to.origin is not None:
        edits = replaced(set_to.origin, _INSIDE, context)
    else:
        owner = owner_of(job.keywords.entries["cache"].origin, context)
        edits = owner.set_variable("UV_CACHE_DIR", _INSIDE) if owner else ()
    if "UV_CACHE_DIR" not in text:
        edits = (*edits, *replaced(path.plain.origin, ".uv-cache", context))
    declares = (*arrivals(edits, context), *setting_changes("UV_CACHE_DIR"))
    return (Fix("Keep uv's cache in `.uv-cache`", edits, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC201",
    name="cache-path-outside-project",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds entries of `cache:paths` that lie outside of the project folder: below the home "
    "folder, at an absolute path elsewhere, or up from the project with `..`.",
    why="GitLab archives only what is below `$CI_PROJECT_DIR`. The job's log notes that the path "
    "is not a subpath of the project directory, and every job downloads everything again.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  cache:
    key: uv
    paths:
      - «~/.cache/uv»
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
      - .uv-cache
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  script:
    - uv run --locked pytest
    - uv cache prune --ci
""",
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/yaml/#cachepaths",
        "https://docs.astral.sh/uv/concepts/cache/",
    ),
)
