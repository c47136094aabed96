"""Images of which it is known what they set: uv's own, and the plain official ones."""

from uvci.catalog.images import parse_image
from uvci.catalog.official import official_name
from uvci.pipeline.model import ImageUse, Job


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
