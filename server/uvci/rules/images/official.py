"""The plain official images that jobs run in, and how uv's own takes their place."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.catalog.image_facts import Registry
from uvci.catalog.images import ImageRef, parse_image
from uvci.catalog.official import Counterpart, counterpart, official_name
from uvci.catalog.tags import Tag
from uvci.pipeline.model import Expansion, ImageUse, Job
from uvci.rules.edits import arrivals, reworded
from uvci.rules.rule import Applicability, Context, Fix


class OfficialImage(Struct, frozen=True, eq=False):
    """An official image in one job; a dependency proxy in front stays a variable in `ref`."""

    job: Job
    use: ImageUse
    expansion: Expansion
    ref: ImageRef
    name: str

    @property
    def uv_image(self) -> Counterpart | None:
        """The image of uv that is alike; None where there is none, or a digest decides."""
        tag = self.ref.effective_tag
        return None if tag is None else counterpart(self.name, tag, self._registry)

    def named(self, tag: Tag) -> str:
        """The name of uv's image with that tag, pulled the way this one is."""
        if self.ref.proxy:
            return f"{self.ref.proxy}astral/uv:{tag.text}"
        return f"{self._registry.value}:{tag.text}"

    @property
    def _registry(self) -> Registry:
        return Registry.DOCKER_HUB if self.ref.proxy else Registry.GHCR


def official_images(job: Job) -> tuple[OfficialImage, ...]:
    """The job's image for each set of variables; nothing unless all of them are official."""
    if not isinstance(job.image, ImageUse):
        return ()
    found = tuple(_official(job, job.image))
    return found if len(found) == len(job.image.expansions) else ()


def _official(job: Job, use: ImageUse) -> Iterator[OfficialImage]:
    for known in use.expansions:
        ref = parse_image(known.text) if known.text is not None else None
        name = official_name(ref) if ref else None
        if ref and name:
            yield OfficialImage(job, use, known, ref, name)


def uv_image_fix(image: OfficialImage, context: Context) -> Fix | None:
    """The fix that puts uv's image in place of an official one.

    It is unsafe where the Python or the system changes, or where other jobs may share the image.
    """
    found = image.uv_image
    if found is None:
        return None
    edits = reworded(image.use.name, image.expansion, image.named(found.tag), context)
    origin = image.use.name.origin
    is_own = not origin.chain and all(origin.span.covers(edit.edit.span) for edit in edits)
    return Fix(
        f"Use the image `{found.tag.text}` of uv",
        edits,
        Applicability.SAFE if is_own and found.same else Applicability.UNSAFE,
        declares=arrivals(edits, context),
    )
