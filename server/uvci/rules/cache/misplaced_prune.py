"""UVC210: a prune that does not do what it is there for."""

from collections.abc import Callable, Iterable
from functools import partial

from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job, Section
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.cache.prunes import is_for_ci, prunes
from uvci.rules.cache.uv_caches import cached_uv, saves
from uvci.rules.edits import arrivals, places_of
from uvci.rules.places import job_owner
from uvci.rules.rule import (
    Change,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.script_edits import inserted, removed_call
from uvci.rules.uv_jobs import uv_version

_LOCKS_SINCE = UvVersion(0, 8, 19)
_FORCE_SINCE = UvVersion(0, 8, 24)
_FETCHING = frozenset(
    {("sync",), ("pip", "install"), ("pip", "sync"), ("tool", "run"), ("tool", "install")}
)


def check(context: Context) -> Iterable[Finding]:
    """Prunes of jobs with a uv cache, where a prune misses its point."""
    for job in context.jobs:
        calls = prunes(job)
        kept = [saves(use.cache) for use in cached_uv(job, context)] if calls else []
        if not kept or None in kept:
            continue
        for call in calls:
            if found := _judge(call, job, saved=any(kept), context=context):
                message, fixes = found
                yield RULE.at(Origin(call.path, call.span), message, job.name, fixes=fixes)


Judgement = tuple[str, Callable[[], tuple[Fix, ...]]]


def _judge(call: JobCommand, job: Job, *, saved: bool, context: Context) -> Judgement | None:
    """What is wrong with one prune, and what would be right."""
    if not saved:
        return (
            "Nobody saves the cache of {jobs}, so nothing is gained here; drop the line.",
            partial(_drop, call, context),
        )
    if not is_for_ci(call):
        return (
            "Without `--ci` this keeps every downloaded wheel in the cache of {jobs}; add `--ci`.",
            partial(_complete, call, "--ci", context),
        )
    if later := _fetched_later(call, job):
        words = " ".join(("uv", *later.command.subcommand))
        return (
            f"`{words}` runs after this in {{jobs}} and fills the cache again; prune last.",
            partial(_move, call, job, context),
        )
    if _may_hang(call, job, context):
        return (
            "A background `uv run` holds the cache in {jobs}, so this waits; "
            + _way_out(job, context),
            partial(_force, call, job, context),
        )
    return None


def _fetched_later(call: JobCommand, job: Job) -> JobCommand | None:
    """The call that surely puts new packages into the cache after the last prune, if any."""
    if "trap" in call.command.command.wrappers:
        return None  # it runs when the shell ends
    calls = uv_commands(job)
    following = calls[calls.index(call) + 1 :]
    if any(later.command.subcommand == ("cache", "prune") for later in following):
        return None
    return next((later for later in following if _fetches(later, calls)), None)


def _fetches(call: JobCommand, calls: tuple[JobCommand, ...]) -> bool:
    words = call.command.subcommand
    if words == ("run",):
        synced = any(one.command.subcommand == ("sync",) for one in calls)
        return not synced and not call.command.flag("--no-sync", "--no-project")
    return words in _FETCHING and call.line.section is not Section.AFTER


def _may_hang(call: JobCommand, job: Job, context: Context) -> bool:
    version = uv_version(job, context)
    if version is None or version < _LOCKS_SINCE or call.command.flag("--force"):
        return False
    calls = uv_commands(job)
    before = calls[: calls.index(call)]
    held = (one.command for one in before if one.command.command.background)
    return any(command.subcommand in (("run",), ("tool", "run")) for command in held)


def _way_out(job: Job, context: Context) -> str:
    if _can_force(job, context):
        return "add `--force`."
    return f"stop it first, as `--force` begins with uv {_FORCE_SINCE}."


def _can_force(job: Job, context: Context) -> bool:
    version = uv_version(job, context)
    return version is not None and version >= _FORCE_SINCE


def _drop(call: JobCommand, context: Context) -> tuple[Fix, ...]:
    edits = removed_call(call, context)
    declares = places_of(call.line.plain.origin, context)
    fix = Fix("Remove the prune", edits, preferred=True, declares=declares)
    return (fix,) if edits else ()


def _complete(call: JobCommand, flag: str, context: Context) -> tuple[Fix, ...]:
    edits = inserted(call.line, call.command.subcommand_span.end, f" {flag}")
    declares = arrivals(edits, context)
    return (Fix(f"Add `{flag}`", edits, preferred=True, declares=declares),) if edits else ()


def _force(call: JobCommand, job: Job, context: Context) -> tuple[Fix, ...]:
    return _complete(call, "--force", context) if _can_force(job, context) else ()


def _move(call: JobCommand, job: Job, context: Context) -> tuple[Fix, ...]:
    """The prune in `after_script` instead; only where the job has all of it to itself."""
    owner, removed = job_owner(job, context), removed_call(call, context)
    origin = call.line.plain.origin
    if owner is None or not removed or origin.chain or "after_script" in job.keywords.entries:
        return ()
    edits = (*removed, *owner.append("after_script", call.command.span.of(call.line.text)))
    changes = tuple(
        Change(job.name, (keyword,)) for keyword in ("before_script", "script", "after_script")
    )
    return (Fix("Move the prune to `after_script`", edits, preferred=True, declares=changes),)


RULE = Rule(
    code="UVC210",
    name="misplaced-prune",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `uv cache prune` without `--ci`, before the commands that fill the cache, in jobs "
    "that only pull the cache, and behind a `uv run` that still holds the cache.",
    why="A prune has to come last, in a job that saves its cache. Anywhere else it costs time and "
    "the cache grows all the same. A background `uv run` makes it wait until the job times out "
    "(uv 0.8.19 and later).",
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
      - $UV_CACHE_DIR
  script:
    - uv run --locked pytest
    - «uv cache prune»
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
    - uv cache prune --ci
""",
            files={"uv.lock": ""},
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/cache/#caching-in-continuous-integration",
        "https://docs.gitlab.com/ci/yaml/#after_script",
    ),
)
