"""UVC104: an image that no job can run in."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from uvci.catalog.contents import contents
from uvci.catalog.neighbours import nearest_tags, variant_tags
from uvci.catalog.publication import Published, published_versions
from uvci.catalog.tags import Tag, numbers_in
from uvci.rules.edits import places_of
from uvci.rules.images.entrypoint import with_empty_entrypoint
from uvci.rules.images.python_range import accepts
from uvci.rules.images.uses import UvImage, definitions, images_with, retagged, tag_origin
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Images of uv without a shell, as the image of a job."""
    for images, found in images_with(lambda found: contents(found).job_image is False, context):
        yield RULE.at(
            tag_origin(images[0], context),
            _message(images[0], found),
            images[0].job.name,
            fixes=partial(_fixes, images[0], found, context),
            related=definitions(images[0]),
        )


def _message(image: UvImage, found: Published) -> str:
    emptied = image.use.entrypoint == ("",)
    return (
        f"`{image.tag}` has no shell, so the runner cannot start the script of {{jobs}}"
        + (", and an empty entrypoint changes nothing about that" if emptied else "")
        + f"; use a tag that names a base, such as `{_instead(image, found)}`."
    )


def _instead(image: UvImage, found: Published) -> str:
    return next((tag.text for tag in with_shell(image, found, None)), "trixie-slim")


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    requires = context.project.requires_python
    tags = list(with_shell(image, found, requires))[:2]
    if tags and image.use.entrypoint is None and _swallows_the_shell(tags[0], found):
        return _emptied(image, tags[0], context)
    return retagged(image, tags, context)


def _swallows_the_shell(tag: Tag, found: Published) -> bool:
    """Whether uv itself is the entrypoint of the image with this tag, too."""
    return bool(contents(replace(found, tag=tag)).entrypoint)


def _emptied(image: UvImage, tag: Tag, context: Context) -> tuple[Fix, ...]:
    typed, had = image.use.name.text, image.tag
    if not tag.text.startswith(had):
        return ()
    edits = with_empty_entrypoint(image, typed + tag.text[len(had) :], context)
    declares = places_of(image.use.value.origin, context)
    title = f"Use the image `{tag.text}` with an empty entrypoint"
    return (Fix(title, edits, preferred=True, declares=declares),) if edits else ()


def with_shell(image: UvImage, found: Published, requires: str | None) -> Iterator[Tag]:
    """The same uv with a shell: for a hardened image its nearest kin, else the newest Pythons.

    `requires` is the range of Pythons that the project allows, None where any will do.
    """
    if found.tag.hardened:
        kin = (tag for tag in nearest_tags(image.registry, found.tag, 20) if not tag.hardened)
        yield from (tag for tag in kin if tag.python == found.tag.python)
        return
    slim = [tag for tag in variant_tags() if tag.python and tag.slim and "-rc" not in tag.python]
    newest = sorted(slim, key=lambda tag: (numbers_in(tag.python or ""), tag.base), reverse=True)
    for tag in newest:
        held = found.version in published_versions(image.registry, tag.variant)
        if held and accepts(requires, tag.python or ""):
            yield tag.with_release(found.tag.release)


RULE = Rule(
    code="UVC104",
    name="image-without-shell",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds jobs whose image is uv's distroless one (`latest`, `0.12`, `0.12.5`: no base in "
    "the tag) or a hardened one that has no shell.",
    why="GitLab hands the script to a shell inside the image. Where there is none, the job fails "
    'before its script begins; `entrypoint: [""]` does not bring a shell. The distroless image '
    "is meant for `COPY --from=` in a Dockerfile.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.12.5»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.14-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/docker/#available-images",
        "https://docs.astral.sh/uv/guides/integration/gitlab/",
        "https://docs.gitlab.com/ci/docker/using_docker_images/",
    ),
)
