"""UVC306: `UV_SYSTEM_PYTHON` where nothing looks at it."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.values import is_on
from uvci.catalog.variables import find_variable
from uvci.pipeline.model import Job, Variable
from uvci.pipeline.scripts import uv_commands
from uvci.rules.rule import (
    Context,
    Example,
    Finding,
    FindingTag,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import runs_unseen_commands
from uvci.rules.variables.fixes import removed
from uvci.rules.variables.settings import name_of, uv_settings, variable_names

_NAME = "UV_SYSTEM_PYTHON"
_READERS = frozenset({("pip",), ("venv",), ("python",), ("tool",)})


def check(context: Context) -> Iterable[Finding]:
    """The variable, where every job that has it and calls uv runs project commands only."""
    users: dict[tuple[str, int], list[tuple[Job, Variable]]] = {}
    for job, variable in uv_settings(context):
        if variable.name == _NAME and variable.origin and _switches_on(variable):
            place = (variable.origin.path, variable.origin.span.start)
            users.setdefault(place, []).append((job, variable))
    for group in users.values():
        hit = [(job, variable) for job, variable in group if _only_projects(job)]
        if hit and not any(_may_use_it(job) for job, _ in group):
            yield from (_finding(job, variable, context) for job, variable in hit)


def _has_it(job: Job, _: Context) -> bool:
    return _NAME in variable_names(job)


def _switches_on(variable: Variable) -> bool:
    known = find_variable(_NAME)
    return known is not None and is_on(known, variable.raw or "") is True


def _only_projects(job: Job) -> bool:
    words = [call.command.subcommand for call in uv_commands(job)]
    return any(each in (("sync",), ("run",)) for each in words) and not _may_use_it(job)


def _may_use_it(job: Job) -> bool:
    """Whether a command of the job may look at the variable, also one that cannot be seen."""
    calls = uv_commands(job)
    if any(call.command.subcommand[:1] in _READERS or call.command.opaque for call in calls):
        return True
    return runs_unseen_commands(job)


def _finding(job: Job, variable: Variable, context: Context) -> Finding:
    origin = variable.origin or job.name_origin
    return RULE.at(
        name_of(origin),
        "`uv sync` and `uv run` always use the project's own environment, so this does nothing in "
        "{jobs}; remove it, or choose another environment with `UV_PROJECT_ENVIRONMENT`.",
        job.name,
        fixes=partial(removed, _NAME, origin, context),
        tags=(FindingTag.UNNECESSARY,),
    )


RULE = Rule(
    code="UVC306",
    name="system-python-ignored",
    severity=Severity.INFO,
    fix=FixKind.ALWAYS,
    what="Finds `UV_SYSTEM_PYTHON` in jobs that run project commands only. Set at the root, it is "
    "reported when no job has a use for it.",
    why="The variable is for `uv pip`. Project commands install into `.venv` all the same, and who "
    "expects the packages in the image's Python does not find them there.",
    check=check,
    whole=True,
    concerns=_has_it,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    «UV_SYSTEM_PYTHON»: "1"
    UV_LOCKED: "1"
  script:
    - uv sync
    - uv run pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_LOCKED: "1"
  script:
    - uv sync
    - uv run pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/reference/environment/#uv_system_python",
        "https://docs.astral.sh/uv/guides/integration/gitlab/#using-uv-pip",
    ),
)
