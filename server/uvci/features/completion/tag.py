"""Tags of uv's images in steps: release, then Python, then operating system."""

from collections.abc import Iterator
from functools import partial

from uvci.catalog.contents import contents
from uvci.catalog.image_facts import Registry
from uvci.catalog.publication import Published
from uvci.catalog.tag_completion import TagStep, tag_steps
from uvci.catalog.versions import UvSeries, UvVersion, release_date
from uvci.features.cards.image import published_card
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind


def tag_items(place: Place, slot: Slot, registry: Registry, typed: str) -> Iterator[CompletionItem]:
    """The next choices of a tag in `slot`; `typed` is its text so far, variables filled in."""
    for step in tag_steps(registry, typed):
        yield _step_item(place, slot, step, slot.typed + step.text[len(typed) :])


def without_digest(place: Place, slot: Slot) -> Slot:
    """The slot up to a digest, which stays as it is."""
    at = place.view.document.text.find("@", place.offset, slot.replace.end)
    return slot if at < 0 else slot.until(at)


def _step_item(place: Place, slot: Slot, step: TagStep, text: str) -> CompletionItem:
    if step.image is None:
        slot = _one_step(place, slot)
    return slot.item(
        text,
        ItemKind.TAG,
        text=text,
        detail=_detail(step),
        documentation=partial(published_card, step.image) if step.image else None,
        retrigger=step.image is None,
    )


def _one_step(place: Place, slot: Slot) -> Slot:
    """The slot up to the hyphen that ends the step at the cursor: what follows it stays."""
    rest = place.view.document.text[place.offset : slot.replace.end]
    hyphen = rest.find("-")
    return slot if hyphen < 0 else slot.until(place.offset + hyphen + 1)


def _detail(step: TagStep) -> str:
    if step.image is not None:
        return _summary(step.image)
    release = step.text.removesuffix("-")
    if (version := UvVersion.parse(release)) and (day := release_date(version)):
        return f"released {day}"
    return f"the newest {release}, whichever it is" if UvSeries.parse(release) else ""


def _summary(image: Published) -> str:
    inside = contents(image)
    if not inside.has_shell:
        return "no shell: not for jobs"
    return ", ".join(part for part in (inside.system, "git" if inside.git else "no git") if part)
