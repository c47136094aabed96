"""UVC304: a variable that has a new name."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.availability import Availability
from uvci.catalog.variable import Deprecation
from uvci.catalog.variables import availability, find_variable
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job, Variable
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.mentions import is_mentioned
from uvci.rules.rule import Context, Example, Finding, FindingTag, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import uv_version
from uvci.rules.variables.fixes import renamed
from uvci.rules.variables.settings import name_of, uv_settings, variable_names


def check(context: Context) -> Iterable[Finding]:
    """Old names, where every job that has one and calls uv knows the new name."""
    users: dict[tuple[str, int], list[tuple[Job, Variable, Deprecation]]] = {}
    for job, variable in uv_settings(context):
        known = find_variable(variable.name)
        if known and known.deprecated and variable.origin and uv_commands(job):
            place = (variable.origin.path, variable.origin.span.start)
            users.setdefault(place, []).append((job, variable, known.deprecated))
    for group in users.values():
        if is_mentioned(group[0][1].name, context):
            continue  # what mentions it would have to change too
        if all(_is_late_enough(old, uv_version(job, context)) for job, _, old in group):
            yield from (_finding(job, variable, old, context) for job, variable, old in group)


def _has_old_name(job: Job, _: Context) -> bool:
    known = (find_variable(name) for name in variable_names(job) if name.startswith("UV_"))
    return any(variable and variable.deprecated for variable in known)


def _is_late_enough(old: Deprecation, version: UvVersion | None) -> bool:
    new = find_variable(old.replacement)
    if version is None or new is None:
        return False
    return version >= old.since and availability(new, version) is Availability.KNOWN


def _finding(job: Job, variable: Variable, old: Deprecation, context: Context) -> Finding:
    origin = variable.origin or job.name_origin
    warns = uv_version(job, context)
    loud = old.warns_since and warns and warns >= old.warns_since
    return RULE.at(
        name_of(origin),
        f"`{variable.name}` is the old name of `{old.replacement}` since uv {old.since}"
        + (", and uv warns about it" if loud else "")
        + "; rename it.",
        job.name,
        fixes=partial(_fixes, variable.name, old.replacement, origin, context),
        tags=(FindingTag.DEPRECATED,),
    )


def _fixes(name: str, new: str, origin: Origin, context: Context) -> tuple[Fix, ...]:
    return renamed(name, [new], origin, context)


RULE = Rule(
    code="UVC304",
    name="deprecated-uv-variable",
    severity=Severity.HINT,
    fix=FixKind.ALWAYS,
    what="Finds variables that uv has renamed, where the uv of every job concerned knows the new "
    "name.",
    why="Old names work until a release drops them, some with a warning in every job's log.",
    check=check,
    whole=True,
    concerns=_has_old_name,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    «UV_EXTRA_INDEX_URL»: https://pypi.example.org/simple
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INDEX: https://pypi.example.org/simple
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/environment/",),
)
