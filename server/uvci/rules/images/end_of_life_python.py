"""UVC110: an image whose Python gets no more fixes."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import Published, published_versions
from uvci.catalog.python_releases import end_of_life, is_end_of_life
from uvci.catalog.tags import Tag, numbers_in
from uvci.pipeline.model import Job
from uvci.rules.images.python_range import accepts
from uvci.rules.images.uses import (
    UvImage,
    definitions,
    pythons_of,
    retagged,
    tag_origin,
    uv_images,
    uv_images_of,
)
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Images of uv whose Python is past its end of life today; one Python of several is fine."""
    today = context.settings.today
    if today is None or len(pythons_of(context)) > 1:
        return
    for image in uv_images(context):
        found = image.found
        if not isinstance(found, Published) or not found.tag.python:
            continue
        if len(image.job.variants) > 1 or not is_end_of_life(found.tag.python, today):
            continue
        yield RULE.at(
            tag_origin(image, context),
            f"Python {found.tag.python} of {{jobs}} has had no security fixes since "
            f"{end_of_life(found.tag.python)}; move to a newer one.",
            image.job.name,
            fixes=partial(_fixes, image, found, context),
            related=definitions(image),
        )


def _concerns(job: Job, context: Context) -> bool:
    today = context.settings.today
    tags = (one.found.tag for one in uv_images_of(job) if isinstance(one.found, Published))
    return any(tag.python and today and is_end_of_life(tag.python, today) for tag in tags)


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    today = context.settings.today
    newer = sorted(
        (
            tag
            for tag in variant_tags()
            if tag.base_text == found.tag.base_text
            and tag.python
            and today
            and not is_end_of_life(tag.python, today)
            and accepts(context.project.requires_python, tag.python)
            and found.version in published_versions(image.registry, tag.variant)
        ),
        key=_python,
    )
    return retagged(image, (tag.with_release(found.tag.release) for tag in newer[:1]), context)


def _python(tag: Tag) -> tuple[int, ...]:
    return numbers_in(tag.python or "")


RULE = Rule(
    code="UVC110",
    name="end-of-life-python",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Compares the Python of uv's images with the day until which that Python gets security "
    "fixes: the end of October, five years after its release. Pipelines with "
    "several Pythons are left out.",
    why="A Python past that day collects known holes, and uv's project soon stops building images "
    "with it, as it did with 3.8.",
    check=check,
    whole=True,
    concerns=_concerns,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.12.5-python3.9-trixie-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.11-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://devguide.python.org/versions/",),
)
