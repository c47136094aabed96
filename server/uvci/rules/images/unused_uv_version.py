"""UVC114: a variable that says which uv to use, and nothing that reads it."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.publication import Published, TagKind, published_versions
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job, Variable
from uvci.rules.edits import arrivals, replaced
from uvci.rules.images.uses import UvImage, uv_images
from uvci.rules.mentions import is_mentioned
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.variables.settings import typed_variables, variable_names
from uvci.text.patterns import lazy_re

_NAME = lazy_re(r"UV_(?:[A-Z]+_)?VERSION|[A-Z]+_UV_VERSION")


def check(context: Context) -> Iterable[Finding]:
    """Variables named after uv's version that nothing mentions, beside an image of another uv."""
    images = {image.job.name: image for image in uv_images(context)}
    mentioned: dict[str, bool] = {}
    for job, variable in typed_variables(context):
        if not _NAME.fullmatch(variable.name) or job.name not in images:
            continue
        image, origin = images[job.name], variable.origin
        if origin is None or not (other := _other_uv(variable, image)):
            continue
        if variable.name not in mentioned:
            mentioned[variable.name] = is_mentioned(variable.name, context)
        if not mentioned[variable.name]:
            yield RULE.at(
                origin,
                f"`{variable.name}` says {variable.raw} but nothing reads it: {{jobs}} will run "
                f"{other}; compose the image's tag from it, or remove it.",
                job.name,
                fixes=partial(_fixes, variable, image, context),
            )


def _has_such_a_name(job: Job, _: Context) -> bool:
    return any(map(_NAME.fullmatch, variable_names(job)))


def _other_uv(variable: Variable, image: UvImage) -> str | None:
    """What the image runs, where that is not what the variable says."""
    wanted = UvVersion.parse(variable.raw or "")
    if wanted is None or not isinstance(image.found, Published):
        return None
    match image.found.kind:
        case TagKind.PINNED if image.found.version == wanted:
            return None
        case TagKind.FLOATING:
            return f"whichever uv is newest, by `{image.tag}`"
        case _:
            return f"uv {image.found.version}, by `{image.tag}`"


def _fixes(variable: Variable, image: UvImage, context: Context) -> tuple[Fix, ...]:
    name, version = image.use.name, UvVersion.parse(variable.raw or "")
    found = image.found
    if not isinstance(found, Published) or not version or name.text != image.expansion.text:
        return ()
    if version not in published_versions(image.registry, found.tag.variant):
        return ()
    tag = "-".join(filter(None, (f"${{{variable.name}}}", found.tag.variant)))
    edits = replaced(name.origin, f"{image.ref.name}:{tag}", context)
    title = f"Use the image `{tag}`"
    declares = arrivals(edits, context)
    return (Fix(title, edits, Applicability.UNSAFE, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC114",
    name="unused-uv-version",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `UV_VERSION`, or a variable named like it, that nothing in the pipeline or the "
    "repository's build files mentions, in jobs whose image holds another uv or a floating one.",
    why="uv itself does not read `UV_VERSION`. Whoever updates it believes in a version that no "
    "job runs.",
    check=check,
    whole=True,
    concerns=_has_such_a_name,
    examples=(
        Example(
            bad="""\
variables:
  UV_VERSION: «0.12.5»

test:
  image: ghcr.io/astral-sh/uv:python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
            good="""\
variables:
  UV_VERSION: 0.12.5

test:
  image: ghcr.io/astral-sh/uv:${UV_VERSION}-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/guides/integration/gitlab/",),
)
