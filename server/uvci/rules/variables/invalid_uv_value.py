"""UVC303: a value that uv refuses."""

from collections.abc import Iterable, Iterator
from functools import partial

from uvci.catalog.commands import find_command, takes_variable
from uvci.catalog.values import ValueProblem, check_value
from uvci.catalog.variable import UvVariable
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job, Variable, Variant
from uvci.pipeline.releases import releases
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, replaced
from uvci.rules.publishing.given import Given, source_of
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import UvRun, job_setting, setting, uv_runs
from uvci.text.span import Span


def check(context: Context) -> Iterable[Finding]:
    """Variables whose value stops a uv command of a job, with the uv it runs."""
    for job in context.jobs:
        calls = uv_commands(job)
        for variant, release in zip(job.variants, releases(job, context.settings), strict=True):
            version = release.version if release else None
            for variable in variant.variables.values() if calls else ():
                yield from _judge(variable, variant, version, job, context)
        for run in uv_runs(job, context):
            yield from _judge_script(run, context)


def _judge(
    variable: Variable, variant: Variant, version: UvVersion | None, job: Job, context: Context
) -> Iterator[Finding]:
    origin, known = variable.origin, _known(variable.name)
    if known is None or origin is None:
        return
    text = job_setting(variable.name, variant)
    if not isinstance(text, str) or (problem := check_value(known, text, version)) is None:
        return
    stopped = [call for call in uv_commands(job) if _stops(problem, known, variant, call, text)]
    if stopped:
        what = "every uv command" if problem.breaks_every_command else _words(stopped[0])
        yield RULE.at(
            origin,
            _message(known, text, problem, what),
            job.name,
            fixes=partial(_fixes, problem, origin, context),
        )


def _judge_script(run: UvRun, context: Context) -> Iterator[Finding]:
    """What the script itself sets for a call."""
    call, job = run.call, run.job
    names = {one.name for one in call.exports}
    names |= {one.name for one in call.command.command.assignments}
    for name in sorted(names):
        known, text = _known(name), run.setting(name)
        if known is None or not isinstance(text, str):
            continue
        problem = check_value(known, text, run.version)
        if problem is None or not _stops(problem, known, run.variant, call, text):
            continue
        given = source_of(name, run)
        if given is not None and given.line is not None:
            yield RULE.at(
                given.origin,
                _message(known, text, problem, _words(call)),
                job.name,
                fixes=partial(_fixes_in_script, problem, given, context),
            )


def _known(name: str) -> UvVariable | None:
    return find_variable(name) if name.startswith("UV_") else None


def _stops(
    problem: ValueProblem, variable: UvVariable, variant: Variant, call: JobCommand, text: str
) -> bool:
    """Whether the value stops this very call: it is not set anew, and the command looks at it."""
    if setting(variable.name, variant, call) != text:
        return False
    if problem.breaks_every_command:
        return True
    found = find_command(call.command.subcommand, None)
    return found is not None and takes_variable(found.command, variable.name)


def _message(variable: UvVariable, text: str, problem: ValueProblem, what: str) -> str:
    shown = "this value" if variable.may_hold_secret else f"`{text}`" if text else "an empty value"
    code = f" with exit code {problem.exit_code}" if problem.exit_code else ""
    return (
        f"`{variable.name}` takes {problem.expects}; {shown} makes {what} of {{jobs}} fail{code}."
    )


def _words(call: JobCommand) -> str:
    return f"`{' '.join(('uv', *call.command.subcommand))}`"


def _fixes(problem: ValueProblem, origin: Origin, context: Context) -> tuple[Fix, ...]:
    if problem.nearest is None:
        return ()
    edits = replaced(origin, problem.nearest, context)
    title = f"Set it to `{problem.nearest}`"
    return (Fix(title, edits, preferred=True, declares=arrivals(edits, context)),)


def _fixes_in_script(problem: ValueProblem, given: Given, context: Context) -> tuple[Fix, ...]:
    bare = given.text.strip("\"'")
    if problem.nearest is None or not bare:
        return ()
    start = given.text.index(bare)
    edits = given.edited(Span(start, start + len(bare)), problem.nearest, context)
    title = f"Set it to `{problem.nearest}`"
    return (Fix(title, edits, preferred=True, declares=arrivals(edits, context)),)


RULE = Rule(
    code="UVC303",
    name="invalid-uv-value",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds values of uv's variables that the uv of the job refuses: words that are none of "
    "the choices, booleans that are neither on nor off, also empty ones, and numbers with a unit.",
    why="uv reads many of its variables before it does anything. A bad value in one of them stops "
    "every uv command of the job, also those that have no use for it.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_HTTP_TIMEOUT: «120s»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_HTTP_TIMEOUT: "120"
  script:
    - uv run --locked pytest
""",
        ),
        Example(
            bad="""\
variables:
  UV_FROZEN: "1"

lock:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_FROZEN: «""»
  script:
    - uv lock
""",
            good="""\
variables:
  UV_FROZEN: "1"

lock:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_FROZEN: "0"
  script:
    - uv lock
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/environment/",),
)
