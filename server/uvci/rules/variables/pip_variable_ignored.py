"""UVC309: a variable of pip in a job that uses uv instead."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.variables import assumed
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.mentions import is_mentioned
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import runs_unseen_commands
from uvci.rules.variables.fixes import removed, renamed
from uvci.rules.variables.settings import name_of, typed_variables, variable_names
from uvci.text.patterns import lazy_re

_PIP = lazy_re(r"(?<!uv )(?<!uv\t)\bpip[0-9.]*\b|python[0-9.]* -m (?:pip|build|venv|ensurepip)")


def check(context: Context) -> Iterable[Finding]:
    """Pip's settings of which uv has its own, where no job that has them calls pip."""
    users: dict[tuple[str, int], list[tuple[Job, str, Origin]]] = {}
    for job, variable in typed_variables(context):
        if variable.name.startswith("PIP_") and assumed(variable.name) and variable.origin:
            place = (variable.origin.path, variable.origin.span.start)
            users.setdefault(place, []).append((job, variable.name, variable.origin))
    for group in users.values():
        name = group[0][1]
        hit = [one for one in group if uv_commands(one[0])]
        if not hit or any(_may_run_pip(job) for job, _, _ in group) or is_mentioned(name, context):
            continue
        yield from (_finding(job, name, origin, context) for job, _, origin in hit)


def _has_setting_of_pip(job: Job, _: Context) -> bool:
    return any(name.startswith("PIP_") and assumed(name) for name in variable_names(job))


def _may_run_pip(job: Job) -> bool:
    return any(_PIP.search(line.text) for line in job.scripts) or runs_unseen_commands(job)


def _finding(job: Job, name: str, origin: Origin, context: Context) -> Finding:
    known = assumed(name)
    advice = known.says.partition("; ")[2] if known else ""
    return RULE.at(
        name_of(origin),
        f"uv does not read pip's `{name}`, so it does nothing in {{jobs}}; {advice}",
        job.name,
        fixes=partial(_fixes, name, job, origin, context),
    )


def _fixes(name: str, job: Job, origin: Origin, context: Context) -> tuple[Fix, ...]:
    known = assumed(name)
    if known is None or known.use is None:
        return ()
    if known.use not in variable_names(job):
        return renamed(name, [known.use], origin, context)
    return () if is_mentioned(name, context) else removed(name, origin, context)


RULE = Rule(
    code="UVC309",
    name="pip-variable-ignored",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds `PIP_INDEX_URL` and its like in pipelines whose jobs install with uv and never "
    "call pip.",
    why="uv reads neither pip's variables nor its configuration file. A job that moved to uv "
    "silently installs from the public index, or fails to find private packages.",
    check=check,
    whole=True,
    concerns=_has_setting_of_pip,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    «PIP_INDEX_URL»: https://pypi.example.org/simple
  script:
    - uv sync --locked
    - uv run pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_DEFAULT_INDEX: https://pypi.example.org/simple
  script:
    - uv sync --locked
    - uv run pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/pip/compatibility/#configuration-files-and-environment-variables",
    ),
)
