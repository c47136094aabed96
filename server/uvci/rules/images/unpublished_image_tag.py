"""UVC101: an image tag that cannot be pulled."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.images import parse_image
from uvci.catalog.neighbours import elsewhere, neighbours
from uvci.catalog.publication import Missing, MissingReason, Published, publication
from uvci.catalog.tags import Tag
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Piece
from uvci.rules.images.entrypoint import NOISE_SINCE
from uvci.rules.images.image_without_shell import with_shell
from uvci.rules.images.uses import UvImage, definitions, retagged, tag_origin, uv_images
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.syntax.tree import Scalar, Style


def check(context: Context) -> Iterable[Finding]:
    """Tags whose absence from their registry is on record."""
    for image in uv_images(context):
        if isinstance(image.found, Missing):
            yield RULE.at(
                tag_origin(image, context),
                _message(image, image.found),
                image.job.name,
                fixes=partial(_fixes, image, image.found, context),
                related=definitions(image),
            )


def _message(image: UvImage, missing: Missing) -> str:
    nearest = _nearest(image, missing, 1)
    instead = f"; use `{nearest[0].text}`" if nearest else ""
    return (
        f"`{image.ref.name}` has no tag `{image.tag}`: {_reason(missing)}, "
        f"so {{jobs}} cannot start{instead}."
    )


def _reason(missing: Missing) -> str:  # noqa: C901  one line for each reason
    variant = f"`{missing.tag.variant}`" if missing.tag and missing.tag.variant else "the image"
    match missing.reason:
        case MissingReason.NEVER_EXISTED:
            return "it never existed"
        case MissingReason.NOT_RELEASED:
            return "there is no such release of uv"
        case MissingReason.NOT_YET:
            return f"{variant} begins with uv {missing.boundary}"
        case MissingReason.ENDED:
            return f"{variant} ended with uv {missing.boundary}"
        case MissingReason.GAP if other := elsewhere(missing):
            return f"this release was published at `{other.value}` only"
        case MissingReason.GAP:
            return "it was left out when this release was published"
        case MissingReason.LEADING_V:
            return "tags of uv have no leading `v`"
        case MissingReason.LATEST_PREFIX:
            return "`latest` stands alone, a variant without a version is the latest one"
        case MissingReason.BARE_PYTHON:
            return "the Python version needs the word `python` in front"
        case MissingReason.PYTHON_PATCH:
            return "tags name Python by its minor version only"
        case MissingReason.WRONG_ORDER:
            return "its words are in the wrong order"
        case MissingReason.NO_BASE:
            return "the operating system is missing"


def _fixes(image: UvImage, missing: Missing, context: Context) -> tuple[Fix, ...]:
    return retagged(image, _nearest(image, missing, 2), context)


def _nearest(image: UvImage, missing: Missing, count: int) -> tuple[Tag, ...]:
    """The tags to use instead: from what was typed, where YAML made another text of it."""
    ref = parse_image("".join(map(_typed, image.expansion.pieces)))
    match publication(image.registry, ref.effective_tag or ""):
        case Published() as meant:
            return (meant.tag,)
        case Missing() as meant:
            return tuple(_startable(tag, image) for tag in neighbours(meant, count))
        case _:
            return tuple(_startable(tag, image) for tag in neighbours(missing, count))


def _startable(tag: Tag, image: UvImage) -> Tag:
    """The same uv, or the first after it, in an image that starts a shell (see UVC104, UVC105)."""
    release, found = tag.release, publication(image.registry, tag.text)
    if tag.is_distroless and isinstance(found, Published):
        return next(with_shell(image, found, None), tag)
    swallows = isinstance(release, UvVersion) and release < NOISE_SINCE and not tag.is_distroless
    return tag.with_release(NOISE_SINCE) if swallows else tag


def _typed(piece: Piece) -> str:
    """What a piece would be in quotes: `3.10`, which YAML reads as 3.1."""
    variable, value = piece.variable, piece.value or ""
    if variable is None or variable.origin is None or variable.raw != value:
        return value
    node = variable.origin.node
    return node.text if isinstance(node, Scalar) and node.style is Style.PLAIN else value


RULE = Rule(
    code="UVC101",
    name="unpublished-image-tag",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Looks up every image of uv, its variables replaced as in each job and matrix entry, in "
    "the record of the tags that uv's project has published at that registry.",
    why="The runner cannot pull an image that does not exist: the job fails before its script "
    "begins, with `manifest unknown` or `not found`. Most such tags once existed, or are almost "
    "right: bookworm images ended with uv 0.9.30, and uv writes `trixie-slim` where the Python "
    "images write `slim-trixie`.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.11.16-python3.12-bookworm-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.11.16-python3.12-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
        Example(
            bad="""\
variables:
  UV_VERSION: "0.12.5"
  PYTHON_VERSION: "3.13"
  BASE_LAYER: slim-trixie

test:
  image: «ghcr.io/astral-sh/uv:$UV_VERSION-python$PYTHON_VERSION-$BASE_LAYER»
  script:
    - uv run --locked pytest
""",
            good="""\
variables:
  UV_VERSION: "0.12.5"
  PYTHON_VERSION: "3.13"
  BASE_LAYER: trixie-slim

test:
  image: ghcr.io/astral-sh/uv:$UV_VERSION-python$PYTHON_VERSION-$BASE_LAYER
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
