"""Which uv a job runs, as far as its image tells."""

from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, publication
from uvci.catalog.versions import UvVersion
from uvci.features.view import View
from uvci.pipeline.model import ImageUse, Job
from uvci.pipeline.releases import release
from uvci.pipeline.scripts import uv_installs


def uv_version(view: View, job: Job | None) -> UvVersion | None:
    """The uv of `job` as far as it is certain or its floating tag tells, None when unknown."""
    if job is None:
        return view.settings.target_version
    if known := release(job, view.settings):
        return known.version
    found = {_version(text) for text in _images(job)} if not uv_installs(job) else set()
    return found.pop() if len(found) == 1 else None


def _images(job: Job) -> list[str]:
    if not isinstance(job.image, ImageUse):
        return []
    return [expansion.text or "" for expansion in job.image.expansions]


def _version(text: str) -> UvVersion | None:
    ref = parse_image(text)
    if ref.registry is None or ref.effective_tag is None or "$" in text:
        return None
    found = publication(ref.registry, ref.effective_tag)
    return found.version if isinstance(found, Published) else None
