"""UVC105: an entrypoint where uv's image needs one, and where it does not."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.contents import contents
from uvci.catalog.publication import Published
from uvci.catalog.versions import UvVersion
from uvci.pipeline.values import Origin, Table
from uvci.rules.edits import places_of, replaced, typed_pair
from uvci.rules.images.uses import UvImage, tag_origin, uv_images
from uvci.rules.rule import (
    Context,
    Example,
    FileEdit,
    Finding,
    FindingTag,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.syntax.patch import Verbatim

NOISE_SINCE = UvVersion(0, 4, 6)
"""The first uv whose images leave the entrypoint empty."""


def check(context: Context) -> Iterable[Finding]:
    """Images whose entrypoint swallows the shell, and overrides that change nothing."""
    for image in uv_images(context):
        found = image.found
        if not isinstance(found, Published) or contents(found).job_image is not True:
            continue
        if contents(found).entrypoint and image.use.entrypoint is None:
            yield _needed(image, found, context)
        elif image.use.entrypoint == ("",) and found.version >= NOISE_SINCE:
            yield from _needless(image, context)


def _needed(image: UvImage, found: Published, context: Context) -> Finding:
    return RULE.at(
        tag_origin(image, context),
        f"The images of uv {found.version} start uv instead of a shell, so the script of {{jobs}} "
        'never begins; set `entrypoint: [""]`, or use uv 0.4.6 or later.',
        image.job.name,
        fixes=partial(emptied, image, context),
    )


def _needless(image: UvImage, context: Context) -> Iterable[Finding]:
    value = image.use.value
    entrypoint = value.entries.get("entrypoint") if isinstance(value, Table) else None
    if entrypoint is not None:
        yield RULE.at(
            entrypoint.origin,
            f"`{image.tag}` has no entrypoint to remove: this line changes nothing in {{jobs}}.",
            image.job.name,
            severity=Severity.HINT,
            fixes=partial(_remove, entrypoint.origin, context),
            tags=(FindingTag.UNNECESSARY,),
        )


def emptied(image: UvImage, context: Context) -> tuple[Fix, ...]:
    """The fix that gives an image an empty entrypoint; none where it is typed under no key."""
    edits = with_empty_entrypoint(image, image.use.name.text, context)
    declares = places_of(image.use.value.origin, context)
    fix = Fix('Add `entrypoint: [""]`', edits, preferred=True, declares=declares)
    return (fix,) if edits else ()


def with_empty_entrypoint(image: UvImage, name: str, context: Context) -> tuple[FileEdit, ...]:
    """The edits after which an image has this name and an empty entrypoint."""
    old, empty = image.use.name, Verbatim('[""]')
    pair = typed_pair(old.origin, context)
    if pair is None:
        return ()
    if not isinstance(image.use.value, Table):
        return pair.with_value({"name": name, "entrypoint": empty})
    renamed = replaced(old.origin, name, context) if name != old.text else ()
    return (*renamed, *pair.beside("entrypoint", empty))


def _remove(origin: Origin, context: Context) -> tuple[Fix, ...]:
    pair = typed_pair(origin, context)
    if pair is None:
        return ()
    declares = places_of(origin, context)
    return (Fix("Remove `entrypoint`", pair.removed(), preferred=True, declares=declares),)


RULE = Rule(
    code="UVC105",
    name="entrypoint",
    severity=Severity.ERROR,
    fix=FixKind.ALWAYS,
    what='Finds images of uv 0.4.4 and 0.4.5 without `entrypoint: [""]`. From 0.4.6 on such a '
    "line is noise, and reported as a hint.",
    why="The runner starts a shell in the image. The first images with a base had uv itself as "
    "their entrypoint, which takes `sh` for a command of its own and fails. All later ones have "
    "none.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.4.5-python3.12-bookworm»
  script:
    - uv run pytest
""",
            good="""\
test:
  image:
    name: ghcr.io/astral-sh/uv:0.4.5-python3.12-bookworm
    entrypoint: [""]
  script:
    - uv run pytest
""",
        ),
        Example(
            bad="""\
test:
  image:
    name: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
    entrypoint: «[""]»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image:
    name: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/docker/using_docker_images/#override-the-entrypoint-of-an-image",
        "https://docs.astral.sh/uv/guides/integration/gitlab/",
    ),
)
