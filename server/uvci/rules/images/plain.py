"""Images of which it is known what they set: uv's own, and the plain official ones."""

import re

from uvci.catalog.images import parse_image
from uvci.pipeline.model import ImageUse, Job

_OFFICIAL = re.compile(r"(?:library/)?(?:python|debian|ubuntu|alpine)")


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
    is_official = image.host in ("", "docker.io") and _OFFICIAL.fullmatch(image.path)
    return image.registry is not None or bool(is_official)
