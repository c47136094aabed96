"""The images of uv that jobs run in, each with what the catalog says of its tag."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.contents import contents
from uvci.catalog.image_facts import Registry
from uvci.catalog.images import ImageRef, parse_image
from uvci.catalog.publication import (
    Publication,
    Published,
    TagKind,
    publication,
    published_versions,
)
from uvci.catalog.tags import Tag
from uvci.catalog.versions import UvVersion
from uvci.pipeline.images import leaves_image_aside
from uvci.pipeline.model import Expansion, ImageUse, Job
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, reworded
from uvci.rules.kept import by_content, by_owner
from uvci.rules.rule import Applicability, Context, Fix, Related
from uvci.text.span import Span


class UvImage(Struct, frozen=True, eq=False):
    """An image of uv in one job, its variables replaced. `found` is None for a digest."""

    job: Job
    use: ImageUse
    expansion: Expansion
    ref: ImageRef
    registry: Registry
    found: Publication | None

    @property
    def tag(self) -> str:
        """The tag that is pulled; `latest` where none is written, empty beside a digest."""
        return self.ref.effective_tag or ""


def images_with(
    wanted: Callable[[Published], bool], context: Context
) -> Iterator[tuple[list[UvImage], Published]]:
    """The images with a published tag that is `wanted`, those of one job together.

    With them comes what is on record of the first.
    """
    groups: dict[str, tuple[list[UvImage], Published]] = {}
    for image in uv_images(context):
        if isinstance(image.found, Published) and wanted(image.found):
            groups.setdefault(image.job.name, ([], image.found))[0].append(image)
    yield from groups.values()


def uv_images(context: Context) -> Iterator[UvImage]:
    """Every image of uv, once for each job and text.

    Jobs with an unknown image have none, and those that leave theirs aside neither.
    """
    for job in context.jobs:
        if not leaves_image_aside(job):
            yield from uv_images_of(job)


def pythons_of(context: Context) -> frozenset[str]:
    """The Pythons in uv's images, over all jobs of the pipeline."""
    images = (image for job in context.pipeline.jobs for image in uv_images_of(job))
    return frozenset(
        image.found.tag.python
        for image in images
        if isinstance(image.found, Published) and image.found.tag.python
    )


@by_owner
def uv_images_of(job: Job) -> tuple[UvImage, ...]:
    """Every image of uv that the job may run in, once for each text."""
    return tuple(_uv_images_of(job))


def _uv_images_of(job: Job) -> Iterator[UvImage]:
    if not isinstance(job.image, ImageUse):
        return
    distinct = {e.text: e for e in job.image.expansions if e.text is not None}
    for text, expansion in distinct.items():
        ref = parse_image(text)
        if ref.registry is None:
            continue
        tag = ref.effective_tag
        found = None if tag is None else publication(ref.registry, tag)
        yield UvImage(job, job.image, expansion, ref, ref.registry, found)


@by_content
def pinned_versions(job: Job) -> frozenset[UvVersion]:
    """The releases of uv that the images pin which the job runs in."""
    if leaves_image_aside(job):
        return frozenset()
    return frozenset(
        image.found.version
        for image in uv_images_of(job)
        if isinstance(image.found, Published) and image.found.kind is TagKind.PINNED
    )


def shown_tags(images: Sequence[UvImage]) -> str:
    """The tags of one job's images in a sentence; a matrix may have many."""
    first = f"`{images[0].tag}`"
    return first if len(images) == 1 else f"{first} (and {len(images) - 1} more of the matrix)"


def lacks_python(found: Published) -> bool:
    """Whether uv surely finds no Python in the image; the large Debian ones hold Debian's."""
    inside = contents(found)
    return inside.python is None and not (inside.base_image or "").startswith("buildpack-deps")


def tag_origin(image: UvImage, context: Context) -> Origin:
    """Where the tag is typed: just the tag where it stands there as it is, else the whole name."""
    origin, span = image.use.name.origin, image.ref.tag_span
    file = context.pipeline.file(origin.path)
    if file is None or span is None or origin.node is None:
        return origin
    at = file.document.text.find(image.expansion.text or "", origin.node.span.start)
    if at < 0 or not origin.node.span.covers(whole := Span(at, at + len(image.ref.text))):
        return origin
    return replace(origin, span=span.shift(whole.start))


def definitions(image: UvImage) -> tuple[Related, ...]:
    """Where the variables are set that the image's name is made of."""
    used = {
        piece.variable.origin.span: Related(
            piece.variable.origin.path, piece.variable.origin.span, f"`{piece.name}` is set here"
        )
        for piece in image.expansion.pieces
        if piece.variable is not None and piece.variable.origin is not None
    }
    return tuple(used.values())


def upgraded(job: Job, wanted: Callable[[UvVersion], bool], context: Context) -> tuple[Fix, ...]:
    """The fix that gives a job the first uv that is `wanted`, in the same variant of its image.

    The author must agree: another uv may do more things another way.
    """
    for image in uv_images_of(job):
        if isinstance(image.found, Published) and image.found.tag.is_pinned:
            tag = image.found.tag
            fitting = filter(wanted, published_versions(image.registry, tag.variant))
            fixes = retagged(image, map(tag.with_release, islice(fitting, 1)), context)
            return tuple(replace(fix, applicability=Applicability.UNSAFE) for fix in fixes)
    return ()


def retagged(image: UvImage, tags: Iterable[Tag], context: Context) -> tuple[Fix, ...]:
    """A fix for each tag that puts it in place, the first preferred."""
    fixes = [fix for tag in tags if (fix := _retag(image, tag, context)).edits]
    return tuple(replace(fix, preferred=fix is fixes[0]) for fix in fixes)


def _retag(image: UvImage, tag: Tag, context: Context) -> Fix:
    name = f"{image.ref.name}:{tag.text}"
    edits = reworded(image.use.name, image.expansion, name, context)
    return Fix(f"Use the image `{tag.text}`", edits, declares=arrivals(edits, context))
