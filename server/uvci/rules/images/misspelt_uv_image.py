"""UVC113: an image whose name is one slip away from uv's."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.images import ImageRef, correct_name, parse_image
from uvci.pipeline.model import Expansion, ImageUse
from uvci.rules.edits import arrivals, reworded
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Job images whose registry or repository is almost uv's."""
    for job in context.jobs:
        if not isinstance(job.image, ImageUse):
            continue
        for expansion in job.image.expansions:
            if expansion.text is None:
                continue
            image = parse_image(expansion.text)
            if (meant := correct_name(image)) is None:
                continue
            yield RULE.at(
                job.image.name.origin,
                f"There is no image `{image.name}`, so {{jobs}} cannot start; uv's image is "
                f"`{meant}`.",
                job.name,
                fixes=partial(_fixes, job.image, expansion, image, meant, context),
            )


def _fixes(
    use: ImageUse, expansion: Expansion, image: ImageRef, meant: str, context: Context
) -> tuple[Fix, ...]:
    wanted = meant + image.text[image.name_span.end :]
    edits = reworded(use.name, expansion, wanted, context)
    declares = arrivals(edits, context)
    return (Fix(f"Use `{meant}`", edits, preferred=True, declares=declares),) if edits else ()


RULE = Rule(
    code="UVC113",
    name="misspelt-uv-image",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds images whose registry or repository is one slip away from uv's: "
    "`ghrc.io/astral-sh/uv`, `ghcr.io/astral-uv/uv`, `ghcr.io/astral/uv`.",
    why="The runner cannot pull it: the job fails before its script begins. Or somebody else owns "
    "that name, and their image runs with your job's secrets.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: «ghrc.io/astral-sh/uv:0.12.5-python3.13-trixie-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/guides/integration/docker/#available-images",),
)
