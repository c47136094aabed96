"""UVC403: a flag that uv refuses while a variable is set."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.conflicts import Clash, Conflict
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.model import Flag
from uvci.pipeline.values import Origin
from uvci.rules.conflicts import conflicts_with_flags
from uvci.rules.edits import arrivals
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity
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
    variable = run.variant.variables.get(name)
    origin = variable.origin if variable else None
    related = (Related(origin.path, origin.span, f"`{name}` is set here"),) if origin else ()
    return RULE.at(
        Origin(call.path, span_in_file(call.line, flag.span)),
        f"uv refuses `{flag.name}` while `{name}` is {_state(conflict, run)}, so this exits with 2 "
        "in {jobs}; drop the flag or the variable.",
        run.job.name,
        fixes=partial(_fixes, name, flag, call, origin, context),
        related=related,
    )


def _state(conflict: Conflict, run: UvRun) -> str:
    if conflict.clash.at(run.version) is Clash.SET:
        return "set to anything"
    return "on"


def _fixes(
    name: str, flag: Flag, call: JobCommand, origin: Origin | None, context: Context
) -> tuple[Fix, ...]:
    edits = removed_word(call.line, flag.span)
    declares = arrivals(edits, context)
    drop = Fix(f"Drop `{flag.name}`", edits, preferred=True, declares=declares)
    others = removed(name, origin, context) if origin else ()
    return (*([drop] if edits else []), *(replace(fix, preferred=not edits) for fix in others))


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
