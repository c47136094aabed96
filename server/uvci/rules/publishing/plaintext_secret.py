"""UVC501: a secret that everyone who can read the repository can read."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.tokens import find_passwords, find_tokens, is_placeholder
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.values import Origin
from uvci.rules.kept import by_content
from uvci.rules.publishing.given import Given, place_in_value, settings_given
from uvci.rules.publishing.secret_fixes import (
    address_fixes,
    script_fixes,
    setting_fixes,
    variable_fixes,
)
from uvci.rules.publishing.secrets import is_secret_flag, is_secret_variable
from uvci.rules.rule import (
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.variables.settings import variables_of


class _Secret(Struct, frozen=True, eq=False):
    """A secret, where it is typed, and what to do about it."""

    what: str
    origin: Origin
    fixes: Callable[[Context], tuple[Fix, ...]]


def check(context: Context) -> Iterable[Finding]:
    """Secrets in uv's settings, in addresses given to uv, and tokens in variables and scripts."""
    for job in context.jobs:
        told: list[Origin] = []
        for secret in _secrets(job, context):
            if any(_overlap(secret.origin, other) for other in told):
                continue
            told.append(secret.origin)
            yield RULE.at(
                secret.origin,
                f"{secret.what} stands here in plain text, and whoever can read the repository can "
                "use it just as {jobs} can; revoke it, and keep the new one as a masked CI/CD "
                "variable of the project.",
                job.name,
                fixes=partial(secret.fixes, context),
            )


def _overlap(one: Origin, other: Origin) -> bool:
    return one.path == other.path and one.span.overlaps(other.span)


def _secrets(job: Job, context: Context) -> Iterator[_Secret]:
    """The secrets of a job; one place may come twice, the better description first."""
    given = settings_given(job)
    for one in given:
        if _is_secret(one) and one.value is not None and not is_placeholder(one.value):
            yield _Secret(f"The value of `{one.name}`", one.origin, partial(setting_fixes, one))
    for one in given:
        for span in find_passwords(one.text):
            fixes = partial(address_fixes, job, one, span)
            yield _Secret(f"The password in `{one.name}`", one.place(span, context), fixes)
    yield from _tokens(job, context)


def _is_secret(given: Given) -> bool:
    if given.call is not None and given.name.startswith("-"):
        return is_secret_flag(given.name, given.call.command.subcommand)
    return is_secret_variable(given.name)


@by_content
def _has_tokens(job: Job) -> bool:
    """A cheap first look at all texts of a job together."""
    texts = [variable.raw or "" for variable in variables_of(job)]
    return any(find_tokens("\n".join([*texts, *(line.text for line in job.scripts)])))


def _tokens(job: Job, context: Context) -> Iterator[_Secret]:
    if not _has_tokens(job):
        return
    for variable in variables_of(job):
        if variable.raw is None or variable.origin is None:
            continue
        for token in find_tokens(variable.raw):
            place = place_in_value(variable.origin, variable.raw, token.span, context)
            fixes = partial(variable_fixes, job, variable, token.span)
            yield _Secret(f"{token.kind} in `{variable.name}`", place, fixes)
    for line in job.scripts:
        for token in find_tokens(line.text):
            place = replace(line.plain.origin, span=span_in_file(line, token.span))
            yield _Secret(token.kind, place, partial(script_fixes, line, token.span))


RULE = Rule(
    code="UVC501",
    name="plaintext-secret",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds passwords and tokens that are written out: in uv's own secret variables and flags, "
    "in addresses of indexes and registries, and tokens of GitLab, PyPI, GitHub and Hugging Face "
    "anywhere in variables and scripts. Values that are variables are fine. What is found is never "
    "shown: not in a report, a difference, a view or what `uvci resolve` prints.",
    why="A pipeline file is as public as its repository, for all of its history: who has the "
    "secret can publish packages in the project's name. GitLab keeps secrets in the project's "
    "CI/CD variables, masks them in logs, and hands them to uv as environment variables.",
    check=check,
    examples=(
        Example(
            bad="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_PUBLISH_USERNAME: release-bot
    UV_PUBLISH_PASSWORD: «s3cr3t-w0rd»
  script:
    - uv build
    - uv publish
""",
            good="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_PUBLISH_USERNAME: release-bot
  script:
    - uv build
    - uv publish
""",
        ),
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync --default-index https://reader:«s3cr3t-w0rd»@pypi.example.org/simple
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv sync --default-index https://reader:$PYPI_EXAMPLE_ORG_PASSWORD@pypi.example.org/simple
""",
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/variables/#cicd-variable-security",
        "https://docs.astral.sh/uv/guides/package/#publishing-your-package",
    ),
)
