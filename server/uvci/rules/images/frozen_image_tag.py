"""UVC102: a tag that still pulls and never moves again."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.neighbours import current_variant
from uvci.catalog.publication import Published, TagKind
from uvci.rules.images.uses import UvImage, definitions, retagged, tag_origin, uv_images
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Floating tags whose variant uv's project builds no more."""
    for image in uv_images(context):
        if isinstance(image.found, Published) and image.found.kind is TagKind.FROZEN:
            yield RULE.at(
                tag_origin(image, context),
                _message(image, image.found),
                image.job.name,
                fixes=partial(_fixes, image, image.found, context),
                related=definitions(image),
            )


def _message(image: UvImage, found: Published) -> str:
    current = current_variant(image.registry, found.tag)
    instead = f"; use `{current.text}`" if current else ""
    return (
        f"`{image.tag}` looks as if it followed uv, but {{jobs}} will stay at uv "
        f"{found.version}, the last that was built with it{instead}."
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
