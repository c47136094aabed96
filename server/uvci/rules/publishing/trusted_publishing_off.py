"""UVC503: an empty variable that keeps uv from publishing with the job's ID token."""

from collections.abc import Iterable
from functools import partial

from uvci.rules.publishing.given import Given, settings_given
from uvci.rules.publishing.id_tokens import SINCE, id_tokens, is_for_publishing
from uvci.rules.publishing.uploads import (
    Target,
    credential_flags,
    publish_runs,
    trusted_publishing,
    upload_target,
)
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import UvRun
from uvci.rules.variables.fixes import removed

_NAMES = ("UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME")


def check(context: Context) -> Iterable[Finding]:
    """Empty credentials in jobs that ask for an ID token to publish with."""
    for job in context.jobs:
        for run in publish_runs(job, context):
            if not _publishes_with_token(run, context):
                continue
            for given in settings_given(job):
                if given.name in _NAMES and given.text.strip("\"'") == "" and _is_empty(given, run):
                    yield RULE.at(
                        given.origin,
                        f"uv counts the empty `{given.name}` as credentials, so it does not "
                        "exchange the ID token of {jobs} for upload rights; remove the variable.",
                        job.name,
                        fixes=partial(_fixes, given, context),
                    )


def _is_empty(given: Given, run: UvRun) -> bool:
    return run.setting(given.name) == ""


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


def _fixes(given: Given, context: Context) -> tuple[Fix, ...]:
    return removed(given.name, given.origin, context) if given.line is None else ()


RULE = Rule(
    code="UVC503",
    name="trusted-publishing-off",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `UV_PUBLISH_TOKEN` and `UV_PUBLISH_USERNAME` set to nothing in jobs that publish "
    "and have an ID token for PyPI or TestPyPI.",
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
