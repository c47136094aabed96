"""Tags composed of variables: the template with its variables, and the values that complete it."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from uvci.catalog.image_facts import Registry
from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, publication
from uvci.catalog.tag_completion import Hole, values_for
from uvci.features.cards.image import published_card
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.completion.root_variables import missing_variables_edit
from uvci.features.completion.tag import tag_items
from uvci.features.job_facts import image_of
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.model import Job, Scope, Variable
from uvci.text.patterns import lazy_re

TEMPLATE = "$UV_VERSION-python$PYTHON_VERSION-$BASE_LAYER"
_USE = lazy_re(r"\$(?:\{(\w+)\}|(\w+))")
_FILL, _ANY = "\x00", "\x01"
_HOLES = {_FILL: Hole.FILL, _ANY: Hole.ANY}
_DEPTH = 8
_MOST_JOBS = 100
_PARTS = {
    "UV_VERSION": (Hole.FILL, "-python", Hole.ANY),
    "PYTHON_VERSION": (Hole.ANY, "-python", Hole.FILL, "-", Hole.ANY),
    "BASE_LAYER": (Hole.ANY, "-python", Hole.ANY, "-", Hole.FILL),
}
"""The names uv's GitLab guide composes a tag of, and where each stands in it."""


def template_items(
    place: Place, slot: Slot | None = None, registry: Registry = Registry.GHCR
) -> Iterator[CompletionItem]:
    """The guide's composed tag; variables that are not set yet come with it."""
    name = "" if slot else f"{registry.value}:"
    edits = missing_variables_edit(place, _template_values(place, registry))
    text = name + TEMPLATE
    yield (slot or place.slot).item(
        text,
        ItemKind.SNIPPET,
        text=text,
        detail="composed of variables",
        description="with its variables" if edits else "",
        documentation=lambda: _ABOUT,
        additional=edits,
    )


_ABOUT = """\
The tag as uv's GitLab guide composes it: change a version in one place, for every job.

GitLab expands the variables when the job starts. Quote the values: GitLab reads an unquoted
`3.10` as `3.1`."""


def _template_values(place: Place, registry: Registry) -> dict[str, str]:
    uv = values_for(registry, _PARTS["UV_VERSION"])[0]
    pythons = values_for(registry, (f"{uv}-python", Hole.FILL, "-", Hole.ANY))
    pinned = (place.view.project.python_version_file or "").strip()
    python = pinned if pinned in pythons else pythons[0]
    bases = values_for(registry, (f"{uv}-python{python}-", Hole.FILL))
    return {"UV_VERSION": uv, "PYTHON_VERSION": python, "BASE_LAYER": bases[0]}


def value_items(place: Place, name: str) -> Iterator[CompletionItem]:
    """Values for the variable `name` with which every image that uses it is published."""
    wanted = [
        (registry, parts) for registry, parts in _uses(place, name) if Hole.FILL in parts
    ] or _conventional(name)
    if wanted and all(parts == (Hole.FILL,) for _, parts in wanted):
        yield from tag_items(place, place.slot, wanted[0][0], place.slot.typed)
        return
    offers = [values_for(registry, parts) for registry, parts in wanted]
    if not offers:
        return
    shared = [value for value in offers[0] if all(value in offer for offer in offers)]
    registry, parts = wanted[0]
    for value in shared or offers[0]:
        if value in place.siblings:
            continue
        image = _image(registry, parts, value)
        yield place.slot.item(
            value,
            ItemKind.TAG,
            detail=image.tag.text if image else "",
            documentation=partial(published_card, image) if image else None,
        )


def known_text(place: Place, text: str) -> str | None:
    """`text` with its variables replaced as the job at the cursor sees them; None if unknown."""
    if "$" not in text:
        return text
    for variables in _variables_here(place):
        filled = _fill(text, variables, "")
        if not any(hole in filled for hole in _HOLES):
            return filled
    return None


def _variables_here(place: Place) -> Iterator[Mapping[str, Variable]]:
    if place.job:
        yield from (variant.variables for variant in place.job.variants)
    yield place.view.pipeline.root_variables


def _conventional(name: str) -> list[tuple[Registry, tuple[str | Hole, ...]]]:
    """How the guide uses `name`, where no image uses it yet."""
    parts = _PARTS.get(name)
    return [(Registry.GHCR, parts)] if parts else []


def _uses(place: Place, name: str) -> Iterator[tuple[Registry, tuple[str | Hole, ...]]]:
    """The tags that `name` is a part of, for the jobs that read the value at the cursor."""
    pipeline = place.view.pipeline
    seen = set()
    for job in (*pipeline.jobs, *pipeline.hidden)[:_MOST_JOBS]:
        image = image_of(job)
        for variables in _reading(place, job, name) if "$" in image else ():
            filled = _fill(image, variables, name)
            ref = parse_image(filled)
            if ref.registry and ref.tag:
                seen.add((ref.registry, _parts(ref.tag)))
    yield from sorted(seen, key=str)


def _reading(place: Place, job: Job, name: str) -> Iterator[Mapping[str, Variable]]:
    for variant in job.variants:
        variable = variant.variables.get(name)
        if variable and _is_typed_at(place, job, variable):
            yield variant.variables


def _is_typed_at(place: Place, job: Job, variable: Variable) -> bool:
    if variable.scope is Scope.MATRIX and place.below[:2] == ("parallel", "matrix"):
        return job is place.job
    return variable.origin is not None and place.is_at(variable.origin)


def _fill(text: str, variables: Mapping[str, Variable], name: str, depth: int = 0) -> str:
    """`text` expanded, with a mark where `name` stands and another where a value is unknown."""

    def value(use: re.Match[str]) -> str:
        used = use[1] or use[2]
        if used == name:
            return _FILL
        variable = variables.get(used)
        if variable is None or variable.raw is None or depth == _DEPTH:
            return _ANY
        return _fill(variable.raw, variables, name, depth + 1) if variable.expand else variable.raw

    return _USE.sub(value, text)


def _parts(tag: str) -> tuple[str | Hole, ...]:
    pieces = re.split(f"([{_FILL}{_ANY}])", tag)
    return tuple(_HOLES.get(piece, piece) for piece in pieces if piece)


def _image(registry: Registry, parts: tuple[str | Hole, ...], value: str) -> Published | None:
    if Hole.ANY in parts:
        return None
    text = "".join(value if isinstance(part, Hole) else part for part in parts)
    found = publication(registry, text)
    return found if isinstance(found, Published) else None
