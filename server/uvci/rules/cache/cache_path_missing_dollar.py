"""UVC214: a variable's name as a cache path, without its `$`."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, replaced
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.text.patterns import lazy_re

_NAME = lazy_re(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/?")


def check(context: Context) -> Iterable[Finding]:
    """Cached paths that read like a variable, where the job has a variable of that name."""
    for job in context.jobs:
        for path in (path for cache in job.caches for path in cache.paths):
            text = path.plain.text
            name = text.rstrip("/")
            if not _NAME.fullmatch(text) or context.files.exists(name):
                continue
            if any(name in variant.variables for variant in job.variants):
                yield RULE.at(
                    path.plain.origin,
                    f"`{text}` is a folder of that name, which is not there: the cache of {{jobs}} "
                    f"stays empty; write `${text}` for the variable.",
                    job.name,
                    fixes=partial(_fixes, path.plain.origin, text, context),
                )


def _fixes(origin: Origin, text: str, context: Context) -> tuple[Fix, ...]:
    edits = replaced(origin, f"${text}", context)
    declares = arrivals(edits, context)
    return (Fix(f"Write `${text}`", edits, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC214",
    name="cache-path-missing-dollar",
    severity=Severity.WARNING,
    fix=FixKind.ALWAYS,
    what="Finds entries of `cache:paths` that are the name of one of the job's variables, without "
    "the `$` in front.",
    why="GitLab takes the entry for a folder of that name. There is none, so nothing is cached, "
    "and only a line in the job's log says so.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: .uv-cache
  cache:
    key: uv
    paths:
      - «UV_CACHE_DIR»
  script:
    - uv run --locked pytest
    - uv cache prune --ci
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: .uv-cache
  cache:
    key: uv
    paths:
      - $UV_CACHE_DIR
  script:
    - uv run --locked pytest
    - uv cache prune --ci
""",
        ),
    ),
    references=("https://docs.gitlab.com/ci/yaml/#cachepaths",),
)
