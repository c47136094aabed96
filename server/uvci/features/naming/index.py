"""The names of a whole pipeline, and the one at a cursor."""

from collections.abc import Iterator
from functools import lru_cache

from uvci.features.context import context_of, document_of
from uvci.features.naming.scan import scan
from uvci.features.naming.symbols import Occurrence, Role, Symbol, SymbolKind
from uvci.features.naming.texts import TypedText, variables_set
from uvci.features.view import View
from uvci.pipeline.model import Job, Scope
from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.values import plains
from uvci.rules.edits import typed_pair
from uvci.syntax.tree import Scalar
from uvci.text.span import Span

_BEFORE_NAME = ("$", "${", "%", "*", "&")


@lru_cache(maxsize=4)
def occurrences(view: View) -> tuple[Occurrence, ...]:
    """Every name in the pipeline's files, by file and place."""
    found = [each for path in _paths(view) for each in _of_file(view, path)]
    seen = {(each.path, each.span) for each in found}
    extra: dict[tuple[str, Span], Occurrence] = {}
    for each in _effective(view):
        if (each.path, each.span) not in seen:
            extra.setdefault((each.path, each.span), each)
    return tuple(sorted((*found, *extra.values()), key=lambda each: (each.path, each.span)))


def occurrences_of(view: View, symbol: Symbol) -> tuple[Occurrence, ...]:
    """Where one name stands."""
    return tuple(each for each in occurrences(view) if each.symbol == symbol)


def occurrence_at(view: View, offset: int) -> Occurrence | None:
    """The name that a cursor is on: in it, right behind it, or on the `$` before it."""
    text = view.document.text
    found = [
        each
        for each in occurrences(view)
        if each.path == view.path and _reaches(each.span, offset, text)
    ]
    return min(found, key=lambda each: len(each.span), default=None)


def _reaches(span: Span, offset: int, text: str) -> bool:
    if span.touches(offset):
        return True
    return 0 < span.start - offset <= 2 and text[offset : span.start] in _BEFORE_NAME


def _paths(view: View) -> Iterator[str]:
    yield from dict.fromkeys((view.path, *(file.path for file in view.pipeline.files)))


def _of_file(view: View, path: str) -> tuple[Occurrence, ...]:
    document = document_of(view, path)
    return scan(path, document) if document else ()


def _effective(view: View) -> Iterator[Occurrence]:
    """What jobs are given by ways that the text alone does not show: `!reference`, mostly."""
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        for keyword, kind in _KEYWORDS.items():
            for plain in plains(job.keywords.entries.get(keyword)):
                node, origin = plain.origin.node, plain.origin
                document = document_of(view, origin.path)
                if isinstance(node, Scalar) and document and isinstance(plain.value, str):
                    span = TypedText(document.text, node).whole
                    symbol = Symbol(kind, plain.value)
                    yield Occurrence(symbol, origin.path, span, Role.USE, job.name, node)
        yield from _variables(view, job)
        yield from _set_in_scripts(job)


_KEYWORDS = {
    "stage": SymbolKind.STAGE,
    "needs": SymbolKind.ENTRY,
    "dependencies": SymbolKind.ENTRY,
}


def _variables(view: View, job: Job) -> Iterator[Occurrence]:
    context = context_of(view)
    for variant in job.variants:
        for variable in variant.variables.values():
            origin = variable.origin
            if origin is None or variable.scope is Scope.PREDEFINED or origin.key is None:
                continue
            pair = typed_pair(origin, context)
            document = document_of(view, origin.path)
            if pair and document and isinstance(pair.pair.key, Scalar):
                key = pair.pair.key
                if key.text == variable.name:
                    yield Occurrence(
                        Symbol(SymbolKind.VARIABLE, variable.name),
                        origin.path,
                        TypedText(document.text, key).whole,
                        Role.DEFINITION,
                        job.name,
                        pair=pair.pair,
                    )


def _set_in_scripts(job: Job) -> Iterator[Occurrence]:
    for line in job.scripts:
        for name, span in variables_set(line.text):
            symbol, path = Symbol(SymbolKind.VARIABLE, name), line.plain.origin.path
            typed = span_in_file(line, span)
            if len(typed) == len(name):
                yield Occurrence(symbol, path, typed, Role.DEFINITION, job.name)
