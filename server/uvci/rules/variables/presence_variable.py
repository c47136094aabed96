"""UVC308: a variable that is on as soon as it is set."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.availability import Availability
from uvci.catalog.variable import Kind
from uvci.catalog.variables import availability, find_variable
from uvci.pipeline.scripts import uv_commands
from uvci.rules.rule import Context, Example, Finding, FixKind, Rule, Severity
from uvci.rules.uv_jobs import uv_version
from uvci.rules.variables.fixes import removed
from uvci.rules.variables.settings import uv_settings

_OFF = frozenset({"", "0", "false", "no", "off", "f", "n"})


def check(context: Context) -> Iterable[Finding]:
    """Presence variables with a value that says off, in jobs that call uv."""
    for job, variable in uv_settings(context):
        known, origin = find_variable(variable.name), variable.origin
        if known is None or known.kind is not Kind.PRESENCE or origin is None:
            continue
        if variable.raw is None or variable.raw.lower() not in _OFF or not uv_commands(job):
            continue
        version = uv_version(job, context)
        if version is not None and availability(known, version) is Availability.TOO_NEW:
            continue
        shown = f"`{variable.raw}`" if variable.raw else "an empty value"
        yield RULE.at(
            origin,
            f"`{variable.name}` is on in {{jobs}}: uv only looks whether it is set, and {shown} "
            "is a value like any other; remove it.",
            job.name,
            fixes=partial(removed, variable.name, origin, context),
        )


RULE = Rule(
    code="UVC308",
    name="presence-variable",
    severity=Severity.WARNING,
    fix=FixKind.ALWAYS,
    what="Finds variables that uv takes for on whenever they are set, such as `UV_NO_WRAP`, with a "
    "value that says off.",
    why="Most of uv's switches can be turned off with `0`. These few cannot: `UV_NO_WRAP: 0` "
    "switches on what it was meant to switch off.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_LOCKED: "1"
    UV_NO_WRAP: «"0"»
  script:
    - uv run pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_LOCKED: "1"
  script:
    - uv run pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/environment/",),
)
