"""UVC205: a job that installs with uv and keeps nothing for the next one."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.caches import Side
from uvci.pipeline.images import wants_no_container
from uvci.pipeline.model import Job, JobKind
from uvci.rules.cache.lock_files import lock_files
from uvci.rules.cache.new_prune import own_prune
from uvci.rules.cache.uv_caches import cache_place
from uvci.rules.commands.uv_missing import lacks_uv
from uvci.rules.edits import setting_changes
from uvci.rules.images.plain import has_plain_image
from uvci.rules.places import Owner, job_owner, root_owner
from uvci.rules.received import may_send, senders
from uvci.rules.rule import (
    Change,
    Context,
    Example,
    FileEdit,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.settings_files import may_be_configured
from uvci.rules.uv_jobs import Absent, UvRun, uv_runs
from uvci.syntax.patch import Block
from uvci.syntax.tree import Pair, Scalar

_DIRECTORY = "$CI_PROJECT_DIR/.uv-cache"
_TEMPLATE = ".uv-cache"
_HEAD = frozenset({"include", "workflow", "stages", "variables"})
"""What stands before `default` in a tidy file."""


def check(context: Context) -> Iterable[Finding]:
    """Jobs without `cache:` in which uv installs a project or packages."""
    for job in context.jobs:
        if job.kind is not JobKind.SCRIPT or "cache" in job.keywords.entries or not job.complete:
            continue
        runs = [run for run in uv_runs(job, context) if _is_worth_it(run, context)]
        if not runs or not has_plain_image(job) or lacks_uv(job):
            continue  # somebody's own image may hold all that is installed
        if _may_get_environment(job, context):
            continue
        if all(_can_be_cached(run, context) for run in runs):
            yield RULE.at(
                job.name_origin,
                "uv installs in {jobs} and nothing is cached, so every run downloads and builds "
                "everything again; cache uv's folder.",
                job.name,
                fixes=partial(_fixes, job, context),
            )


def _is_worth_it(run: UvRun, context: Context) -> bool:
    """Whether it installs more than a tool or two."""
    if not run.installs or not run.fills_cache or run.call.command.subcommand[0] == "tool":
        return False
    return not may_be_configured(run, "no-cache", context)


def _may_get_environment(job: Job, context: Context) -> bool:
    """Whether another job may have installed everything, and sent it as artifacts."""
    received = senders(job, context.pipeline)
    return received is None or any(may_send(one, ".venv") for one in received)


def _can_be_cached(run: UvRun, context: Context) -> bool:
    """Whether its cache is where GitLab may keep it, or in a container, where uv puts it.

    Without a container the home folder may outlive the job, and uv's cache with it.
    """
    if cache_place(run, context).side is Side.INSIDE:
        return True
    if wants_no_container(run.job):
        return False
    is_unset = run.setting("UV_CACHE_DIR") is Absent.UNSET
    return is_unset and not run.call.command.flag("--cache-dir")


def _fixes(job: Job, context: Context) -> tuple[Fix, ...]:
    fixes = (
        _in_job(job, context),
        _in_default(job, context),
        _in_template(job, context),
    )
    return tuple(fix for fix in fixes if fix is not None and fix.edits)


def _block(job: Job, context: Context) -> dict[str, Block]:
    files: list[Block] = list(lock_files(job, context)[:1])
    key: Block = {"files": files} if files else "uv-$CI_COMMIT_REF_SLUG"
    return {"key": key, "paths": ["$UV_CACHE_DIR"]}


def _in_job(job: Job, context: Context) -> Fix | None:
    owner = job_owner(job, context)
    if owner is None:
        return None
    script = owner.get("before_script") or owner.get("script")
    edits = owner.add("cache", _block(job, context), before=script)
    pruned, pruning = own_prune(job, context)
    edits = (*_variable(job, owner), *edits, *pruned)
    changes = (
        Change(job.name, ("cache",)),
        Change(job.name, ("variables", "UV_CACHE_DIR")),
        *pruning,
    )
    return Fix("Cache uv in this job", edits, preferred=True, declares=changes)


def _in_default(job: Job, context: Context) -> Fix | None:
    root = root_owner(context)
    if root is None:
        return None
    default, block = root.get("default"), _block(job, context)
    if default is None:
        first = next((pair for pair in root.mapping.pairs if _name(pair) not in _HEAD), None)
        edits = root.add("default", {"cache": block}, before=first)
    else:
        edits = root.add_below(default, "cache", block)
    if not edits:
        return None
    edits = (*_variable(job, root), *edits)
    changes = (
        Change("", ("default", "cache")),
        Change("*", ("cache",)),
        *setting_changes("UV_CACHE_DIR"),
    )
    return Fix("Cache uv in `default`, for every job without a cache", edits, declares=changes)


def _in_template(job: Job, context: Context) -> Fix | None:
    owner, root = job_owner(job, context), root_owner(context)
    if owner is None or root is None or context.pipeline.job(_TEMPLATE) or owner.path != root.path:
        return None
    template: dict[str, Block] = {"cache": _block(job, context)}
    if "UV_CACHE_DIR" not in job.variants[0].variables:
        template = {"variables": {"UV_CACHE_DIR": _DIRECTORY}, **template}
    extends = owner.get("extends")
    if extends is None:
        first = owner.mapping.pairs[0]
        edits = owner.add("extends", _TEMPLATE, before=first)
    else:
        edits = owner.append("extends", _TEMPLATE)
    pruned, pruning = own_prune(job, context)
    edits = (*edits, *pruned, *root.append_root(_TEMPLATE, template))
    changes = (
        *pruning,
        Change(_TEMPLATE),
        Change(job.name, ("extends",)),
        Change(job.name, ("cache",)),
        Change(job.name, ("variables", "UV_CACHE_DIR")),
    )
    return Fix(f"Cache uv in a template `{_TEMPLATE}` to extend", edits, declares=changes)


def _variable(job: Job, owner: Owner) -> tuple[FileEdit, ...]:
    """The edits that put uv's cache into the project, where it is not there yet."""
    if "UV_CACHE_DIR" in job.variants[0].variables:
        return ()
    return owner.set_variable("UV_CACHE_DIR", _DIRECTORY)


def _name(pair: Pair) -> str:
    return pair.key.text if isinstance(pair.key, Scalar) else ""


RULE = Rule(
    code="UVC205",
    name="no-cache",
    severity=Severity.HINT,
    fix=FixKind.SOMETIMES,
    what="Finds jobs without any `cache:` in which uv installs a project or packages. Tools that "
    "`uvx` runs do not count, and an explicit `cache: []` is respected.",
    why="Without a cache every job downloads every wheel, and builds those that come as source. "
    "uv's cache is quick to restore once it is pruned with `uv cache prune --ci`.",
    check=check,
    examples=(
        Example(
            bad="""\
«test»:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
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
        "https://docs.astral.sh/uv/guides/integration/gitlab/#caching",
        "https://docs.gitlab.com/ci/caching/",
    ),
)
