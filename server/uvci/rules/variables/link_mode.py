"""UVC307: `UV_LINK_MODE` where it is missing, and where it changes nothing."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.pipeline.caches import Side
from uvci.pipeline.images import wants_no_container
from uvci.pipeline.model import ImageUse, Job, Variable
from uvci.rules.bystanders import may_read
from uvci.rules.cache.uv_caches import HOME, cache_place, locate
from uvci.rules.edits import setting_changes
from uvci.rules.places import job_owner, root_owner
from uvci.rules.rule import (
    Change,
    Context,
    Example,
    Finding,
    FindingTag,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.settings_files import may_be_configured
from uvci.rules.uv_jobs import Absent, UvRun, is_of_project, uv_runs
from uvci.rules.variables.fixes import removed

_NAME = "UV_LINK_MODE"
_PROJECT = frozenset({("sync",), ("run",), ("add",)})


def check(context: Context) -> Iterable[Finding]:
    """Jobs whose uv says that it cannot link, and settings that only make it copy."""
    redundant: dict[tuple[str, int], list[tuple[Job, Variable]]] = {}
    needed: set[tuple[str, int]] = set()
    unlinked: list[Job] = []
    for job in context.jobs:
        runs = [run for run in uv_runs(job, context) if run.installs]
        variable = job.variants[0].variables.get(_NAME)
        if variable is None:
            if runs and all(_cannot_link(run, context) for run in runs):
                unlinked.append(job)
        elif variable.origin is not None and variable.raw == "copy":
            key = (variable.origin.path, variable.origin.span.start)
            if runs and all(_links(run, context) for run in runs):
                redundant.setdefault(key, []).append((job, variable))
            elif runs:
                needed.add(key)
    # One setting at the root helps all of them: one finding, beside the first.
    yield from (_missing(job, unlinked, context) for job in unlinked)
    for key, users in redundant.items():
        if key not in needed:
            yield from (_redundant(job, variable, context) for job, variable in users)


def _matters(job: Job, context: Context) -> bool:
    """Whether a mode is chosen for the job, or its uv cannot link."""
    if _NAME in job.variants[0].variables:
        return True
    runs = [run for run in uv_runs(job, context) if run.installs]
    return bool(runs) and all(_cannot_link(run, context) for run in runs)


def _cannot_link(run: UvRun, context: Context) -> bool:
    """Whether cache and environment surely lie on two file systems, and nobody chose a mode.

    A job with an image has the project on a volume, and the home folder in the image's layers.
    """
    command = run.call.command
    if not isinstance(run.job.image, ImageUse) or wants_no_container(run.job):
        return False
    if command.subcommand not in _PROJECT:
        return False
    if command.flag("--link-mode") or run.setting(_NAME) is not Absent.UNSET:
        return False
    if may_be_configured(run, "link-mode", context):
        return False
    return cache_place(run, context) == HOME and _is_inside(run)


def _links(run: UvRun, context: Context) -> bool:
    """Whether cache and environment surely both lie in the project."""
    if run.call.command.subcommand not in _PROJECT:
        return False
    return cache_place(run, context).side is Side.INSIDE and _is_inside(run)


def _is_inside(run: UvRun) -> bool:
    """Whether the project's environment is made in the project."""
    if "UV_PROJECT_ENVIRONMENT" in run.variant.variables:
        return locate("$UV_PROJECT_ENVIRONMENT", run.variant).side is Side.INSIDE
    return is_of_project(run.call) and not run.call.command.flag("--active")


def _missing(job: Job, unlinked: list[Job], context: Context) -> Finding:
    return RULE.at(
        unlinked[0].name_origin,
        "uv's cache and the environment of {jobs} lie on different file systems, so uv warns that "
        "it cannot link files; set `UV_LINK_MODE: copy`, or keep the cache in the project.",
        job.name,
        fixes=partial(_set, unlinked, context),
    )


def _redundant(job: Job, variable: Variable, context: Context) -> Finding:
    origin = variable.origin or job.name_origin
    return RULE.at(
        origin,
        "uv's cache and environment both lie in the project, where files can be linked: `copy` "
        "only makes {jobs} slower; remove it.",
        job.name,
        fixes=partial(removed, _NAME, origin, context),
        tags=(FindingTag.UNNECESSARY,),
    )


def _set(unlinked: list[Job], context: Context) -> tuple[Fix, ...]:
    root = _set_for_all(context)
    if any(_is_hurt(job, unlinked) for job in context.pipeline.jobs):
        return (*_set_in(unlinked, context), replace(root, preferred=False))
    return (root,)


def _set_for_all(context: Context) -> Fix:
    owner = root_owner(context)
    edits = owner.set_variable(_NAME, "copy") if owner else ()
    declares = setting_changes(_NAME)
    return Fix("Set `UV_LINK_MODE` for every job", edits, preferred=True, declares=declares)


def _is_hurt(job: Job, unlinked: list[Job]) -> bool:
    """Whether a job that can link files, or may not need to, would copy them from then on."""
    if _NAME in job.variants[0].variables or job in unlinked:
        return False
    return may_read(job, _NAME)


def _set_in(jobs: list[Job], context: Context) -> tuple[Fix, ...]:
    owners = [job_owner(job, context) for job in jobs]
    edits = [owner.set_variable(_NAME, "copy") if owner else () for owner in owners]
    if not all(edits):
        return ()
    changes = tuple(Change(job.name, ("variables", _NAME)) for job in jobs)
    every = tuple(edit for each in edits for edit in each)
    title = "Set `UV_LINK_MODE` for the job" + ("s" if len(jobs) > 1 else "")
    return (Fix(title, every, preferred=True, declares=changes),)


RULE = Rule(
    code="UVC307",
    name="link-mode",
    severity=Severity.HINT,
    fix=FixKind.ALWAYS,
    what="Finds jobs whose uv cache lies in the image's home folder while the environment is made "
    "in the project, without `UV_LINK_MODE`; and `UV_LINK_MODE: copy` where both lie in the "
    "project.",
    why="uv links files from its cache, which works within one file system. Across two it copies "
    "and says so in three lines each time; `copy` silences them. Where both lie in the project, "
    "`copy` takes the quick way away.",
    check=check,
    whole=True,
    concerns=_matters,
    examples=(
        Example(
            bad="""\
variables:
  UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  UV_LINK_MODE: «copy»

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
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
            good="""\
variables:
  UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
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
        "https://docs.astral.sh/uv/reference/environment/#uv_link_mode",
        "https://docs.astral.sh/uv/guides/integration/gitlab/",
    ),
)
