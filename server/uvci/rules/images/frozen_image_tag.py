"""UVC102: a tag that still pulls and never moves again."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.neighbours import current_variant
from uvci.catalog.publication import Published, TagKind
from uvci.catalog.versions import UvSeries, releases
from uvci.rules.images.uses import (
    UvImage,
    definitions,
    images_with,
    retagged,
    shown_tags,
    tag_origin,
)
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Floating tags whose variant uv's project builds no more."""
    for images, found in images_with(_is_left_behind, context):
        yield RULE.at(
            tag_origin(images[0], context),
            _message(images, found),
            images[0].job.name,
            fixes=partial(_fixes, images[0], found, context),
            related=definitions(images[0]),
        )


def _is_left_behind(found: Published) -> bool:
    """Whether releases came out that its tag would follow, were its variant still built."""
    if found.kind is not TagKind.FROZEN:
        return False
    release = found.tag.release
    followed = releases().of(release) if isinstance(release, UvSeries) else releases().versions
    return followed[-1] > found.version


def _message(images: list[UvImage], found: Published) -> str:
    current = current_variant(images[0].registry, found.tag)
    instead = f"use `{current.text}`" if current else "move to a newer Python"
    return (
        f"{shown_tags(images)} looks as if it followed uv, but {{jobs}} will stay at uv "
        f"{found.version}, the last that was built with it; {instead}."
    )


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    current = current_variant(image.registry, found.tag)
    return retagged(image, [current] if current else [], context)


RULE = Rule(
    code="UVC102",
    name="frozen-image-tag",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds tags without a full uv version whose variant is no longer built, such as all "
    "bookworm variants since uv 0.10.0.",
    why="Such a tag can still be pulled, so nothing fails; it just stays at the last uv that was "
    "built for it, without fixes, while its name promises the newest.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«python3.12-bookworm-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:python3.12-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/docker/#available-images",
        "https://docs.gitlab.com/ci/yaml/#image",
    ),
)
