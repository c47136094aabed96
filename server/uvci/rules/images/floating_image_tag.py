"""UVC103: a tag that moves with every release of uv."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.neighbours import newest_pin
from uvci.catalog.publication import Published, TagKind
from uvci.catalog.tags import Tag
from uvci.catalog.versions import UvSeries
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
    """Tags without a full uv version that still move."""
    for images, found in images_with(_moves, context):
        yield RULE.at(
            tag_origin(images[0], context),
            _message(images, found),
            images[0].job.name,
            fixes=partial(_fixes, images[0], found, context),
            related=definitions(images[0]),
        )


def _moves(found: Published) -> bool:
    # A job cannot run in the distroless image: UVC104 says more about that.
    return found.kind is TagKind.FLOATING and not found.tag.is_distroless


def _message(images: list[UvImage], found: Published) -> str:
    followed = f"the newest uv {found.tag.release}" if found.tag.release else "the newest uv"
    pin = _pinned(images[0], found)
    instead = f"; pin it, as in `{pin.text}`" if pin else ""
    return (
        f"{shown_tags(images)} follows {followed}, so {{jobs}} may change without a change of "
        f"yours{instead}."
    )


def _pinned(image: UvImage, found: Published) -> Tag | None:
    if isinstance(found.tag.release, UvSeries):
        return found.tag.with_release(found.version)
    return newest_pin(image.registry, found.tag)


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    pin = _pinned(image, found)
    return retagged(image, [pin] if pin else [], context)


RULE = Rule(
    code="UVC103",
    name="floating-image-tag",
    severity=Severity.HINT,
    fix=FixKind.SOMETIMES,
    what="Finds images of uv whose tag names a variant or a minor version, but no full version.",
    why="The next release of uv reaches every job at once, and a pipeline that passed yesterday "
    "fails without a change of its own. A pinned version moves when you, or a bot, move it.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«python3.13-trixie-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.13.9-python3.13-trixie-slim
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
