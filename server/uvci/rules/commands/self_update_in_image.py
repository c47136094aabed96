"""UVC411: `uv self update` of a uv that cannot update itself."""

from collections.abc import Iterable, Sequence
from functools import partial

from uvci.pipeline.model import Job, ScriptLine
from uvci.pipeline.scripts import JobCommand, uv_commands, uv_installs
from uvci.pipeline.shell.model import InstallMethod, UvProgram
from uvci.pipeline.values import Origin
from uvci.rules.commands.redundant_uv_install import held_versions
from uvci.rules.commands.refusals import severity_of, stops
from uvci.rules.commands.uv_installs import is_for_windows, jobs_in
from uvci.rules.edits import places_of
from uvci.rules.images.plain import has_plain_image, runs_in_image
from uvci.rules.left_out import LeftOut, left_out
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.script_edits import removed_command


def check(context: Context) -> Iterable[Finding]:
    """Calls of `uv self update` in jobs whose uv comes from an image of uv, or from pip."""
    for job in context.jobs:
        calls = [call for call in uv_commands(job) if _updates(call)]
        source = _source(job) if calls else None
        if source is None:
            continue
        for call in calls:
            yield RULE.at(
                Origin(call.path, call.span),
                f"`uv self update` fails for a uv that comes from {source}, {stops(call)}. Remove "
                f"it: {_INSTEAD[source]}.",
                job.name,
                severity=severity_of(call),
                fixes=partial(_fixes, call, job, context),
            )


_IMAGE, _PIP = "the image", "pip"
_INSTEAD = {
    _IMAGE: "the image's tag says which uv runs",
    _PIP: "the requirement that pip gets says which uv runs",
}


def _updates(call: JobCommand) -> bool:
    """Whether the job's own uv is told to update itself, and a failure of that matters."""
    command = call.command
    if command.subcommand != ("self", "update") or command.flag("--help", "-h"):
        return False
    shell = command.command
    nested = any(wrapper.startswith("uv ") for wrapper in shell.wrappers)
    return command.program is UvProgram.UV and not (shell.tested or shell.function or nested)


def _source(job: Job) -> str | None:
    """Where the job's uv surely comes from; None where it may come from uv's installer."""
    if not job.complete or not runs_in_image(job) or is_for_windows(job):
        return None
    installs = [one.install for one in uv_installs(job)]
    others = [one for one in installs if one.method is not InstallMethod.SELF_UPDATE]
    if not others:
        return _IMAGE if held_versions(job) else None
    by_pip = all(one.method is InstallMethod.PIP for one in others)
    return _PIP if by_pip and not others[0].command.conditional and has_plain_image(job) else None


def _fixes(call: JobCommand, job: Job, context: Context) -> tuple[Fix, ...]:
    edits = removed_command(call.line, call.command.command.span, context)
    whole = LeftOut("Remove it", edits, places_of(call.line.plain.origin, context))
    needless = partial(_are_needless, job)
    candidates = (whole, *left_out(call.line, job, needless, context))
    fitting = [each for each in candidates if each.edits and _fail_all(each, context)]
    return tuple(
        Fix(each.title, each.edits, preferred=True, declares=each.declares) for each in fitting[:1]
    )


def _fail_all(left: LeftOut, context: Context) -> bool:
    """Whether uv cannot update itself in any of the jobs that edits reach."""
    reached = jobs_in(left.declares, context)
    return all(_source(job) for job in context.pipeline.jobs if job.name in reached)


def _are_needless(job: Job, lines: Sequence[ScriptLine]) -> bool:
    """Whether some items do nothing but tell uv to update itself."""
    spans = [(call.line, call.command.command.span) for call in uv_commands(job) if _updates(call)]
    return all(
        any(line is one and span.of(line.text) == line.text.strip() for one, span in spans)
        for line in lines
    )


RULE = Rule(
    code="UVC411",
    name="self-update-in-image",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds `uv self update` in jobs whose uv comes from an image of uv or from pip.",
    why="Only a uv that its own installer has put there can update itself: every other one exits "
    "with 2.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  before_script:
    - «uv self update»
    - uv sync --locked
  script:
    - uv run --no-sync pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  before_script:
    - uv sync --locked
  script:
    - uv run --no-sync pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/getting-started/installation/#upgrading-uv",
        "https://docs.astral.sh/uv/reference/cli/#uv-self-update",
    ),
)
