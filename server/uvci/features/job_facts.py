"""Facts of jobs that many lists need, kept for as long as a job's content stays the same."""

from uvci.pipeline.model import ImageUse, Job
from uvci.pipeline.stamps import Memory

_stages: Memory[str] = Memory(4096)
_images: Memory[str] = Memory(4096)


def stage_of(job: Job) -> str:
    """The stage `job` runs in."""
    return _stages.get(job.stamp) or _stages.keep(job.stamp, job.stage)


def image_of(job: Job) -> str:
    """The name of `job`'s image as GitLab reads it, variables not expanded; empty without one."""
    known = _images.get(job.stamp)
    if known is not None:
        return known
    image = job.image
    return _images.keep(job.stamp, image.name.text if isinstance(image, ImageUse) else "")
