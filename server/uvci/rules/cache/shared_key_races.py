"""UVC208: jobs that overwrite each other's cache."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from uvci.catalog.images import parse_image
from uvci.catalog.tags import Tag, parse_tag
from uvci.pipeline.caches import ProjectPath, Side
from uvci.pipeline.model import CacheKey, CacheUse, Expansion, ImageUse, Job, KeyKind
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Items, Origin, Plain, Table, Value
from uvci.rules.cache.uv_caches import cached_place, cached_uv, saves
from uvci.rules.edits import places_of, typed_pair
from uvci.rules.kept import by_content
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity
from uvci.text.patterns import lazy_re

_OF_JOB = ("CI_JOB_", "CI_NODE_", "CI_RUNNER_", "CI_CONCURRENT", "CI_ENVIRONMENT_")
_OWN = "$CI_JOB_NAME_SLUG"
_VENV = ProjectPath(Side.INSIDE, ".venv")
_PYTHON_TAG = lazy_re(r"(3\.[0-9]{1,2})(?:[.-].*)?")


class _Saved(Struct, frozen=True, eq=False):
    """A cache as a job saves it with one of its sets of variables."""

    job: Job
    cache: CacheUse
    key: str
    places: frozenset[ProjectPath]
    python: str | None
    holds_uv: bool

    @property
    def origin(self) -> Origin:
        """Where its key is typed, or its first path where it has none."""
        return self.cache.key.origin or self.cache.paths[0].plain.origin


def check(context: Context) -> Iterable[Finding]:
    """Caches of uv, and environments, that another job saves differently under the same key."""
    jobs = context.jobs
    differing = _differing(jobs)
    if not differing:
        return
    groups: dict[tuple[str, object], list[_Saved]] = {}
    for job in jobs:
        if differing.isdisjoint(key for key, _ in _signatures(job)):
            continue
        for saved in _saved(job, context):
            groups.setdefault((saved.key, _conditions(job)), []).append(saved)
    pinned = context.project.python_version_file is not None
    for group in groups.values():
        told = set()
        for saved in group:
            rival = next((other for other in group if _clash(saved, other, pinned=pinned)), None)
            if rival is not None and saved.job.name not in told:
                told.add(saved.job.name)
                yield _finding(saved, rival, context)


def _differing(jobs: Sequence[Job]) -> set[str]:
    """The keys under which not all caches are alike: a cheap look before the exact one."""
    alike: dict[str, object] = {}
    return {
        key
        for signatures in _signatures.distinct(jobs)
        for key, what in signatures
        if alike.setdefault(key, what) != what
    }


@by_content
def _signatures(job: Job) -> tuple[tuple[str, object], ...]:
    """The key of each cache that the job saves, with its places and Python; for each variant."""
    found = ((key, (places, _python(job, n))) for key, places, n, _ in _keyed(job))
    return tuple(dict.fromkeys(found))


def _keyed(job: Job) -> Iterator[tuple[str, frozenset[ProjectPath], int, CacheUse]]:
    for index, cache in enumerate(job.caches):
        if not saves(cache) or not cache.complete or cache.untracked or not cache.paths:
            continue
        for number, variant in enumerate(job.variants):
            key = _signature(cache.key, number, index)
            if key is None:
                continue
            places = frozenset(cached_place(path, variant) for path in cache.paths)
            if all(place.side is Side.INSIDE for place in places):
                yield key, places, number, cache


def _saved(job: Job, context: Context) -> Iterator[_Saved]:
    uv = {id(use.cache) for use in cached_uv(job, context)}
    for key, places, number, cache in _keyed(job):
        holds_uv = id(cache) in uv or _VENV in places
        yield _Saved(job, cache, key, places, _python(job, number), holds_uv)


def _signature(key: CacheKey, variant: int, index: int) -> str | None:
    """What is equal for keys that surely are; None where that cannot be told."""
    match key.kind:
        case KeyKind.DEFAULT:
            return "default"
        case KeyKind.TEXT if key.text:
            return _shared_text(key.text.expansions[variant])
        case KeyKind.FILES:
            prefix = _shared_text(key.prefix.expansions[variant]) if key.prefix else str(index)
            files = ",".join(plain.text for plain in key.files)
            return None if prefix is None else f"{prefix}-{files}"
        case _:
            return None


def _shared_text(expansion: Expansion) -> str | None:
    """A key's text with what is the same in all jobs of a pipeline left as it is."""
    parts = []
    for piece in expansion.pieces:
        if piece.value is None and (
            not piece.name.startswith("CI_") or piece.name.startswith(_OF_JOB)
        ):
            return None
        parts.append(f"${{{piece.name}}}" if piece.value is None else piece.value)
    return "".join(parts)


def _python(job: Job, variant: int) -> str | None:
    """The Python of the job's image, as far as its tag tells; None where another may be used."""
    if "UV_PYTHON" in job.variants[variant].variables or any(
        call.command.flag("--python", "-p") for call in uv_commands(job)
    ):
        return None
    text = job.image.expansions[variant].text if isinstance(job.image, ImageUse) else None
    if text is None:
        return None
    ref = parse_image(text)
    if ref.registry is not None:
        tag = parse_tag(ref.tag or "")
        return tag.python if isinstance(tag, Tag) else None
    found = _PYTHON_TAG.fullmatch(ref.tag or "") if ref.path.endswith("python") else None
    return found[1] if found else None


def _conditions(job: Job) -> object:
    """What is equal for jobs that run in the same pipelines, on runners that share a cache."""
    names = ("rules", "only", "except", "tags")
    return tuple(_content(job.keywords.entries.get(name)) for name in names)


def _content(value: Value | None) -> object:
    """What is equal for values that say the same; the unknown is like nothing else."""
    match value:
        case Plain():
            return value.value
        case Items():
            return tuple(map(_content, value.values))
        case Table():
            return tuple((key, _content(below)) for key, below in value.entries.items())
        case _:
            return None if value is None else id(value)


def _clash(one: _Saved, other: _Saved, *, pinned: bool) -> bool:
    """Whether one upload undoes the other; `pinned`: the project says which Python is used."""
    if one is other or not (one.holds_uv or other.holds_uv):
        return False
    if one.job is not other.job and one.places != other.places:
        return True
    return (
        not pinned
        and _VENV in one.places
        and bool(one.python and other.python and one.python != other.python)
    )


def _finding(saved: _Saved, rival: _Saved, context: Context) -> Finding:
    if saved.places != rival.places:
        what = f"the different paths of job `{rival.job.name}`"
    else:
        what = "the `.venv` of different Pythons"
    related = (Related(rival.origin.path, rival.origin.span, "the other cache with this key"),)
    return RULE.at(
        saved.origin,
        f"This key of {{jobs}} also holds {what}, and each upload replaces the other; give each "
        "job a key of its own.",
        saved.job.name,
        fixes=partial(_fixes, saved, context),
        related=related if rival.origin.span != saved.origin.span else (),
    )


def _fixes(saved: _Saved, context: Context) -> tuple[Fix, ...]:
    key, pair = saved.cache.key, None
    if key.origin is not None:
        pair = typed_pair(key.origin, context)
    if pair is None or key.prefix is not None:
        return ()
    if key.text is not None:
        edits = pair.with_value(f"{key.text.plain.text}-{_OWN}")
    else:
        edits = pair.with_pair("prefix", _OWN)
    declares = places_of(key.origin, context) if key.origin else ()
    return (Fix(f"Make `{_OWN}` part of the key", edits, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC208",
    name="shared-key-races",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds caches of uv, and cached `.venv` folders, that jobs of one pipeline save under one "
    "key although their paths differ, or their Pythons do. Jobs under different rules are left "
    "out, as they may never meet.",
    why="A key names one archive, and the upload of one job replaces that of the other. The next "
    "run restores the wrong one, or an environment for another Python.",
    check=check,
    whole=True,
    examples=(
        Example(
            bad="""\
.test:
  cache:
    key: «venv»
    paths:
      - .venv
  script:
    - uv run --locked pytest

test:py312:
  extends: .test
  image: ghcr.io/astral-sh/uv:0.12.5-python3.12-trixie-slim

test:py313:
  extends: .test
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
""",
            good="""\
.test:
  cache:
    key: venv-$CI_JOB_NAME_SLUG
    paths:
      - .venv
  script:
    - uv run --locked pytest

test:py312:
  extends: .test
  image: ghcr.io/astral-sh/uv:0.12.5-python3.12-trixie-slim

test:py313:
  extends: .test
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
""",
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/yaml/#cachekey",
        "https://docs.gitlab.com/ci/caching/",
    ),
)
