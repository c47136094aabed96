"""Whole jobs of uv, at the root of a pipeline."""

from collections.abc import Iterator
from functools import partial

from uvci.features.completion.place import Place
from uvci.features.markdown import block
from uvci.features.new_jobs.texts import job_texts
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.layout import line_above, line_end


def new_job_items(place: Place) -> Iterator[CompletionItem]:
    """The jobs that make sense here, each with all it needs; none where something stands below."""
    if place.keys or place.is_name_only or place.slot.flow or _is_taken(place):
        return
    above, below = _blank_lines(place)
    for found in job_texts(place.view, place.offset, place.slot.replace):
        text = place.newline.join(found.lines)
        yield place.slot.item(
            found.job.label,
            ItemKind.SNIPPET,
            text=f"{above}{text}{below}",
            snippet=f"{above}{place.newline.join(found.snippet)}{below}",
            detail=f"a job that {found.job.does}",
            documentation=partial(block, text),
        )


def _blank_lines(place: Place) -> tuple[str, str]:
    """What keeps a new job apart from the entries right above and below the line."""
    text, start = place.view.document.text, place.slot.replace.start
    above = text[line_above(text, start) : start].strip()
    below = text[place.line_end :].removeprefix("\r").removeprefix("\n")
    follows = bool(below[: line_end(below, 0)].strip())
    is_apart = not above or above == "---" or above.startswith("#")
    return "" if is_apart else place.newline, place.newline if follows else ""


def _is_taken(place: Place) -> bool:
    """Whether the cursor is not alone on a line at the margin, or lines belong to it already."""
    text = place.view.document.text
    if place.key_column or text[place.slot.replace.end : place.line_end].strip():
        return True
    below = text[place.line_end :].lstrip("\r\n")
    return below[:1] in (" ", "\t") or below.startswith("- ")
