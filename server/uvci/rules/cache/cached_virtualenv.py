"""UVC211: an environment in the cache that does not work once it is back."""

from collections.abc import Iterable, Mapping
from functools import partial

from msgspec.structs import replace

from uvci.catalog.publication import Publication, Published
from uvci.catalog.versions import UvVersion
from uvci.pipeline.caches import Side
from uvci.pipeline.model import Job, TextUse
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.rules.cache.uv_caches import HOME, cache_place, cached_place, cached_uv
from uvci.rules.edits import arrivals, replaced
from uvci.rules.images.uses import lacks_python, uv_images
from uvci.rules.places import owner_of
from uvci.rules.rule import (
    Context,
    Example,
    FileEdit,
    Finding,
    Fix,
    FixKind,
    Related,
    Rule,
    Severity,
)
from uvci.rules.script_edits import inserted
from uvci.rules.uv_jobs import (
    Absent,
    UvRun,
    adds_python,
    is_at_root,
    is_unset,
    uv_runs,
    wants_managed_python,
)
from uvci.text.patterns import lazy_re

_REFUSES_SINCE = UvVersion(0, 10, 0)
_KEEPS = ("UV_PYTHON_INSTALL_DIR", "UV_PYTHON", "XDG_DATA_HOME")
_FOLDER = ".uv-cache"
_REMOVES = lazy_re(r"\brm\b.*\.venv")


def check(context: Context) -> Iterable[Finding]:
    """Cached `.venv` folders that `uv venv` refuses, or whose Python is not there any more."""
    images = {image.job.name: image.found for image in uv_images(context)}
    for job in context.jobs:
        path = _cached_environment(job)
        if path is None:
            continue
        if _removes_it(job):
            continue
        if run := next((run for run in uv_runs(job, context) if _refuses(run)), None):
            yield _refused(job, path, run, context)
        elif _keeps_no_python(job) and (why := _downloads(job, images, context)):
            yield RULE.at(
                path.plain.origin,
                f"{why}: uv downloads one outside the project, and "
                "after the next restore `.venv` points to a Python that is gone; cache uv's own "
                "cache instead.",
                job.name,
                fixes=partial(_own_cache, path, job, context),
            )


def _downloads(job: Job, images: Mapping[str, Publication | None], context: Context) -> str:
    """Why uv brings a Python that the image lacks; empty where it may use the image's."""
    found = images.get(job.name)
    if not isinstance(found, Published):
        return ""
    if lacks_python(found) and not adds_python(job):
        return "The image of {jobs} holds no Python"
    managed = any(map(wants_managed_python, uv_runs(job, context)))
    return "Managed Pythons are asked for in {jobs}" if managed else ""


def _cached_environment(job: Job) -> TextUse | None:
    restored = (cache for cache in job.caches if cache.policy in ("pull", "pull-push"))
    for path in (path for cache in restored for path in cache.paths):
        places = [cached_place(path, variant) for variant in job.variants]
        if all(place.side is Side.INSIDE and place.relative == ".venv" for place in places):
            return path
    return None


def _removes_it(job: Job) -> bool:
    return any(_REMOVES.search(line.text) for line in job.scripts)


def _refuses(run: UvRun) -> bool:
    """Whether the call makes `.venv` anew, which this uv refuses where there is one."""
    command = run.call.command
    if run.version is None or run.version < _REFUSES_SINCE or command.subcommand != ("venv",):
        return False
    shell = command.command
    if command.opaque or shell.conditional or shell.tested or not is_at_root(run.call, run.job):
        return False
    if command.flag("--clear", "-c", "--allow-existing", "--no-project"):
        return False
    if not is_unset("UV_PROJECT_ENVIRONMENT", run.call, run.job):
        return False
    targets = [word.value for word in command.positionals]
    return targets in ([], [".venv"]) and run.setting("UV_VENV_CLEAR") is Absent.UNSET


def _keeps_no_python(job: Job) -> bool:
    """Whether project commands use a Python that uv brings, and nothing keeps that."""
    calls = [c for c in uv_commands(job) if c.command.subcommand in (("sync",), ("run",))]
    return bool(calls) and all(is_unset(name, call, job) for call in calls for name in _KEEPS)


def _refused(job: Job, path: TextUse, run: UvRun, context: Context) -> Finding:
    where = Related(run.call.path, run.call.span, "`uv venv` is called here")
    return RULE.at(
        path.plain.origin,
        f"`.venv` comes back from the cache in {{jobs}}, and `uv venv` of uv {run.version} refuses "
        "a folder that is there; cache uv's own cache instead, or pass `--clear`.",
        job.name,
        fixes=partial(_fixes, path, run, context),
        related=(where,),
    )


def _fixes(path: TextUse, run: UvRun, context: Context) -> tuple[Fix, ...]:
    others = _own_cache(path, run.job, context)
    return *_clear(run.call, context), *(replace(fix, preferred=False) for fix in others)


def _clear(call: JobCommand, context: Context) -> tuple[Fix, ...]:
    edits = inserted(call.line, call.command.subcommand_span.end, " --clear")
    declares = arrivals(edits, context)
    fix = Fix("Add `--clear` to `uv venv`", edits, preferred=True, declares=declares)
    return (fix,) if edits else ()


def _own_cache(path: TextUse, job: Job, context: Context) -> tuple[Fix, ...]:
    """The fix that keeps uv's cache where the environment was kept."""
    owner = owner_of(job.keywords.entries["cache"].origin, context)
    runs = [run for run in uv_runs(job, context) if run.fills_cache]
    places = {cache_place(run, context) for run in runs}
    if owner is None or not runs or cached_uv(job, context):
        return ()
    variable: tuple[FileEdit, ...] = ()
    if places == {HOME} and "UV_CACHE_DIR" not in job.variants[0].variables:
        text = _FOLDER
        variable = owner.set_variable("UV_CACHE_DIR", f"$CI_PROJECT_DIR/{_FOLDER}")
    elif all(place.side is Side.INSIDE for place in places):
        text = "$UV_CACHE_DIR"
    else:
        return ()
    edits = replaced(path.plain.origin, text, context)
    declares = (*arrivals(edits, context), *owner.variable_changes("UV_CACHE_DIR"))
    title = "Cache uv's own cache instead"
    fix = Fix(title, (*edits, *variable), preferred=True, declares=declares)
    return (fix,) if edits else ()


RULE = Rule(
    code="UVC211",
    name="cached-virtualenv",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds a cached `.venv` in jobs that call `uv venv` (from uv 0.10.0 on it refuses a "
    "folder that is there), and in jobs on images without Python.",
    why="An environment is tied to its Python and to the call that made it. uv's own cache is "
    "not, and makes the environment anew in seconds.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  cache:
    key: venv
    paths:
      - «.venv»
  script:
    - uv venv
    - uv pip install -r requirements.txt
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  cache:
    key: venv
    paths:
      - .venv
  script:
    - uv venv --clear
    - uv pip install -r requirements.txt
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/pip/environments/",
        "https://docs.astral.sh/uv/guides/integration/gitlab/#caching",
    ),
)
