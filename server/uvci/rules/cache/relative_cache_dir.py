"""UVC204: a relative `UV_CACHE_DIR`, and uv called from another folder."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.caches import PROJECT_DIR
from uvci.pipeline.expansion import Place, symbolic_text
from uvci.pipeline.model import Job, Variable, Variant
from uvci.rules.cache.uv_caches import cached_uv, is_absolute
from uvci.rules.edits import arrivals, replaced
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity
from uvci.rules.settings_files import working_directory
from uvci.rules.uv_jobs import UvRun, uv_runs


def check(context: Context) -> Iterable[Finding]:
    """Relative cache folders of jobs in which uv is called from a sub-folder."""
    for job in context.jobs:
        for variable, run, folder in _moved(job, context):
            if variable.origin is not None:
                yield RULE.at(
                    variable.origin,
                    f"`{variable.raw}` is relative to where uv is called, which {{jobs}} will do "
                    f"in `{folder}`, so its cache lands in `{folder}/{variable.raw}`; put "
                    "`$CI_PROJECT_DIR/` in front.",
                    job.name,
                    fixes=partial(_fixes, variable, context),
                    related=(Related(run.call.path, run.call.span, f"this runs in `{folder}`"),),
                )


def is_moved(job: Job, context: Context) -> bool:
    """Whether a relative cache folder moves with the folder that uv is called from."""
    return any(True for _ in _moved(job, context))


def _moved(job: Job, context: Context) -> Iterable[tuple[Variable, UvRun, str]]:
    saved = {id(run) for use in cached_uv(job, context) for run in use.runs}
    for run in uv_runs(job, context):
        if id(run) in saved:
            continue  # its cache lands where the job's `cache:paths` look for it
        variable = run.variant.variables.get("UV_CACHE_DIR")
        if variable is None or not run.fills_cache or not _counts(variable, run):
            continue
        folder = working_directory(run)
        if folder not in (None, ".", "") and not folder.startswith(("/", "~", "${")):
            yield variable, run, folder
            return


def _counts(variable: Variable, run: UvRun) -> bool:
    """Whether the call takes its cache folder from the variable, and that is relative."""
    if run.call.command.flag("--cache-dir") or not run.call.command.command.is_given(variable.name):
        return False
    names = [export.name for export in run.call.exports]
    names += [assignment.name for assignment in run.call.command.command.assignments]
    return "UV_CACHE_DIR" not in names and _is_relative(variable, run.variant)


def _is_relative(variable: Variable, variant: Variant) -> bool:
    raw = variable.raw or ""
    text = symbolic_text(raw, variant, Place.RUNNER, frozenset({PROJECT_DIR}))
    return text is not None and text != "" and not is_absolute(text)


def _fixes(variable: Variable, context: Context) -> tuple[Fix, ...]:
    raw = (variable.raw or "").removeprefix("./")
    if variable.origin is None:
        return ()
    edits = replaced(variable.origin, f"$CI_PROJECT_DIR/{raw}", context)
    title = f"Set it to `$CI_PROJECT_DIR/{raw}`"
    return (Fix(title, edits, preferred=True, declares=arrivals(edits, context)),)


RULE = Rule(
    code="UVC204",
    name="relative-cache-dir",
    severity=Severity.WARNING,
    fix=FixKind.ALWAYS,
    what="Finds a relative `UV_CACHE_DIR` in jobs that call uv after `cd`, or with `--directory`.",
    why="Each call of uv looks for a relative cache folder from where it is called. What it leaves "
    "in a sub-folder is neither found by other calls nor saved by `cache:paths`.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: «.uv-cache»
  script:
    - cd backend
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  script:
    - cd backend
    - uv run --locked pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/reference/environment/#uv_cache_dir",
        "https://docs.astral.sh/uv/concepts/cache/",
    ),
)
