"""Images of which it is known what they hold and set: uv's own, and the plain official ones."""

from uvci.catalog.images import parse_image
from uvci.catalog.official import official_name
from uvci.pipeline.images import wants_no_container
from uvci.pipeline.model import ImageUse, Job
from uvci.pipeline.values import LinkKind


def has_plain_image(job: Job) -> bool:
    """Whether the job's image brings neither an environment nor settings of uv, in any variant.

    Images that somebody built for a project may set variables, or hold a virtual environment.
    """
    if not isinstance(job.image, ImageUse):
        return False
    return all(
        expansion.text is not None and _is_plain(expansion.text)
        for expansion in job.image.expansions
    )


def _is_plain(text: str) -> bool:
    image = parse_image(text)
    return image.registry is not None or official_name(image) is not None


def runs_in_image(job: Job) -> bool:
    """Whether the job's runner uses the image, and no other: macOS and Windows leave it aside."""
    chain = job.image.name.origin.chain if isinstance(job.image, ImageUse) else ()
    links = {link.kind for link in chain}
    if LinkKind.INPUT in links:
        return False
    if "tags" not in job.keywords.entries:
        return True
    return not links & {LinkKind.DEFAULT, LinkKind.ROOT} and not wants_no_container(job)
