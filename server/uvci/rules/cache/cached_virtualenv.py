"""UVC211: an environment in the cache that does not work once it is back."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.publication import Published
from uvci.catalog.versions import UvVersion
from uvci.pipeline.caches import Side
from uvci.pipeline.model import Job, TextUse
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.rules.cache.uv_caches import cached_place
from uvci.rules.edits import arrivals
from uvci.rules.images.uses import lacks_python, uv_images
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity
from uvci.rules.script_edits import inserted
from uvci.rules.uv_jobs import Absent, UvRun, uv_runs

_REFUSES_SINCE = UvVersion(0, 10, 0)


def check(context: Context) -> Iterable[Finding]:
    """Cached `.venv` folders that `uv venv` refuses, or whose Python is not there any more."""
    bare = {
        image.job.name
        for image in uv_images(context)
        if isinstance(image.found, Published) and lacks_python(image.found)
    }
    for job in context.jobs:
        path = _cached_environment(job)
        if path is None:
            continue
        if run := next((run for run in uv_runs(job, context) if _refuses(run)), None):
            yield _refused(job, path, run, context)
        elif job.name in bare and _keeps_no_python(job):
            yield RULE.at(
                path.plain.origin,
                "The image of {jobs} holds no Python: uv downloads one outside the project, and "
                "after the next restore `.venv` points to a Python that is gone; cache uv's own "
                "cache instead.",
                job.name,
            )


def _cached_environment(job: Job) -> TextUse | None:
    for path in (path for cache in job.caches for path in cache.paths):
        places = [cached_place(path, variant) for variant in job.variants]
        if all(place.side is Side.INSIDE and place.relative == ".venv" for place in places):
            return path
    return None


def _refuses(run: UvRun) -> bool:
    """Whether the call makes `.venv` anew, which this uv refuses where there is one."""
    command = run.call.command
    if run.version is None or run.version < _REFUSES_SINCE or command.subcommand != ("venv",):
        return False
    if command.opaque or command.command.conditional or run.call.directory != ".":
        return False
    if command.flag("--clear", "-c", "--allow-existing", "--no-project", "--directory"):
        return False
    targets = [word.value for word in command.positionals]
    return targets in ([], [".venv"]) and run.setting("UV_VENV_CLEAR") is Absent.UNSET


def _keeps_no_python(job: Job) -> bool:
    """Whether project commands use a Python that uv brings, and nothing keeps that."""
    names = ("UV_PYTHON_INSTALL_DIR", "UV_PYTHON")
    if any(name in variant.variables for variant in job.variants for name in names):
        return False
    calls = uv_commands(job)
    return any(call.command.subcommand in (("sync",), ("run",)) for call in calls)


def _refused(job: Job, path: TextUse, run: UvRun, context: Context) -> Finding:
    where = Related(run.call.path, run.call.span, "`uv venv` is called here")
    return RULE.at(
        path.plain.origin,
        f"`.venv` comes back from the cache in {{jobs}}, and `uv venv` of uv {run.version} refuses "
        "a folder that is there; cache uv's own cache instead, or pass `--clear`.",
        job.name,
        fixes=partial(_clear, run.call, context),
        related=(where,),
    )


def _clear(call: JobCommand, context: Context) -> tuple[Fix, ...]:
    edits = inserted(call.line, call.command.subcommand_span.end, " --clear")
    declares = arrivals(edits, context)
    fix = Fix("Add `--clear` to `uv venv`", edits, preferred=True, declares=declares)
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
