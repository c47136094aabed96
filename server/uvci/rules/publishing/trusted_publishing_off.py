"""UVC503: an empty variable that keeps uv from publishing with the job's ID token."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.pipeline.shell.commands import find_commands
from uvci.rules.edits import arrivals
from uvci.rules.publishing.given import Given, source_of, without
from uvci.rules.publishing.id_tokens import SINCE, id_tokens, is_for_publishing
from uvci.rules.publishing.uploads import (
    Target,
    credential_flags,
    publish_runs,
    trusted_publishing,
    upload_target,
)
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.script_edits import rewritten
from uvci.rules.uv_jobs import Absent, UvRun, job_setting

_NAMES = ("UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME")


def check(context: Context) -> Iterable[Finding]:
    """Empty credentials in jobs that ask for an ID token to publish with."""
    for job in context.jobs:
        for run in publish_runs(job, context):
            for name in _NAMES if _publishes_with_token(run, context) else ():
                given = source_of(name, run) if run.setting(name) == "" else None
                if given is not None:
                    yield RULE.at(
                        given.origin,
                        f"uv counts the empty `{name}` as credentials, so it does not exchange the "
                        "ID token of {jobs} for upload rights; remove the variable.",
                        job.name,
                        fixes=partial(_fixes, given, run, context),
                    )


def _publishes_with_token(run: UvRun, context: Context) -> bool:
    """Whether the call would use an ID token that the job has."""
    if run.version is not None and run.version < SINCE:
        return False
    if run.call.command.opaque or credential_flags(run):
        return False
    if trusted_publishing(run, context) != "automatic":
        return False
    tokens = id_tokens(run.job, run.variant) or ()
    found = any(is_for_publishing(token) for token in tokens)
    return found and upload_target(run, context) is not Target.GITLAB


def _fixes(given: Given, run: UvRun, context: Context) -> tuple[Fix, ...]:
    """It goes; where the job sets the variable to something else too, a script unsets it."""
    fixes = without(given, context)
    if given.line is None or job_setting(given.name, run.variant) is Absent.UNSET:
        return fixes
    instead = _unset(given, context)
    return (*instead, *(replace(fix, preferred=not instead) for fix in fixes))


def _unset(given: Given, context: Context) -> tuple[Fix, ...]:
    if given.line is None or given.call is not None:
        return ()
    commands = find_commands(given.line.text)
    whole = next((one.span for one in commands if one.span.covers(given.whole)), given.whole)
    if given.line.text[whole.start : given.whole.start].strip() not in ("", "export"):
        return ()
    if whole.end != given.whole.end:
        return ()
    edits = rewritten(given.line, whole, f"unset {given.name}")
    declares = arrivals(edits, context)
    title = f"Unset `{given.name}` instead"
    return (Fix(title, edits, preferred=True, declares=declares),) if edits else ()


RULE = Rule(
    code="UVC503",
    name="trusted-publishing-off",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `UV_PUBLISH_TOKEN` and `UV_PUBLISH_USERNAME` set to nothing, by a variable or in a "
    "script, in jobs that publish and have an ID token for PyPI or TestPyPI.",
    why="uv tries trusted publishing only where it has no credentials, and an empty variable is "
    "one for it, often left over from a group or a template. It then uploads without any and is "
    "turned away.",
    check=check,
    examples=(
        Example(
            bad="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_PUBLISH_TOKEN: «""»
    UV_NO_PROGRESS: "1"
  id_tokens:
    PYPI_ID_TOKEN:
      aud: pypi
  script:
    - uv build
    - uv publish
""",
            good="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_NO_PROGRESS: "1"
  id_tokens:
    PYPI_ID_TOKEN:
      aud: pypi
  script:
    - uv build
    - uv publish
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/package/#publishing-your-package",
        "https://docs.gitlab.com/ci/yaml/#id_tokens",
    ),
)
