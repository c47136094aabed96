"""UVC209: a saved uv cache that is never pruned."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.pipeline.model import Job
from uvci.pipeline.values import Value
from uvci.rules.cache.new_prune import PRUNE, is_lost_afterwards, may_prune, prune_command
from uvci.rules.cache.uv_caches import CachedUv, cached_uv, saves
from uvci.rules.commands.uv_missing import lacks_uv
from uvci.rules.places import Owner, job_owner, owner_of
from uvci.rules.rule import Change, Context, Example, Finding, Fix, FixKind, Rule, Severity

_AFTER = "Prune in `after_script`: also when the script fails, but within 5 minutes"
_LAST = "Prune as the last line of `script`: no time limit, but skipped when the script fails"


def check(context: Context) -> Iterable[Finding]:
    """Jobs that fill and save a uv cache without any prune."""
    for job in context.jobs:
        if (saved := _unpruned(job, context)) is not None:
            yield RULE.at(
                saved.path.plain.origin,
                "uv's cache is saved with all downloaded wheels in {jobs}, which are quicker to "
                f"download again than to restore; end with `{PRUNE}`.",
                job.name,
                fixes=partial(_fixes, job, context),
            )


def _unpruned(job: Job, context: Context) -> CachedUv | None:
    """The uv cache that the job saves as it is."""
    if not job.complete or may_prune(job, context):
        return None
    found = next((use for use in cached_uv(job, context) if saves(use.cache)), None)
    return None if found and lacks_uv(job) else found  # UVC410 speaks of it


def _fixes(job: Job, context: Context) -> tuple[Fix, ...]:
    after = None if is_lost_afterwards(job) else _fix(_AFTER, "after_script", job, context)
    last = _fix(_LAST, "script", job, context)
    fixes = [fix for fix in (after, last) if fix is not None]
    return tuple(replace(fix, preferred=fix is fixes[0]) for fix in fixes)


def _fix(title: str, keyword: str, job: Job, context: Context) -> Fix | None:
    owner, users = _place(keyword, job, context)
    if owner is None or not (edits := owner.append(keyword, prune_command(job))):
        return None
    source = job.keywords.entries.get(keyword) or job.keywords.entries["cache"]
    templates = [one for one in context.pipeline.hidden if _has(source, keyword, one)]
    names = dict.fromkeys((owner.name, *(one.name for one in (*users, *templates))))
    return Fix(title, edits, declares=tuple(Change(name, (keyword,)) for name in names))


def _place(keyword: str, job: Job, context: Context) -> tuple[Owner | None, list[Job]]:
    """Where the prune goes, and who gets it: beside what jobs share, if all of them need it."""
    typed = job.keywords.entries.get(keyword)
    source = typed or job.keywords.entries["cache"]
    owner = owner_of(source.origin, context)
    users = [other for other in context.pipeline.jobs if _has(source, keyword, other)]
    if owner and (typed or not owner.is_shared) and all(_unpruned(u, context) for u in users):
        return owner, users
    return (None if typed else job_owner(job, context)), [job]


def _has(source: Value, keyword: str, job: Job) -> bool:
    """Whether a job has the keyword, or without one the cache, that is typed at `source`."""
    entries, node = job.keywords.entries, source.origin.node
    value = entries.get(keyword) or entries.get("cache")
    return value is not None and node is not None and value.origin.node is node


RULE = Rule(
    code="UVC209",
    name="missing-prune",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds jobs that save uv's cache and never run `uv cache prune --ci`.",
    why="Downloaded wheels are as quick to fetch from the package index as from GitLab's cache, "
    "but they make the archive large, and under a key that stays they pile up. Pruned with "
    "`--ci`, the cache keeps what is expensive: wheels that were built from source.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key:
      files:
        - uv.lock
    paths:
      - «$UV_CACHE_DIR»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key:
      files:
        - uv.lock
    paths:
      - $UV_CACHE_DIR
  script:
    - uv run --locked pytest
  after_script:
    - uv cache prune --ci
""",
            files={"uv.lock": ""},
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/cache/#caching-in-continuous-integration",
        "https://docs.astral.sh/uv/guides/integration/gitlab/#caching",
        "https://docs.gitlab.com/ci/yaml/#after_script",
    ),
)
