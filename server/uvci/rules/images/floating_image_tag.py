"""UVC103: a tag that moves with every release of uv."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.neighbours import newest_pin
from uvci.catalog.publication import Published, TagKind
from uvci.rules.images.uses import UvImage, definitions, retagged, tag_origin, uv_images
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Tags without a full uv version that still move."""
    for image in uv_images(context):
        found = image.found
        if not isinstance(found, Published) or found.kind is not TagKind.FLOATING:
            continue
        if found.tag.is_distroless:
            continue  # a job cannot run in it: UVC104 says more
        yield RULE.at(
            tag_origin(image, context),
            _message(image, found),
            image.job.name,
            fixes=partial(_fixes, image, found, context),
            related=definitions(image),
        )


def _message(image: UvImage, found: Published) -> str:
    moves = f"release of uv {found.tag.release}" if found.tag.release else "release of uv"
    pin = newest_pin(image.registry, found.tag)
    instead = f"; pin it as `{pin.text}`" if pin else ""
    return (
        f"`{image.tag}` changes with every {moves}, so {{jobs}} may behave differently tomorrow"
        f"{instead}."
    )


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    pin = newest_pin(image.registry, found.tag)
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
