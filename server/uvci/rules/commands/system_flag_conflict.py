"""UVC403: a flag that uv refuses while a variable is set."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.conflicts import Clash, Conflict
from uvci.catalog.values import is_on
from uvci.catalog.variables import find_variable
from uvci.pipeline.model import Section
from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.shell.commands import find_exports
from uvci.pipeline.shell.model import Flag
from uvci.pipeline.values import Origin
from uvci.rules.conflicts import conflicts_with_flags, value_for
from uvci.rules.edits import arrivals
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
from uvci.rules.script_edits import removed_word
from uvci.rules.uv_jobs import UvRun, uv_runs
from uvci.rules.variables.fixes import removed


def check(context: Context) -> Iterable[Finding]:
    """Flags of uv commands that this uv refuses beside a variable that is set."""
    for job in context.jobs:
        for run in uv_runs(job, context):
            if run.call.command.subcommand == ("publish",):
                continue
            for conflict, flag in conflicts_with_flags(run):
                yield _finding(conflict, flag, run, context)


def _finding(conflict: Conflict, flag: Flag, run: UvRun, context: Context) -> Finding:
    call, name = run.call, conflict.first
    variable, exported = run.variant.variables.get(name), _exported(name, run)
    assigned = any(one.name == name for one in call.command.command.assignments)
    origin = variable.origin if variable and not exported and not assigned else None
    place = exported or origin
    return RULE.at(
        Origin(call.path, span_in_file(call.line, flag.span)),
        f"uv refuses `{flag.name}` while `{name}` is {_state(conflict, run)}, so this exits with 2 "
        "in {jobs}; drop the flag or the variable.",
        run.job.name,
        fixes=partial(_fixes, name, flag, run, origin, context),
        related=(Related(place.path, place.span, f"`{name}` is set here"),) if place else (),
    )


def _exported(name: str, run: UvRun) -> Origin | None:
    """Where a script sets the variable last before a call."""
    scripts, is_after = run.job.scripts, run.call.line.section is Section.AFTER
    for line in reversed(scripts[: scripts.index(run.call.line) + 1]):
        for export in reversed(find_exports(line.text)):
            if export.name == name and (line.section is Section.AFTER) == is_after:
                return Origin(line.plain.origin.path, span_in_file(line, export.span))
    return None


def _state(conflict: Conflict, run: UvRun) -> str:
    if conflict.clash.at(run.version) is Clash.SET:
        return "set, whatever its value"
    return "on"


def _fixes(
    name: str, flag: Flag, run: UvRun, origin: Origin | None, context: Context
) -> tuple[Fix, ...]:
    edits, kind = removed_word(run.call.line, flag.span), _applicability(name, run)
    declares = arrivals(edits, context)
    drop = Fix(f"Drop `{flag.name}`", edits, kind, preferred=True, declares=declares)
    others = removed(name, origin, context) if origin else ()
    return (
        *([drop] if edits else []),
        *(replace(fix, applicability=kind, preferred=not edits) for fix in others),
    )


def _applicability(name: str, run: UvRun) -> Applicability:
    """Whether flag and variable want the same, so that one of them says it all."""
    variable, value = find_variable(name), value_for(run, name)
    agrees = variable and value is not None and is_on(variable, value) is False
    return Applicability.SAFE if agrees else Applicability.UNSAFE


RULE = Rule(
    code="UVC403",
    name="system-flag-conflict",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds flags of uv commands in jobs that set the opposite as a variable: `--no-system` "
    "beside `UV_SYSTEM_PYTHON`, and the others that this uv refuses, such as `--locked` beside "
    "`UV_FROZEN` up to uv 0.12.5. Flags of `uv publish` are looked at by UVC506.",
    why="uv does not let such a flag win over the variable: it calls them a conflict and exits "
    "with 2. `UV_SYSTEM_PYTHON` conflicts with `--no-system` whatever its value, also `0`.",
    check=check,
    examples=(
        Example(
            bad="""\
variables:
  UV_SYSTEM_PYTHON: "1"

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv venv
    - uv pip install «--no-system» ruff
""",
            good="""\
variables:
  UV_SYSTEM_PYTHON: "1"

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv venv
    - uv pip install ruff
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/gitlab/#using-uv-pip",
        "https://docs.astral.sh/uv/reference/environment/#uv_system_python",
    ),
)
