"""UVC206: a uv cache whose key no lock file enters."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.model import CacheKey, Job, KeyKind
from uvci.pipeline.scripts import uv_commands
from uvci.rules.cache.lock_files import is_lock_file, lock_files
from uvci.rules.cache.uv_caches import CachedUv, cached_uv, saves
from uvci.rules.commands.uv_missing import lacks_uv
from uvci.rules.edits import places_of, typed_pair
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import is_of_project
from uvci.syntax.patch import Block  # noqa: TC001  the annotation of a local name


def check(context: Context) -> Iterable[Finding]:
    """Saved uv caches under a constant key, a text, or files that say nothing of packages."""
    for job in context.jobs:
        for use in cached_uv(job, context) if _is_locked(job, context) else ():
            if saves(use.cache) and _ignores_packages(use.cache.key) and not lacks_uv(job):
                yield RULE.at(
                    use.cache.key.origin or use.path.plain.origin,
                    f"uv's cache has {_shown(use.cache.key)} in {{jobs}}, whichever packages are "
                    "locked, so what nobody needs any more stays in it; use the lock file as key.",
                    job.name,
                    fixes=partial(_fixes, use, context),
                )


def _is_locked(job: Job, context: Context) -> bool:
    """Whether some file says what uv installs in the job, or would once it is committed."""
    calls = uv_commands(job)
    if any(is_of_project(call) for call in calls):
        return True
    uses_pip = any(call.command.subcommand[:1] == ("pip",) for call in calls)
    return uses_pip and bool(lock_files(job, context))


def _ignores_packages(key: CacheKey) -> bool:
    match key.kind:
        case KeyKind.UNKNOWN:
            return False
        case KeyKind.FILES:
            return not any(is_lock_file(plain.text) for plain in key.files)
        case KeyKind.TEXT:
            # A variable of unknown value may hold a hash that somebody worked out elsewhere.
            expansions = key.text.expansions if key.text else ()
            pieces = [piece for expansion in expansions for piece in expansion.pieces]
            return all(p.value is not None or p.name.startswith("CI_") for p in pieces)
        case KeyKind.DEFAULT:
            return True


def _shown(key: CacheKey) -> str:
    match key.kind:
        case KeyKind.TEXT if key.text:
            return f"the key `{key.text.plain.text}`"
        case KeyKind.FILES:
            return f"a key made from {' and '.join(f'`{plain.text}`' for plain in key.files)}"
        case _:
            return "the default key"


def _fixes(use: CachedUv, context: Context) -> tuple[Fix, ...]:
    locks, key = lock_files(use.job, context), use.cache.key
    if not locks or key.kind is KeyKind.FILES:
        return ()
    prefix = key.text.plain.text if key.text and "$" in key.text.plain.text else None
    value: Block = {"files": [locks[0]], **({"prefix": prefix} if prefix else {})}
    if key.origin is None:
        paths = use.cache.value.entries["paths"].origin
        pair = typed_pair(paths, context)
        edits = pair.beside("key", value) if pair else ()
    else:
        pair = typed_pair(key.origin, context)
        edits = pair.with_value(value) if pair else ()
    declares = places_of(use.cache.value.origin, context)
    return (Fix(f"Make the key from `{locks[0]}`", edits, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC206",
    name="cache-key-without-lockfile",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds saved uv caches whose key is constant, a branch or a job, so that it stays the "
    "same when the locked packages change.",
    why="Under such a key a cache only ever grows, as packages that nobody needs any more stay in "
    "it. A key made from `uv.lock`, or from the requirements files, begins anew with them.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key: «uv»
    paths:
      - $UV_CACHE_DIR
  script:
    - uv run --locked pytest
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
        - uv.lock
    paths:
      - $UV_CACHE_DIR
  script:
    - uv run --locked pytest
    - uv cache prune --ci
""",
            files={"uv.lock": ""},
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/yaml/#cachekeyfiles",
        "https://docs.astral.sh/uv/guides/integration/gitlab/#caching",
    ),
)
