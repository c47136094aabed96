"""`export`, `declare`, `unset` and their like, read as changes of variables."""

from collections.abc import Iterator, Sequence

from uvci.pipeline.shell.grammar import Source
from uvci.pipeline.shell.model import Assignment, Export, ExportKind
from uvci.pipeline.shell.parts import Typed, read_assignment
from uvci.text.span import Span


def read_declaration(
    source: Source, words: Sequence[Typed], *, conditional: bool
) -> Iterator[Export]:
    """What a declaration sets, in the order of its words; the first word is the keyword."""
    kind = _kind(words)
    for item in words[1:]:
        value = item.word.value
        if assignment := _assignment(source, item):
            yield exported(assignment, kind, conditional=conditional)
        elif value and value.isidentifier() and kind is not ExportKind.ASSIGNMENT:
            yield Export(value, None, None, item.word.span, None, kind, conditional)


def exported(assignment: Assignment, kind: ExportKind, *, conditional: bool) -> Export:
    """The lasting change that an assignment is."""
    return Export(
        assignment.name,
        assignment.value,
        assignment.template,
        assignment.span,
        assignment.value_span,
        kind,
        conditional,
    )


def _kind(words: Sequence[Typed]) -> ExportKind:
    options = "".join(item.word.raw for item in words[1:] if item.word.raw.startswith("-"))
    match words[0].word.raw:
        case "export" if "n" not in options:
            return ExportKind.EXPORT
        case "declare" | "typeset" | "readonly" | "local" if "x" in options:
            return ExportKind.EXPORT
        case "unset" | "unsetenv":
            return ExportKind.UNSET
        case _:
            return ExportKind.ASSIGNMENT


def _assignment(source: Source, item: Typed) -> Assignment | None:
    """`NAME=value` as an argument, where `"NAME=value"` in quotes means the same."""
    word = item.word
    assignment = read_assignment(source, item.start, item.end)
    if assignment or not word.raw.startswith(("'", '"')):
        return assignment
    name, equals, value = word.prefix.partition("=")
    if not equals or not name.isidentifier():
        return None
    template = None if word.template is None else word.template[len(name) + 1 :]
    known = None if word.value is None else value
    start = word.span.start + len(name) + 2
    value_span = Span(start, max(start, word.span.end - 1))
    return Assignment(name, known, template, word.span, value_span)
