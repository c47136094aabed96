"""UVC403: a flag that uv refuses while a variable is set."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.model import Flag
from uvci.pipeline.values import Origin
from uvci.rules.conflicts import FLAG_EXCLUSIONS, FlagExclusion, counts_as_set
from uvci.rules.edits import arrivals
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity
from uvci.rules.script_edits import removed_word
from uvci.rules.uv_jobs import Absent, UvRun, uv_runs
from uvci.rules.variables.fixes import removed


def check(context: Context) -> Iterable[Finding]:
    """Flags of uv commands whose opposite is set as a variable, where that uv refuses both."""
    for job in context.jobs:
        for run in uv_runs(job, context):
            for exclusion in FLAG_EXCLUSIONS:
                flag = run.call.command.flag(exclusion.flag)
                if flag is not None and _stops(exclusion, run):
                    yield _finding(exclusion, flag, run, context)


def _stops(exclusion: FlagExclusion, run: UvRun) -> bool:
    text = run.setting(exclusion.variable)
    if isinstance(text, Absent) or exclusion.holds.at(run.version) is not True:
        return False
    return counts_as_set(exclusion.variable, text, run.version, exclusion.off_counts)


def _finding(exclusion: FlagExclusion, flag: Flag, run: UvRun, context: Context) -> Finding:
    call, name = run.call, exclusion.variable
    variable = run.variant.variables.get(name)
    origin = variable.origin if variable else None
    related = (Related(origin.path, origin.span, f"`{name}` is set here"),) if origin else ()
    return RULE.at(
        Origin(call.path, span_in_file(call.line, flag.span)),
        f"uv refuses `{flag.name}` while `{name}` is set to anything, so this exits with 2 in "
        "{jobs}; drop the flag or the variable.",
        run.job.name,
        fixes=partial(_fixes, name, flag, call, origin, context),
        related=related,
    )


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
    "`UV_FROZEN` up to uv 0.12.5.",
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
