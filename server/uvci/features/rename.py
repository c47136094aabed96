"""Giving a job, a stage or a variable another name, everywhere at once."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.features.context import context_of, document_of
from uvci.features.naming.index import occurrence_at, occurrences_of
from uvci.features.naming.refusals import why_not, why_not_called
from uvci.features.naming.same import same_but_for
from uvci.features.naming.symbols import Occurrence, SymbolKind
from uvci.features.view import View
from uvci.rules.proof import fixed_texts, rebuilt
from uvci.rules.rule import FileEdit
from uvci.syntax.patch import rename_key, replace_scalar
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_RENAMED = frozenset({SymbolKind.ENTRY, SymbolKind.STAGE, SymbolKind.VARIABLE, SymbolKind.ANCHOR})


class Renamable(Struct, frozen=True):
    """A name that can have another; `span` is where it stands at the cursor."""

    name: str
    span: Span


class Refused(Struct, frozen=True):
    """Why a name cannot be changed, as a sentence."""

    reason: str


def prepare_rename(view: View, offset: int) -> Renamable | Refused | None:
    """The name at `offset`, or why it has to stay; None where nothing has a name."""
    at = occurrence_at(view, offset)
    if at is None or at.symbol.kind not in _RENAMED:
        return None
    reason = why_not(view, at.symbol)
    return Refused(reason) if reason else Renamable(at.symbol.name, at.span)


def rename(view: View, offset: int, name: str) -> tuple[FileEdit, ...] | Refused:
    """The edits after which the name at `offset` is `name` in all files of the pipeline.

    They are proven: the pipeline is built again from the edited files, and must be the same but
    for the name.
    """
    at = occurrence_at(view, offset)
    if at is None or at.symbol.kind not in _RENAMED:
        return Refused("No job, stage or variable stands here.")
    if at.symbol.name == name:
        return ()
    if reason := why_not(view, at.symbol) or why_not_called(view, at.symbol, name):
        return Refused(reason)
    edits = tuple(_edits(view, occurrences_of(view, at.symbol), name))
    context = context_of(view)
    texts = fixed_texts(edits, view.pipeline)
    if not texts:
        return Refused(f"`{at.symbol.name}` cannot be edited everywhere it stands.")
    after = rebuilt(context, texts).pipeline
    if not same_but_for(at.symbol, name, view.pipeline, after):
        return Refused(f"The pipeline would change in more than the name `{at.symbol.name}`.")
    return edits


def _edits(view: View, found: tuple[Occurrence, ...], name: str) -> Iterator[FileEdit]:
    for each in found:
        document = document_of(view, each.path)
        if document is None:
            continue
        if each.pair is not None:
            edit = rename_key(document, each.pair, name)
        elif each.node is not None:
            edit = replace_scalar(document, each.node, name)
        else:
            edit = TextEdit(each.span, name)
        yield FileEdit(each.path, edit)
