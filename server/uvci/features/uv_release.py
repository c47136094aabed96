"""Which uv a job runs, as far as its image tells."""

from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, publication
from uvci.catalog.versions import UvVersion
from uvci.features.view import View
from uvci.pipeline.model import ImageUse, Job


def uv_version(view: View, job: Job | None) -> UvVersion | None:
    """The uv of `job` where all its variants agree, else the version the settings name."""
    found = {_version(text) for text in _images(job)}
    known = found.pop() if len(found) == 1 else None
    return known or view.settings.target_version


def _images(job: Job | None) -> list[str]:
    if job is None or not isinstance(job.image, ImageUse):
        return []
    return [expansion.text or "" for expansion in job.image.expansions]


def _version(text: str) -> UvVersion | None:
    ref = parse_image(text)
    if ref.registry is None or ref.effective_tag is None or "$" in text:
        return None
    found = publication(ref.registry, ref.effective_tag)
    return found.version if isinstance(found, Published) else None
