"""Edits of commands inside scripts, in whatever way the script is typed."""

from uvci.pipeline.model import ScriptLine
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.rules.rule import Context, FileEdit
from uvci.syntax.patch import remove_item
from uvci.syntax.paths import locate
from uvci.syntax.tree import Sequence, Style
from uvci.text.edits import TextEdit
from uvci.text.span import Span


def inserted(line: ScriptLine, offset: int, text: str) -> tuple[FileEdit, ...]:
    """The edit that puts `text` before the character at `offset` of a script item, if possible.

    `text` must not need quotes or escapes.
    """
    before = Span(max(offset - 1, 0), offset)
    typed = span_in_file(line, before)
    if typed.of(line.file_text) != before.of(line.text):
        return ()
    return (FileEdit(line.plain.origin.path, TextEdit(Span(typed.end, typed.end), text)),)


def rewritten(line: ScriptLine, span: Span, text: str) -> tuple[FileEdit, ...]:
    """The edit that puts `text` in place of a part of a script item, if possible."""
    typed = span_in_file(line, span)
    if typed.of(line.file_text) != span.of(line.text):
        return ()
    return (FileEdit(line.plain.origin.path, TextEdit(typed, text)),)


def removed_word(line: ScriptLine, span: Span) -> tuple[FileEdit, ...]:
    """The edit that takes a word out of a command, with the blanks before it, if possible."""
    start = len(line.text[: span.start].rstrip(" \t"))
    return rewritten(line, Span(start, span.end), "")


def removed_call(call: JobCommand, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take a call out, where it is all of its script item or of a line of it."""
    line = call.line
    if line.text.strip() == call.command.span.of(line.text):
        return _removed_item(line, context)
    start = line.text.rfind("\n", 0, call.command.span.start) + 1
    end = line.text.find("\n", call.command.span.end)
    whole = Span(start, len(line.text) if end < 0 else end)
    alone = whole.of(line.text).strip() == call.command.span.of(line.text)
    return _removed_line(line, whole) if alone else ()


def _removed_item(line: ScriptLine, context: Context) -> tuple[FileEdit, ...]:
    origin = line.plain.origin
    file = context.pipeline.file(origin.path)
    found = locate(file.document.root, origin.span.start) if file else None
    if file is None or found is None or found.node is not origin.node or not found.parents:
        return ()
    parent = found.parents[-1]
    if not isinstance(parent, Sequence) or len(parent.items) < 2:
        return ()
    index = next(index for index, item in enumerate(parent.items) if item is origin.node)
    edits = remove_item(file.document, parent, index)
    return tuple(FileEdit(origin.path, edit) for edit in edits)


def _removed_line(line: ScriptLine, whole: Span) -> tuple[FileEdit, ...]:
    node = line.plain.origin.node
    if getattr(node, "style", None) is not Style.LITERAL:
        return ()
    typed, text = span_in_file(line, whole), line.file_text
    start = text.rfind("\n", 0, typed.start) + 1
    end = text.find("\n", typed.end)
    if end < 0 or text[start:end].strip() != whole.of(line.text).strip():
        return ()
    return (FileEdit(line.plain.origin.path, TextEdit(Span(start, end + 1), "")),)
