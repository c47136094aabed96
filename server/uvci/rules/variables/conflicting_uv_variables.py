"""UVC305: two variables that exclude each other."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.conflicts import Conflict
from uvci.pipeline.model import Scope, Variable
from uvci.rules.conflicts import conflicts_of_variables
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Related,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import UvRun, uv_runs
from uvci.rules.variables.fixes import removed

_ORDER = tuple(Scope)


def check(context: Context) -> Iterable[Finding]:
    """Pairs that are both set where a command of the job refuses both."""
    for job in context.jobs:
        seen: set[Conflict] = set()
        for run in uv_runs(job, context):
            for conflict in conflicts_of_variables(run):
                if conflict not in seen and (found := _finding(conflict, run, context)):
                    seen.add(conflict)
                    yield found


def _finding(conflict: Conflict, run: UvRun, context: Context) -> Finding | None:
    variables = run.variant.variables
    if conflict.first not in variables or conflict.second not in variables:
        return None
    outer, inner = sorted((variables[conflict.first], variables[conflict.second]), key=_depth)
    if inner.origin is None or outer.origin is None:
        return None
    command = " ".join(("uv", *run.call.command.subcommand))
    return RULE.at(
        inner.origin,
        f"`{inner.name}` and `{outer.name}` exclude each other: `{command}` of {{jobs}} exits with "
        "2; keep one of them.",
        run.job.name,
        fixes=partial(_fixes, inner, outer, context),
        related=(Related(outer.origin.path, outer.origin.span, f"`{outer.name}` is set here"),),
    )


def _depth(variable: Variable) -> tuple[int, int]:
    """Where a variable is set: for less before for more, and above before below."""
    return _ORDER.index(variable.scope), variable.origin.span.start if variable.origin else 0


def _fixes(inner: Variable, outer: Variable, context: Context) -> tuple[Fix, ...]:
    """Either of them goes, which is for the author to say."""
    return tuple(
        replace(fix, applicability=Applicability.UNSAFE, preferred=variable is inner)
        for variable in (inner, outer)
        if variable.origin is not None
        for fix in removed(variable.name, variable.origin, context)
    )


RULE = Rule(
    code="UVC305",
    name="conflicting-uv-variables",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds variables that uv takes one at a time, both set for a job, often one at the root "
    "and one in the job: `UV_LOCKED` and `UV_FROZEN`, `UV_PUBLISH_TOKEN` and "
    "`UV_PUBLISH_USERNAME`, and others.",
    why="uv treats them like two flags that exclude each other and exits with 2. Up to uv 0.8.24 "
    "even a boolean that is switched off counts.",
    check=check,
    examples=(
        Example(
            bad="""\
variables:
  UV_FROZEN: "1"

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_LOCKED: «"1"»
    UV_NO_PROGRESS: "1"
  script:
    - uv run pytest
""",
            good="""\
variables:
  UV_FROZEN: "1"

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_NO_PROGRESS: "1"
  script:
    - uv run pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/environment/",),
)
