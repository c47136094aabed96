"""The image that a job of uv gets where nothing says which."""

from collections.abc import Iterator

from msgspec.structs import replace

from uvci.catalog.contents import contents
from uvci.catalog.image_facts import Registry
from uvci.catalog.images import ImageRef, parse_image
from uvci.catalog.neighbours import variant_tags
from uvci.catalog.official import same_with_uv
from uvci.catalog.publication import Published, publication, variant_range
from uvci.catalog.tags import Tag, numbers_in, parse_tag
from uvci.features.context import context_of
from uvci.features.migration.images import Wanted, as_typed, best_release
from uvci.features.view import View
from uvci.pipeline.model import ImageUse, Pipeline
from uvci.pipeline.python_project import PythonProject
from uvci.rules.images.required_version import meets

_BASES = ("trixie", "bookworm")
_MIRRORED = {
    "/astral-sh/uv": Registry.GHCR,
    "/astral/uv": Registry.DOCKER_HUB,
}
"""How the path of a registry's copy of uv's images ends."""


def default_image(view: View) -> str | None:
    """The image of uv for a new job, as it is typed; None where no release of uv would do.

    One that other jobs run in, if the project's Python is in it; else the newest one.
    """
    for job in view.pipeline.jobs:
        texts = image_texts(job.image) if len(job.variants) == 1 else []
        found = [image_at(text) for text in texts]
        if found and found[0] and found[0].tag.is_pinned and is_usable(texts[0], view.project):
            return as_typed(texts[0], view.pipeline)
    for tag in _candidates(view):
        if release := best_release((tag,), context_of(view), Wanted()):
            return _named(tag.with_release(release), view.pipeline)
    return None


def image_texts(image: object) -> list[str]:
    """What an image is for each set of variables; nothing where one of them is not known."""
    if not isinstance(image, ImageUse):
        return []
    texts = [expansion.text for expansion in image.expansions]
    return [text for text in texts if text is not None] if None not in texts else []


def image_at(text: str) -> Published | None:
    """The image of uv with this name, where it is known to be published.

    A copy of it in a registry of one's own counts: it is there where jobs run in it.
    """
    ref = parse_image(text)
    registry = ref.registry or _mirrored(ref)
    if registry is None or ref.effective_tag is None:
        return None
    found = publication(registry, ref.effective_tag)
    return found if isinstance(found, Published) else None


def is_usable(text: str, project: PythonProject) -> bool:
    """Whether an image holds a uv and a Python that the project takes, and a shell."""
    found = image_at(text)
    inside = contents(found) if found else None
    if found is None or inside is None or not inside.shells or inside.python is None:
        return False
    if project.required_uv is not None and not meets(project.required_uv, found.version):
        return False
    return (inside.git or not needs_git(project)) and _takes(project, inside.python)


def pythons(view: View) -> tuple[str, ...]:
    """The Pythons that the project takes and uv's images held once, those in use first."""
    return _in_order(view, {tag.python for tag in _variants() if tag.python})


def needs_git(project: PythonProject) -> bool:
    """Whether uv calls git, which the slim images do not hold."""
    lock = project.lock
    return project.pyproject.version_from_git or bool(lock and lock.from_git)


def _candidates(view: View) -> Iterator[Tag]:
    """The variants that would do, best first; those that newer releases lack come last."""
    found = sorted(_variants(), key=lambda tag: _BASES.index(tag.base or ""))
    for is_old in (False, True):
        known = [tag for tag in found if _is_current(tag) is not is_old]
        for python in _in_order(view, {tag.python for tag in known if tag.python}):
            same = [tag for tag in known if tag.python == python]
            yield from (replace(tag, slim=not needs_git(view.project)) for tag in same)


def _variants() -> list[Tag]:
    """The slim variants with a released Python."""
    return [
        tag
        for tag in variant_tags()
        if tag.python and "rc" not in tag.python and tag.slim and tag.base in _BASES
    ]


def _in_order(view: View, known: set[str]) -> tuple[str, ...]:
    fitting = [one for one in known if _takes(view.project, one)]
    newest = sorted(fitting, key=numbers_in, reverse=True)
    wanted = list(dict.fromkeys(_in_use(view)))
    places = {python: at for at, python in enumerate(wanted)}
    return tuple(sorted(newest, key=lambda python: places.get(python, len(places))))


def _in_use(view: View) -> Iterator[str]:
    """The Pythons that something asks for: uv's variable, the project's file, the jobs' images."""
    variable = view.pipeline.root_variables.get("UV_PYTHON")
    for text in (variable.raw if variable else None, view.project.python_version_file):
        yield ".".join((text or "").split(".")[:2])
    for job in view.pipeline.jobs:
        for text in image_texts(job.image):
            ref = parse_image(text)
            own = parse_tag(ref.tag or "") if ref.registry or _mirrored(ref) else None
            tag = own if isinstance(own, Tag) else same_with_uv(ref)
            yield (tag.python or "") if tag else ""


def _named(tag: Tag, pipeline: Pipeline) -> str:
    """The image with that tag, through the dependency proxy where other images come through it."""
    uses = [job.image for job in pipeline.jobs if isinstance(job.image, ImageUse)]
    proxy = next((found for use in uses if (found := parse_image(use.name.text).proxy)), "")
    on_hub = isinstance(publication(Registry.DOCKER_HUB, tag.text), Published)
    return (
        f"{proxy}astral/uv:{tag.text}" if proxy and on_hub else f"{Registry.GHCR.value}:{tag.text}"
    )


def _mirrored(ref: ImageRef) -> Registry | None:
    """What a registry of one's own has a copy of, where its path says so."""
    if not ref.host:
        return None
    ends = (registry for end, registry in _MIRRORED.items() if f"/{ref.path}".endswith(end))
    return next(ends, None)


def _takes(project: PythonProject, python: str) -> bool:
    """Whether some patch release of a Python is in `requires-python`."""
    allowed = project.pythons
    return allowed is None or allowed.contains(f"{'.'.join(python.split('.')[:2])}.99")


def _is_current(tag: Tag) -> bool:
    span = variant_range(Registry.GHCR, tag.variant)
    return tag.base == _BASES[0] and span is not None and span.last is None
