"""Whole jobs of uv, at the root of a pipeline."""

from collections.abc import Iterator
from functools import partial

from uvci.features.completion.place import Place
from uvci.features.markdown import block
from uvci.features.new_jobs.texts import job_texts
from uvci.features.view import CompletionItem, ItemKind


def new_job_items(place: Place) -> Iterator[CompletionItem]:
    """The jobs that make sense here, each with all it needs; none where something stands below."""
    if place.keys or place.has_colon or place.slot.flow or _is_taken(place):
        return
    for found in job_texts(place.view, place.offset, place.slot.replace):
        text = place.newline.join(found.lines)
        yield place.slot.item(
            found.job.label,
            ItemKind.SNIPPET,
            text=text,
            snippet=place.newline.join(found.snippet),
            detail=f"a job that {found.job.does}",
            documentation=partial(block, text),
        )


def _is_taken(place: Place) -> bool:
    """Whether the cursor is not alone on a line at the margin, or lines belong to it already."""
    text = place.view.document.text
    if place.key_column or text[place.slot.replace.end : place.line_end].strip():
        return True
    below = text[place.line_end :].lstrip("\r\n")
    return below[:1] in (" ", "\t") or below.startswith("- ")
