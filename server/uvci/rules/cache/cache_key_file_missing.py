"""UVC207: a cache key made of a file that is not in the repository."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.model import CacheKey, Job, KeyKind
from uvci.pipeline.values import Plain
from uvci.rules.cache.lock_files import lock_files
from uvci.rules.edits import arrivals, places_of, removed_from_list, replaced
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import uv_runs
from uvci.text.patterns import lazy_re

_PATTERN = lazy_re(r"[*?\[{$]")


def check(context: Context) -> Iterable[Finding]:
    """Key files that the repository surely does not hold; patterns are left alone."""
    for job in context.jobs:
        for cache in job.caches:
            if cache.key.kind is not KeyKind.FILES:
                continue
            missing = [plain for plain in cache.key.files if _is_missing(plain, context)]
            for plain in missing:
                yield RULE.at(
                    plain.origin,
                    f"`{plain.text}` is not in the repository, so {_key(cache.key, missing)} "
                    "in {jobs}; name a file that is committed.",
                    job.name,
                    fixes=partial(_fixes, job, plain, cache.key.files, context),
                )


def _is_missing(plain: Plain, context: Context) -> bool:
    text = plain.text.removeprefix("./")
    return not _PATTERN.search(text) and context.files.exists(text) is False


def _key(key: CacheKey, missing: list[Plain]) -> str:
    if len(missing) == len(key.files):
        prefix = f"{key.prefix.plain.text}-" if key.prefix else ""
        return f"the cache's key is the same (`{prefix}default`) whatever changes"
    return "it never changes the cache's key"


def _fixes(job: Job, plain: Plain, files: tuple[Plain, ...], context: Context) -> tuple[Fix, ...]:
    if not any(True for _ in uv_runs(job, context)):
        return ()
    named = {file.text.removeprefix("./") for file in files}
    if named.intersection(lock_files(job, context)):
        edits = removed_from_list(plain.origin, context)
        declares = places_of(plain.origin, context)
        drop = Fix(f"Drop `{plain.text}`", edits, preferred=True, declares=declares)
        return (drop,) if edits else ()
    fixes: list[Fix] = []
    for name in lock_files(job, context):
        edits = replaced(plain.origin, name, context)
        declares = arrivals(edits, context)
        fixes.append(Fix(f"Use `{name}`", edits, preferred=not fixes, declares=declares))
    return tuple(fixes[:2])


RULE = Rule(
    code="UVC207",
    name="cache-key-file-missing",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds files under `cache:key:files` that the repository does not hold. A file that a job "
    "makes does not help: GitLab works out the key before the job begins.",
    why="Without the file, the key is the word `default`: one cache for every state of the "
    "project, which only grows.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key:
      files:
        - «uv.lock»
    paths:
      - $UV_CACHE_DIR
  script:
    - uv venv
    - uv pip install -r requirements.txt
    - uv cache prune --ci
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key:
      files:
        - requirements.txt
    paths:
      - $UV_CACHE_DIR
  script:
    - uv venv
    - uv pip install -r requirements.txt
    - uv cache prune --ci
""",
            files={"requirements.txt": "ruff==0.14.0\n"},
        ),
    ),
    references=("https://docs.gitlab.com/ci/yaml/#cachekeyfiles",),
)
