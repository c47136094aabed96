"""UVC212: uv's cache inside the folder that is built."""

import re
from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.versions import UvVersion
from uvci.pipeline.caches import ProjectPath, Side
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand
from uvci.pipeline.values import Origin
from uvci.rules.cache.uv_caches import cache_place
from uvci.rules.edits import arrivals
from uvci.rules.places import job_owner
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.script_edits import inserted
from uvci.rules.uv_jobs import UvRun, uv_runs
from uvci.syntax.patch import Quoted
from uvci.text.patterns import lazy_re

_REFUSES = UvVersion(0, 11, 25)
_HATCHLING_SINCE = UvVersion(0, 9, 30)
_CHOOSES = lazy_re(r"^\s*\[tool\.hatch\.build\]|targets\.sdist", re.MULTILINE)


def check(context: Context) -> Iterable[Finding]:
    """Calls of `uv build` at the root of the project, with the cache somewhere below it."""
    for job in context.jobs:
        for run in uv_runs(job, context):
            place = cache_place(run, context) if _builds_here(run) else None
            if place is None or place.side is not Side.INSIDE or place.relative == ".":
                continue
            if judged := _judge(run, place, context):
                severity, reason = judged
                yield RULE.at(
                    Origin(run.call.path, run.call.span),
                    f"uv's cache `{place.relative}` lies in what is built in {{jobs}}: {reason}; "
                    "build without it.",
                    job.name,
                    severity=severity,
                    fixes=partial(_fixes, run, context),
                )


def _builds_here(run: UvRun) -> bool:
    command = run.call.command
    if command.subcommand != ("build",) or command.opaque or command.positionals:
        return False
    elsewhere = command.flag(
        "--directory", "--project", "--package", "--all-packages", "--no-cache", "-n"
    )
    return run.call.directory == "." and not elsewhere and not run.is_on("UV_NO_CACHE")


def _judge(run: UvRun, place: ProjectPath, context: Context) -> tuple[Severity, str] | None:
    version = run.version
    if version is None:
        return None
    if version == _REFUSES:
        return Severity.ERROR, f"uv {version} refuses that and exits with 2"
    is_packed = version >= _HATCHLING_SINCE and _packs_all(run, context)
    if is_packed and _is_ignored(place, context) is False:
        return Severity.WARNING, "hatchling packs it, as `.gitignore` does not name it"
    if version > _REFUSES:
        return Severity.INFO, "uv warns that it may end up in the distributions"
    return None


def _packs_all(run: UvRun, context: Context) -> bool:
    """Whether hatchling makes a source distribution, and nothing tells it what goes in."""
    backend = context.project.pyproject.build_backend or ""
    if not backend.startswith("hatchling") or context.files.exists("hatch.toml") is not False:
        return False
    wheel_only = run.call.command.flag("--wheel") and not run.call.command.flag("--sdist")
    return not wheel_only and not _CHOOSES.search(context.project.pyproject_text or "")


def _is_ignored(place: ProjectPath, context: Context) -> bool | None:
    """Whether the repository's `.gitignore` names the folder, or one above it."""
    text = context.files.read(".gitignore")
    if text is None:
        return None if context.files.exists(".gitignore") is not False else False
    folders = set(place.relative.split("/")) | {place.relative}
    lines = (line.strip().strip("/") for line in text.splitlines())
    return any(line in folders or re.search(r"[*?\[]", line) for line in lines if line)


def _fixes(run: UvRun, context: Context) -> tuple[Fix, ...]:
    """The cache off for the whole job where only builds would use it, else for this call."""
    only_builds = all(
        other.call.command.subcommand == ("build",)
        for other in uv_runs(run.job, context)
        if other.fills_cache
    )
    fixes = (*_off_for_job(run.job, context), *_off_for_call(run.call, context))
    ordered = fixes if only_builds else fixes[::-1]
    return tuple(replace(fix, preferred=fix is ordered[0]) for fix in ordered)


def _off_for_job(job: Job, context: Context) -> tuple[Fix, ...]:
    owner = job_owner(job, context)
    edits = owner.set_variable("UV_NO_CACHE", Quoted("1")) if owner else ()
    changes = owner.variable_changes("UV_NO_CACHE") if owner else ()
    fix = Fix("Switch the cache off for this job", edits, declares=changes)
    return (fix,) if edits else ()


def _off_for_call(call: JobCommand, context: Context) -> tuple[Fix, ...]:
    edits = inserted(call.line, call.command.subcommand_span.end, " --no-cache")
    fix = Fix("Build with `--no-cache`", edits, declares=arrivals(edits, context))
    return (fix,) if edits else ()


RULE = Rule(
    code="UVC212",
    name="cache-in-build",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds `uv build` of the project at the repository's root while uv keeps its cache in a "
    "folder below. An error at uv 0.11.25, which refuses to; a warning with hatchling where "
    "`.gitignore` does not name the folder.",
    why="What lies in the source tree may be packed into the source distribution, thousands of "
    "files of other packages included.",
    check=check,
    examples=(
        Example(
            bad="""\
build:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  script:
    - «uv build»
""",
            good="""\
build:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
    UV_NO_CACHE: "1"
  script:
    - uv build
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/projects/build/",
        "https://docs.astral.sh/uv/concepts/cache/",
    ),
)
