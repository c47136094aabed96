"""UVC509: any index may provide any package."""

from collections.abc import Iterable
from functools import cache

from uvci.catalog.variables import find_variable
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.publishing.configured_indexes import configured_texts
from uvci.rules.publishing.given import settings_given
from uvci.rules.rule import Context, Example, Finding, FixKind, Rule, Severity

_NAMES = ("UV_INDEX_STRATEGY", "--index-strategy")


def check(context: Context) -> Iterable[Finding]:
    """Strategies that look further than the first index that has a package."""
    for job in context.jobs:
        if not uv_commands(job):
            continue
        for given in settings_given(job):
            if given.name in _NAMES and given.resolved in _risky():
                yield _finding(f"`{given.resolved}`", given.origin, job)
        for one in configured_texts("index-strategy", job, context):
            if one.text in _risky() and not any(x.name in _NAMES for x in settings_given(job)):
                yield _finding(f"`{one.text}` of {one.file}", one.origin, job)


def _finding(strategy: str, origin: Origin, job: Job) -> Finding:
    return RULE.at(
        origin,
        f"With {strategy} uv looks for every package of {{jobs}} on all indexes, so a public "
        "package can stand in for an internal one of the same name; drop it, and say in "
        "`tool.uv.sources` what comes from where.",
        job.name,
    )


@cache
def _risky() -> frozenset[str]:
    variable = find_variable("UV_INDEX_STRATEGY")
    return (
        frozenset(value.text for value in variable.values if value.risky)
        if variable
        else frozenset()
    )


RULE = Rule(
    code="UVC509",
    name="unsafe-index-strategy",
    severity=Severity.INFO,
    fix=FixKind.NEVER,
    what="Finds the index strategies `unsafe-best-match` and `unsafe-first-match`, as a variable, "
    "a flag or a setting of the project, in jobs that call uv.",
    why="By default uv takes a package from the first index that knows its name. Looking further "
    "opens the door to dependency confusion: whoever uploads a package with the name of an "
    "internal one to a public index, with a higher version, gets their code run in the job.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INDEX: https://pypi.example.org/simple
    UV_INDEX_STRATEGY: «unsafe-best-match»
  script:
    - uv sync
""",
            instead="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INDEX: https://pypi.example.org/simple
  script:
    - uv sync
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes",
        "https://docs.astral.sh/uv/concepts/indexes/#pinning-a-package-to-an-index",
    ),
)
