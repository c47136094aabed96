"""UVC213: a Python that uv downloads in every run of a job that has a cache."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import Published, published_versions
from uvci.catalog.tags import Tag, numbers_in
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.values import Items, Origin
from uvci.rules.cache.uv_caches import CachedUv, cached_uv, saves
from uvci.rules.edits import places_of, setting_changes, typed_pair
from uvci.rules.images.python_range import accepts
from uvci.rules.images.uses import UvImage, lacks_python, retagged, tag_origin, uv_images
from uvci.rules.places import owner_of
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import adds_python, is_unset, uv_runs, wants_managed_python

_KEEPS = ("UV_PYTHON_INSTALL_DIR", "UV_PYTHON_CACHE_DIR", "XDG_DATA_HOME")
_DIRECTORY = "$CI_PROJECT_DIR/.uv-python"


def check(context: Context) -> Iterable[Finding]:
    """Jobs that save uv's cache, while the Pythons that uv installs stay outside of it."""
    images = {image.job.name: image for image in uv_images(context)}
    for job in context.jobs:
        saved = next((use for use in cached_uv(job, context) if saves(use.cache)), None)
        if saved is None or not _keeps_none(job):
            continue
        image = images.get(job.name)
        managed = _managed(image, context)
        if call := _installs_python(job) or managed:
            origin = Origin(call.path, call.span)
        elif image and _is_bare(image) and _needs_python(job) and not adds_python(job):
            origin = tag_origin(image, context)
        else:
            continue
        yield RULE.at(
            origin,
            "uv downloads a Python in every run of {jobs}: its cache does not hold those; "
            + ("" if call and call is managed else "use an image with that Python, or ")
            + "keep `UV_PYTHON_INSTALL_DIR` in the project and cache it.",
            job.name,
            fixes=partial(_fixes, saved, None if call else image, context),
        )


def _keeps_none(job: Job) -> bool:
    return all(is_unset(name, call, job) for call in uv_commands(job) for name in _KEEPS)


def _installs_python(job: Job) -> JobCommand | None:
    calls = (call for call in uv_commands(job) if call.command.subcommand == ("python", "install"))
    always = (call for call in calls if not call.command.command.conditional)
    return next((c for c in always if not c.command.flag("--install-dir", "-i")), None)


def _managed(image: UvImage | None, context: Context) -> JobCommand | None:
    """The call that passes over the Pythons of an image of uv, which holds none of uv's own."""
    if image is None or not isinstance(image.found, Published):
        return None
    runs = uv_runs(image.job, context)
    return next((run.call for run in runs if wants_managed_python(run)), None)


def _is_bare(image: UvImage) -> bool:
    return isinstance(image.found, Published) and lacks_python(image.found)


def _needs_python(job: Job) -> bool:
    return any(call.command.subcommand in (("sync",), ("run",)) for call in uv_commands(job))


def _fixes(saved: CachedUv, image: UvImage | None, context: Context) -> tuple[Fix, ...]:
    found = image.found if image else None
    if image and isinstance(found, Published):
        retags = retagged(image, _with_python(image, found, context)[:1], context)
    else:
        retags = ()
    keep = _keep(saved, context)
    return (*retags, *([replace(keep, preferred=not retags)] if keep else []))


def _with_python(image: UvImage, found: Published, context: Context) -> list[Tag]:
    """The same release on the same base, with the newest Python that the project accepts."""
    bases = (found.tag.base_text, "trixie-slim", "bookworm-slim")
    tags = [
        tag.with_release(found.tag.release)
        for tag in variant_tags()
        if tag.python
        and "rc" not in tag.python
        and tag.base_text in bases
        and accepts(context.project.requires_python, tag.python)
        and found.version in published_versions(image.registry, tag.variant)
    ]
    return sorted(
        tags,
        key=lambda tag: (bases.index(tag.base_text), [-n for n in numbers_in(tag.python or "")]),
    )


def _keep(saved: CachedUv, context: Context) -> Fix | None:
    owner = owner_of(saved.job.keywords.entries["cache"].origin, context)
    paths = saved.cache.value.entries.get("paths")
    pair = typed_pair(paths.origin, context) if isinstance(paths, Items) else None
    if owner is None or pair is None or paths is None:
        return None
    edits = (
        *owner.set_variable("UV_PYTHON_INSTALL_DIR", _DIRECTORY),
        *pair.with_item("$UV_PYTHON_INSTALL_DIR"),
    )
    declares = (*setting_changes("UV_PYTHON_INSTALL_DIR"), *places_of(paths.origin, context))
    return Fix("Cache the Pythons too", edits, declares=declares)


RULE = Rule(
    code="UVC213",
    name="python-downloads-not-cached",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds jobs that save uv's cache and install a Python with `uv python install`, or run a "
    "project on an image of uv without Python or with managed Pythons only, while "
    "`UV_PYTHON_INSTALL_DIR` is not set.",
    why="The Pythons that uv installs are not part of its cache. They are downloaded again in "
    "every job, while the cache makes it look as if nothing was.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.12.5-trixie-slim»
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
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.14-trixie-slim
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
        "https://docs.astral.sh/uv/guides/install-python/",
        "https://docs.astral.sh/uv/reference/environment/#uv_python_install_dir",
    ),
)
