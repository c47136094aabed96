"""The image that a job of uv gets where nothing says which."""

from uvci.catalog.contents import contents
from uvci.catalog.image_facts import Registry
from uvci.catalog.images import parse_image
from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import Published, publication, variant_range
from uvci.catalog.tags import Tag, numbers_in
from uvci.features.context import context_of
from uvci.features.migration.images import Wanted, as_typed, best_release
from uvci.features.view import View
from uvci.pipeline.model import ImageUse
from uvci.pipeline.python_project import PythonProject

_BASE = "trixie"


def default_image(view: View) -> str | None:
    """The image of uv for a new job, as it is typed; None where no release of uv would do.

    One that other jobs run in, if the project's Python is in it; else the newest one.
    """
    for job in view.pipeline.jobs:
        texts = image_texts(job.image) if len(job.variants) == 1 else []
        found = [image_at(text) for text in texts]
        if found and found[0] and found[0].tag.is_pinned and is_usable(texts[0], view.project):
            return as_typed(texts[0], view.pipeline)
    python = next(iter(pythons(view.project)), None)
    if python is None:
        return None
    tag = Tag(python=python, base=_BASE, slim=not needs_git(view.project))
    release = best_release((tag,), context_of(view), Wanted())
    return f"{Registry.GHCR.value}:{tag.with_release(release).text}" if release else None


def image_texts(image: object) -> list[str]:
    """What an image is for each set of variables; nothing where one of them is not known."""
    if not isinstance(image, ImageUse):
        return []
    texts = [expansion.text for expansion in image.expansions]
    return [text for text in texts if text is not None] if None not in texts else []


def image_at(text: str) -> Published | None:
    """The image of uv with this name, where it is known to be published."""
    ref = parse_image(text)
    if ref.registry is None or ref.effective_tag is None:
        return None
    found = publication(ref.registry, ref.effective_tag)
    return found if isinstance(found, Published) else None


def is_usable(text: str, project: PythonProject) -> bool:
    """Whether an image holds uv, a shell, and a Python that the project takes."""
    found = image_at(text)
    inside = contents(found) if found else None
    if inside is None or not inside.shells or inside.python is None:
        return False
    return (inside.git or not needs_git(project)) and _takes(project, inside.python)


def pythons(project: PythonProject) -> tuple[str, ...]:
    """The Pythons that the project takes and uv's images hold: the pinned one, then the newest."""
    known = {tag.python for tag in variant_tags() if _is_current(tag)}
    fitting = [one for one in known if one and _takes(project, one)]
    pinned = ".".join((project.python_version_file or "").split(".")[:2])
    newest = sorted(fitting, key=numbers_in, reverse=True)
    return tuple(sorted(newest, key=lambda python: python != pinned))


def needs_git(project: PythonProject) -> bool:
    """Whether uv calls git, which the slim images do not hold."""
    lock = project.lock
    return project.pyproject.version_from_git or bool(lock and lock.from_git)


def _takes(project: PythonProject, python: str) -> bool:
    """Whether some patch release of a Python is in `requires-python`."""
    allowed = project.pythons
    return allowed is None or allowed.contains(f"{'.'.join(python.split('.')[:2])}.99")


def _is_current(tag: Tag) -> bool:
    if tag.python is None or tag.base != _BASE or not tag.slim or "rc" in tag.python:
        return False
    span = variant_range(Registry.GHCR, tag.variant)
    return span is not None and span.last is None
