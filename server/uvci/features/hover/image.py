"""Hover of an image: what the effective tag holds, for each set of variables."""

from collections.abc import Iterator

from uvci.catalog.contents import describe
from uvci.catalog.image_facts import Registry
from uvci.catalog.images import ImageRef, parse_image
from uvci.catalog.publication import Missing, Published, Unknown, publication
from uvci.features.cards.image import publication_card
from uvci.features.hover.spot import Here
from uvci.features.markdown import bullets, card, code
from uvci.features.origins import place_of
from uvci.features.scopes import SCOPES
from uvci.features.view import View
from uvci.pipeline.model import Expansion, ImageUse, Job, Part, Piece
from uvci.syntax.tree import Scalar

_MOST = 8


def image_hover(here: Here, node: Scalar) -> str | None:
    """What the image at the cursor is; None for images of others that nothing is known of."""
    expansions = list(_expansions(here, node))
    if not expansions:
        return _single(here.view, node.text, None)
    texts = dict.fromkeys(each.text for each in expansions)
    if len(texts) == 1:
        return _single(here.view, next(iter(texts)) or node.text, expansions[0])
    return _several(node.text, expansions)


def text_hover(text: str) -> str | None:
    """What an image is that stands in no readable pipeline; None unless it is one of uv's."""
    ref = parse_image(text)
    if ref.registry is None or "$" in text:
        return None
    return _tag_card(ref, ref.registry)


def _tag_card(ref: ImageRef, registry: Registry, *facts: str) -> str:
    if ref.tag == "":
        return f"**The tag is missing** behind {code(ref.name + ':')}."
    return publication_card(publication(registry, ref.tag or "latest"), *facts)


def part_hover(here: Here, node: Scalar) -> str | None:
    """The images that a variable's value is part of; None where it is part of none."""
    found = [
        expansion
        for job in here.jobs
        if isinstance(job.image, ImageUse) and not job.hidden
        for expansion in job.image.expansions
        if any(_is_typed_at(piece, here, node) for piece in expansion.pieces)
    ]
    if not found:
        return None
    lines = list(dict.fromkeys(_line(each) for each in found))
    title = f"**{code(node.text)}** is part of"
    if len(lines) == 1:
        return f"{title} {lines[0]}"
    return card(f"{title} {len(lines)} images.", bullets(_cut(lines)))


def _is_typed_at(piece: Piece, here: Here, node: Scalar) -> bool:
    origin = piece.variable.origin if piece.variable else None
    return origin is not None and origin.path == here.view.path and origin.span == node.span


def _cut(lines: list[str]) -> list[str]:
    rest = len(lines) - _MOST
    return lines if rest <= 1 else [*lines[:_MOST], f"and {rest} more"]


def _expansions(here: Here, node: Scalar) -> Iterator[Expansion]:
    jobs = [job for job in here.jobs if not job.hidden]
    named = [job for job in jobs if _is_named_by(job, node, here.view.path)]
    for job in named or here.jobs:
        if isinstance(job.image, ImageUse) and _is_named_by(job, node, here.view.path):
            yield from job.image.expansions


def _is_named_by(job: Job, node: Scalar, path: str) -> bool:
    if not isinstance(job.image, ImageUse):
        return False
    origin = job.image.name.origin
    return origin.path == path and origin.span == node.span


def _single(view: View, text: str, expansion: Expansion | None) -> str | None:
    ref = parse_image(text)
    if "$" in text:
        return _unknown_parts(ref, expansion)
    if ref.registry is None:
        return _foreign(expansion)
    facts = [*_parts(view, expansion), *_digest(ref)]
    return _tag_card(ref, ref.registry, *facts)


def _parts(view: View, expansion: Expansion | None) -> Iterator[str]:
    if expansion is None or all(piece.part is Part.LITERAL for piece in expansion.pieces):
        return
    yield f"Expands to {code(expansion.text or '')}"
    for piece in expansion.pieces:
        if piece.part is Part.VARIABLE and piece.value is not None:
            origin = piece.variable.origin if piece.variable else None
            scope = f" ({SCOPES[piece.variable.scope]}" if piece.variable else ""
            where = f", {place_of(view, origin)})" if origin else ")" if scope else ""
            yield f"{code('$' + piece.name)} is {code(piece.value)}{scope}{where}"


def _digest(ref: ImageRef) -> Iterator[str]:
    if ref.digest:
        yield "The digest decides what is pulled; the tag beside it is only a note for readers"


def _unknown_parts(ref: ImageRef, expansion: Expansion | None) -> str | None:
    if expansion is None or (ref.registry is None and ref.host):
        return None
    missing = [
        code("$" + piece.name)
        for piece in expansion.pieces
        if piece.part is Part.VARIABLE and piece.value is None
    ]
    if not missing:
        return None
    names = ", ".join(dict.fromkeys(missing))
    return f"**Known only when the job runs:** {names} is not set in this pipeline's files."


def _foreign(expansion: Expansion | None) -> str | None:
    if expansion is None or all(piece.part is Part.LITERAL for piece in expansion.pieces):
        return None
    return f"**{code(expansion.text or '')}**"


def _several(text: str, expansions: list[Expansion]) -> str:
    lines = list(dict.fromkeys(_line(each) for each in expansions))
    return card(f"**{len(lines)} images** from {code(text)}", bullets(_cut(lines)))


def _line(expansion: Expansion) -> str:
    label = f"{expansion.variant.label} " if expansion.variant.label else ""
    if expansion.text is None:
        return f"{label}known only when it runs"
    ref = parse_image(expansion.text)
    shown = f"{label}{code(ref.tag or expansion.text)}"
    if ref.registry is None:
        return shown
    match publication(ref.registry, ref.effective_tag or "latest"):
        case Published() as found:
            return f"{shown}: {describe(found)}"
        case Missing():
            return f"{shown}: **not published**"
        case Unknown():
            return f"{shown}: newer than what is on record"
