"""Image names: the registry first, then the tag in steps, only tags that exist."""

from collections.abc import Iterator

from uvci.catalog.image_facts import Registry
from uvci.catalog.images import parse_image
from uvci.features.completion.composed import known_text, template_items
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.completion.tag import tag_items, without_digest
from uvci.features.job_facts import image_of
from uvci.features.view import CompletionItem, ItemKind

_PROXY = "${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}/astral/uv"
_NAMES = (
    (Registry.GHCR.value, "uv's images"),
    (Registry.DOCKER_HUB.value, "uv's images on Docker Hub"),
    ("astral/uv", "uv's images on Docker Hub"),
    (_PROXY, "uv's images through the group's dependency proxy"),
)
_SERVICES = (
    ("postgres:17-alpine", "PostgreSQL"),
    ("mysql:8.4", "MySQL"),
    ("redis:8-alpine", "Redis"),
    ("docker:dind", "Docker in Docker"),
)


def image_items(place: Place) -> Iterator[CompletionItem]:
    """What may stand at the cursor of a job's image."""
    ref = parse_image(place.slot.typed)
    if ref.digest is not None:
        return
    if ref.tag_span is not None:
        if ref.registry:
            slot = without_digest(place, place.slot).skip(ref.tag_span.start)
            yield from _tag_items(place, ref.registry, slot)
        return
    if not place.slot.typed:
        yield from template_items(place)
    yield from _name_items(place)
    yield from _images_in_use(place)


def service_items(place: Place) -> Iterator[CompletionItem]:
    """Images of the usual services."""
    slot = place.slot if place.below[-1] == "name" else place.list_slot
    for image, detail in _SERVICES:
        if image not in place.siblings:
            yield slot.item(image, ItemKind.IMAGE, detail=detail)


def _name_items(place: Place) -> Iterator[CompletionItem]:
    text, end = place.view.document.text, place.slot.replace.end
    rest = text[place.offset : end]
    colon = rest.find(":")
    slot = place.slot if colon < 0 else place.slot.until(place.offset + colon)
    for name, detail in _NAMES:
        yield slot.item(
            f"{name}:" if colon < 0 else name,
            ItemKind.IMAGE,
            text=f"{name}:" if colon < 0 else name,
            detail=detail,
            retrigger=colon < 0,
        )


def _images_in_use(place: Place) -> Iterator[CompletionItem]:
    users: dict[str, list[str]] = {}
    pipeline = place.view.pipeline
    for job in (*pipeline.jobs, *pipeline.hidden):
        if job is not place.job and (name := image_of(job)):
            users.setdefault(name, []).append(job.name)
    for image, jobs in sorted(users.items(), key=lambda user: -len(user[1])):
        yield place.slot.item(image, ItemKind.IMAGE, detail=f"as in {jobs[0]}")


def _tag_items(place: Place, registry: Registry, slot: Slot) -> Iterator[CompletionItem]:
    typed = known_text(place, slot.typed)
    if typed is None:
        return
    if not typed:
        yield from template_items(place, slot, registry)
    yield from tag_items(place, slot, registry, typed)
