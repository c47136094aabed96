"""Hover: what stands at the cursor, answered in the first line."""

from uvci.features.cards.stage import stage_card
from uvci.features.discretion import discretion
from uvci.features.entries import below_entry
from uvci.features.hover.cache import cache_hover
from uvci.features.hover.command import script_hover
from uvci.features.hover.image import image_hover, text_hover
from uvci.features.hover.keyword import keyword_hover, value_word_hover
from uvci.features.hover.names import entry_hover, reference_hover, target_hover
from uvci.features.hover.spot import Here
from uvci.features.hover.suppression import suppression_hover
from uvci.features.hover.variables import name_hover, use_at, use_hover, value_hover
from uvci.features.view import Hover, View
from uvci.syntax.cursor import Side, cursor_at
from uvci.syntax.paths import locate
from uvci.syntax.tree import Scalar, Sequence
from uvci.text.span import Span


def hover(view: View, offset: int) -> Hover | None:
    """What stands at `offset` (code points into the view's text); None where there is no answer.

    Pure, never raises on any text; the first line of its Markdown answers. Secrets read `…`.
    """
    found = _hover(view, offset)
    if found is None:
        return None
    return Hover(discretion(view.pipeline).quiet(found.markdown), found.span)


def _hover(view: View, offset: int) -> Hover | None:
    if silenced := suppression_hover(view, offset):
        return silenced
    location = locate(view.document.root, offset)
    if location is None or not isinstance(location.node, Scalar):
        return _half_typed(view, offset)
    here = Here(view, offset, location)
    if not here.keys:
        return None
    node = location.node
    if location.on_key:
        return _framed(_key_hover(here, node.text), node.span)
    around = location.parents[-1]
    if isinstance(around, Sequence) and around.tag == "!reference":
        return _framed(reference_hover(here, node, around), node.span)
    if found := _use(here, node):
        return found
    if _is_script(here.below):
        return script_hover(here)
    return _framed(_value_hover(here, node), node.span)


def _half_typed(view: View, offset: int) -> Hover | None:
    """An image on a line that is no YAML yet, such as `image: ghcr.io/astral-sh/uv:`."""
    cursor = cursor_at(view.document, offset)
    keys = tuple(step for step in cursor.path if isinstance(step, str))
    if cursor.side is not Side.VALUE or below_entry(keys) not in (("image",), ("image", "name")):
        return None
    return _framed(text_hover(cursor.replace.of(view.document.text)), cursor.replace)


def _framed(markdown: str | None, span: Span) -> Hover | None:
    return Hover(markdown, span) if markdown else None


def _is_script(below: tuple[str, ...]) -> bool:
    return bool(below) and below[0] in ("script", "before_script", "after_script")


def _key_hover(here: Here, name: str) -> str | None:
    match here.below:
        case () if here.entry:
            return entry_hover(here, name)
        case [*_, "variables", _] | ["parallel", "matrix", _]:
            return name_hover(here, name)
        case ["cache"] | ["cache", "key" | "paths"]:
            return cache_hover(here) or keyword_hover(here)
        case _:
            return keyword_hover(here)


def _use(here: Here, node: Scalar) -> Hover | None:
    """The variable used at the cursor; spans are found in the text as typed."""
    typed = node.span.of(here.view.document.text)
    found = use_at(typed, here.offset - node.span.start)
    if not found:
        return None
    name, span = found
    return _framed(use_hover(here, name), span.shift(node.span.start))


def _value_hover(here: Here, node: Scalar) -> str | None:
    match here.below:
        case ["image" | "services"] | ["image" | "services", "name"]:
            return image_hover(here, node)
        case ["cache", "key" | "paths", *_]:
            return cache_hover(here)
        case [*_, "variables", name] | [*_, "variables", name, "value"]:
            return value_hover(here, node, name)
        case ["parallel", "matrix", name]:
            return value_hover(here, node, name)
        case ["extends" | "dependencies"] | ["environment", "on_stop"]:
            return target_hover(here, node.text)
        case [*_, "needs"] | [*_, "needs", "job"]:
            return target_hover(here, node.text)
        case ["stage" | "stages"]:
            return stage_card(here.view, node.text)
        case _:
            return value_word_hover(here, node)
