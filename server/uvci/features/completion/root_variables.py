"""Variables that a completion brings along, set for the whole pipeline."""

from uvci.features.completion.place import Place
from uvci.syntax.patch import Quoted, insert_pair
from uvci.syntax.tree import Document
from uvci.text.edits import TextEdit
from uvci.text.span import Span


def missing_variables_edit(place: Place, values: dict[str, str]) -> tuple[TextEdit, ...]:
    """The edits that set those of `values` the job does not have, at the pipeline's top."""
    known = set(place.view.pipeline.root_variables)
    for variant in place.job.variants if place.job else ():
        known |= variant.variables.keys()
    missing = {name: value for name, value in values.items() if name not in known}
    if not missing:
        return ()
    document = place.view.document
    pair = document.mapping.pair("variables") if document.mapping else None
    if pair is None:
        return (_new_block(place, document, missing),)
    inserted = [insert_pair(document, pair, name, Quoted(v)) for name, v in missing.items()]
    return tuple(edit for edits in inserted for edit in edits)


def _new_block(place: Place, document: Document, values: dict[str, str]) -> TextEdit:
    lines = ["variables:", *(f'  {name}: "{value}"' for name, value in values.items()), "", ""]
    start = _entry_start(document, place.offset)
    return TextEdit(Span(start, start), place.newline.join(lines))


def _entry_start(document: Document, offset: int) -> int:
    """The line that the root entry around `offset` starts on, comments right above included."""
    text = document.text
    starts = [section.span.start for section in document.sections]
    start = max((start for start in starts if start <= offset), default=0)
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above : start - 1].startswith("#"):
            break
        start = above
    return start
