"""The image of uv in which a job finds the same Python."""

from collections.abc import Sequence

from msgspec import Struct

from uvci.catalog.image_facts import Registry
from uvci.catalog.images import parse_image
from uvci.catalog.official import official_name, same_with_uv
from uvci.catalog.publication import Published, TagKind, published_versions
from uvci.catalog.tags import Tag
from uvci.catalog.versions import UvVersion, releases
from uvci.features.context import context_of
from uvci.features.migration.calls import is_typed
from uvci.features.migration.hindrances import brought_by
from uvci.features.migration.model import Refusal
from uvci.features.view import View
from uvci.pipeline.model import ImageUse, Job, Pipeline, Scope
from uvci.rules.images.required_version import meets
from uvci.rules.images.uses import UvImage, lacks_python, pinned_versions, uv_images_of
from uvci.rules.places import Owner, job_owner
from uvci.rules.rule import Context
from uvci.syntax.tree import Pair
from uvci.text.patterns import lazy_re

_PYTHON_VARIABLE = lazy_re(r"(\$\{?\w+\}?)(?:-[a-z][\w.-]*)?")


class Wanted(Struct, frozen=True):
    """Which uv a job must find: one in the range `allowed`, the `newest`, or any that will do."""

    allowed: str | None = None
    newest: bool = False


class Bootstrap(Struct, frozen=True):
    """The image stays, and the job installs this release of uv with the image's pip."""

    release: UvVersion


def new_image(job: Job, view: View, wanted: Wanted) -> str | Bootstrap | Refusal:
    """The image a job gets, as it is typed; empty where it has one of uv already.

    An official Python image that no image of uv is the same as stays.
    """
    if not isinstance(job.image, ImageUse):
        return Refusal("Which image it runs in is not known.")
    owner, origin = job_owner(job, context_of(view)), job.image.name.origin
    if owner and owner.get("image") and not is_typed(origin, job):
        link = brought_by(origin)
        name = link.name if link else origin.path
        return Refusal(f"Its `image` is that of `{name}`, which others may have too.")
    raw = job.image.name.text
    if images := list(uv_images_of(job)):
        return _kept(images, wanted)
    refs = [parse_image(each.text or raw) for each in job.image.expansions]
    tags = [tag for ref in refs if (tag := same_with_uv(ref))]
    strange = next((ref for ref in refs if official_name(ref) != "python"), None)
    if strange is not None:
        return _refused(strange.text)
    context = context_of(view)
    release = best_release(tags, context, wanted) if len(tags) == len(refs) else None
    if release is None:
        newest = best_release((), context, wanted)
        return Bootstrap(newest) if newest else Refusal("No release of uv is known that would do.")
    name = f"{refs[0].proxy}astral/uv" if refs[0].proxy else Registry.GHCR.value
    composed = _composed(raw, tags, release, name)
    if composed is not None:
        return composed
    if len({tag.variant for tag in tags}) == 1:
        return as_typed(f"{name}:{tags[0].with_release(release).text}", view.pipeline)
    return Refusal(f"`{raw}` stands for images that have no tag of uv in common.")


def image_place(owner: Owner) -> Pair | None:
    """The pair before which a job's image goes: what `<<` merges in wins over all before it.

    None for the end of the job.
    """
    pairs = owner.mapping.pairs
    behind = max((at + 1 for at, pair in enumerate(pairs) if pair.is_merge), default=0)
    return pairs[behind] if behind < len(pairs) else None


def best_release(tags: Sequence[Tag], context: Context, wanted: Wanted) -> UvVersion | None:
    """The uv to pin for some variants: that of the other jobs if it can be, else the newest.

    Without variants, any release will do.
    """
    known = [set(published_versions(Registry.GHCR, tag.variant)) for tag in tags]
    published = set.intersection(*known) if known else set(releases().versions)
    if wanted.newest and releases().newest not in published:
        return None
    required = context.project.required_uv
    fitting = {
        version
        for version in published
        if (required is None or meets(required, version))
        and (wanted.allowed is None or meets(wanted.allowed, version))
    }
    used = {version for job in context.pipeline.jobs for version in pinned_versions(job)}
    return max((not wanted.newest and fitting & used) or fitting, default=None)


def as_typed(image: str, pipeline: Pipeline) -> str:
    """The image as another job writes it with the pipeline's variables, else as it is."""
    for job in pipeline.jobs:
        use = job.image
        if not isinstance(use, ImageUse) or {one.text for one in use.expansions} != {image}:
            continue
        pieces = [piece.variable for one in use.expansions for piece in one.pieces]
        if all(variable is None or variable.scope is Scope.ROOT for variable in pieces):
            return use.name.text
    return image


def _kept(images: Sequence[UvImage], wanted: Wanted) -> str | Refusal:
    """Nothing, where the images of uv that the job has will do."""
    for image in images:
        if not isinstance(image.found, Published) or lacks_python(image.found):
            return Refusal(f"`{image.ref.text}` may hold no Python.")
        known = image.found.kind is TagKind.PINNED
        if wanted.newest or (
            wanted.allowed and not (known and meets(wanted.allowed, image.found.version))
        ):
            return Refusal("It installs another uv into an image that holds one.")
    return ""


def _refused(image: str) -> Refusal:
    return Refusal(f"`{image}` may hold more than Python: no image of uv is known to be alike.")


def _composed(raw: str, tags: Sequence[Tag], release: UvVersion, name: str) -> str | None:
    """The image with the variable that says which Python, as a matrix has it."""
    found = _PYTHON_VARIABLE.fullmatch(parse_image(raw).tag or "")
    bases = {tag.base_text for tag in tags}
    if found is None or len(bases) > 1:
        return None
    return f"{name}:{release}-python{found[1]}-{bases.pop()}"
