"""UVC301: a `UV_` name that no uv reads."""

from collections.abc import Iterable
from functools import lru_cache, partial

from uvci.catalog.variables import assumed, nearest
from uvci.pipeline.model import Job, Scope
from uvci.pipeline.values import Origin
from uvci.rules.mentions import is_mentioned
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.variables.fixes import renamed
from uvci.rules.variables.settings import name_of, uv_settings, variable_names


def check(context: Context) -> Iterable[Finding]:
    """Names near one that uv reads, or often taken for one, that nothing else mentions."""
    wrong: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    for job, variable in uv_settings(context):
        name, origin = variable.name, variable.origin
        if name not in wrong:
            advice = _advice(name)
            wrong[name] = "" if not advice or is_mentioned(name, context) else advice
        if wrong[name] and origin is not None and (job.name, name) not in told:
            if variable.scope is Scope.MATRIX:
                told.add((job.name, name))  # each of its values is a place of its own
            yield RULE.at(
                name_of(origin),
                f"No uv reads `{name}`, so it does nothing in {{jobs}}. {wrong[name]}",
                job.name,
                fixes=partial(_fixes, name, origin, context),
            )


def _has_wrong_name(job: Job, _: Context) -> bool:
    return any(_advice(name) for name in variable_names(job) if name.startswith("UV_"))


@lru_cache(maxsize=1000)
def _advice(name: str) -> str:
    if known := assumed(name):
        return known.says
    meant = nearest(name)
    return f"Did you mean `{meant[0]}`?" if meant else ""


def _fixes(name: str, origin: Origin, context: Context) -> tuple[Fix, ...]:
    known = assumed(name)
    names = ([known.use] if known.use else []) if known else nearest(name)[:2]
    return renamed(name, [new for new in names if "{" not in new], origin, context)


RULE = Rule(
    code="UVC301",
    name="unknown-uv-variable",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `UV_` variables that no uv reads: those one or two letters away from a name that "
    "uv reads, and those often taken for one. A name that anything in the pipeline or in the "
    "repository's build files mentions is the project's own, and left alone.",
    why="uv ignores variables that it does not know, without a word. The job passes, without the "
    "setting.",
    check=check,
    whole=True,
    concerns=_has_wrong_name,
    examples=(
        Example(
            bad="""\
variables:
  «UV_CONCURRENT_DOWNLOAD»: "4"

test:
  script:
    - uv run --locked pytest
""",
            good="""\
variables:
  UV_CONCURRENT_DOWNLOADS: "4"

test:
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/environment/",),
)
