"""The image that a job of uv gets where nothing says which."""

from uvci.catalog.contents import contents
from uvci.catalog.image_facts import Registry
from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import Published, variant_range
from uvci.catalog.tags import Tag, numbers_in
from uvci.catalog.versions import UvVersion
from uvci.features.context import context_of
from uvci.features.migration.images import Wanted, as_typed, best_release
from uvci.features.view import View
from uvci.pipeline.model import ImageUse, Job
from uvci.pipeline.python_project import PythonProject
from uvci.rules.images.uses import UvImage, lacks_python, uv_images_of

_BASE = "trixie"


def default_image(view: View) -> str | None:
    """The image of uv for a new job, as it is typed; None where no release of uv would do.

    One that other jobs run in, if the project's Python is in it; else the newest one.
    """
    context = context_of(view)
    for image in (one for job in view.pipeline.jobs for one in uv_images_of(job)):
        if _is_good(image, view.project):
            return as_typed(image.expansion.text or "", view.pipeline)
    python = next(iter(pythons(view.project)), None)
    if python is None:
        return None
    tag = Tag(python=python, base=_BASE, slim=not needs_git(view.project))
    release = best_release((tag,), context, Wanted())
    return f"{Registry.GHCR.value}:{tag.with_release(release).text}" if release else None


def release_of(job: Job) -> UvVersion | None:
    """The oldest uv that a job's images hold, None where that is not known."""
    found = [one.found.version for one in uv_images_of(job) if isinstance(one.found, Published)]
    return min(found, default=None)


def holds_uv(job: Job, project: PythonProject) -> bool:
    """Whether every image that a job may run in holds uv, a Python and a shell."""
    images = list(uv_images_of(job))
    is_whole = isinstance(job.image, ImageUse) and len(images) == len(
        {one.text for one in job.image.expansions}
    )
    return bool(images) and is_whole and all(_is_usable(one, project) for one in images)


def pythons(project: PythonProject) -> tuple[str, ...]:
    """The Pythons that the project takes and uv's images hold, the pinned one first, then newest.

    The lowest Python that a project takes is its author's to choose, so any newer one will do.
    """
    known = {tag.python for tag in variant_tags() if _is_current(tag)}
    allowed = project.pythons
    fitting = [one for one in known if one and (allowed is None or allowed.contains(f"{one}.99"))]
    pinned = ".".join((project.python_version_file or "").split(".")[:2])
    newest = sorted(fitting, key=numbers_in, reverse=True)
    return tuple(sorted(newest, key=lambda python: python != pinned))


def needs_git(project: PythonProject) -> bool:
    """Whether uv calls git, which the slim images do not hold."""
    lock = project.lock
    return project.pyproject.version_from_git or bool(lock and lock.from_git)


def _is_current(tag: Tag) -> bool:
    if tag.python is None or tag.base != _BASE or not tag.slim or "rc" in tag.python:
        return False
    span = variant_range(Registry.GHCR, tag.variant)
    return span is not None and span.last is None


def _is_good(image: UvImage, project: PythonProject) -> bool:
    """Whether another job's image is one to take: pinned, alone in its job, and usable."""
    return (
        len(image.job.variants) == 1
        and isinstance(image.found, Published)
        and image.found.tag.is_pinned
        and _is_usable(image, project)
    )


def _is_usable(image: UvImage, project: PythonProject) -> bool:
    if not isinstance(image.found, Published) or lacks_python(image.found):
        return False
    inside = contents(image.found)
    python, allowed = inside.python, project.pythons
    if not inside.shells or python is None:
        return False
    if needs_git(project) and not inside.git:
        return False
    return allowed is None or allowed.contains(f"{'.'.join(python.split('.')[:2])}.99")
