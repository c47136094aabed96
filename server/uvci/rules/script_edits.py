"""Edits of commands inside scripts, in whatever way the script is typed."""

from uvci.pipeline.model import ScriptLine, SourceFile
from uvci.pipeline.scripts import JobCommand, span_in_file
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.pipeline.values import Link, LinkKind, Origin
from uvci.rules.rule import Context, FileEdit
from uvci.syntax.patch import Verbatim, remove_item, remove_pair, set_value
from uvci.syntax.paths import Location, locate
from uvci.syntax.sources import source_map
from uvci.syntax.tree import Document, Mapping, Scalar, Sequence, Style
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_BLANK = r"(?:[ \t]|\\\n)*"
_BEFORE = lazy_re(rf"{_BLANK}(?:&&|;){_BLANK}\Z")
_AFTER = lazy_re(rf"{_BLANK}(?:&&|;)(?!;){_BLANK}")
_END = lazy_re(r"[ \t]*(?:\n|\Z)")
_BLANKS = lazy_re(rf"{_BLANK}")
_BLANKS_BEFORE = lazy_re(r"(?:[ \t]|\\\n)+\Z")
_BEGINS = lazy_re(r"[A-Za-z0-9_./~]")
"""What a command may begin with and stay what it is where YAML has no quotes around it."""


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
    before = _BLANKS_BEFORE.search(line.text, 0, span.start)
    start = before.start() if before else span.start
    whole = Span(start, span.end)
    return _deleted(line, whole) or _deleted_line(line, span) or removed_prefix(line, span)


def removed_prefix(line: ScriptLine, span: Span) -> tuple[FileEdit, ...]:
    """The edit that takes a word out with the blanks behind it, or with its line, if possible."""
    after = _BLANKS.match(line.text, span.end)
    whole = Span(span.start, after.end() if after else span.end)
    return _deleted(line, whole) or _deleted_line(line, span)


def removed_export(line: ScriptLine, span: Span, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take out an assignment that outlives its command, if possible.

    `export A=1 B=2` keeps what it sets besides; a branch may be nothing without it.
    """
    found = next((one for one in find_exports(line.text) if one.span == span), None)
    if found is None or found.conditional:
        return ()
    commands = [one for one in find_commands(line.text) if one.span.covers(span)]
    if not commands:
        return removed_command(line, span, context)
    command = min(commands, key=lambda one: len(one.span))
    others = [word for word in command.words[1:] if not word.raw.startswith("-")]
    if command.span == span or len(others) == 1:
        return removed_command(line, command.span, context)
    return removed_word(line, span)


def _deleted(line: ScriptLine, span: Span) -> tuple[FileEdit, ...]:
    """The edit that takes characters out of an item, unless a fold or its quotes are in the way."""
    typed = span_in_file(line, span)
    node, text = line.plain.origin.node, typed.of(line.file_text)
    if not isinstance(node, Scalar) or not line.file_text or node.text != line.text:
        return ()
    first = line.text[span.start : span.start + 1]
    if not source_map(line.file_text, node).is_exact or text[:1] != first:
        return ()
    if "\n" in text and node.style is not Style.LITERAL:
        return ()
    following = Span(span.end, min(span.end + 1, len(line.text)))
    if typed.start == node.span.start and not _BEGINS.match(following.of(line.text)):
        return ()
    if text.endswith("\n"):  # the next line moves up, without its indentation
        typed = Span(typed.start, span_in_file(line, following).start)
    return (FileEdit(line.plain.origin.path, TextEdit(typed, "")),)


def _deleted_line(line: ScriptLine, span: Span) -> tuple[FileEdit, ...]:
    """The edit that takes out a whole line, where a word stands alone on one that is folded."""
    node, typed, text = line.plain.origin.node, span_in_file(line, span), line.file_text
    start = text.rfind("\n", 0, typed.start) + 1
    end = text.find("\n", typed.end)
    if end < 0 or not isinstance(node, Scalar) or start <= node.span.start:
        return ()
    if text[start:end].strip() != span.of(line.text):
        return ()
    return (FileEdit(line.plain.origin.path, TextEdit(Span(start, end + 1), "")),)


def removed_call(call: JobCommand, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take a call out, where it is all of its script item or of a line of it."""
    line, span = call.line, call.command.span
    return _removed_alone(line, span, context)


def removed_command(line: ScriptLine, span: Span, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take a command out, also from between `&&` and `;`, if possible."""
    return _removed_alone(line, span, context) or _removed_link(line, span)


def _removed_alone(line: ScriptLine, span: Span, context: Context) -> tuple[FileEdit, ...]:
    if line.text.strip() == span.of(line.text):
        return _removed_item(line, context)
    start = line.text.rfind("\n", 0, span.start) + 1
    end = line.text.find("\n", span.end)
    whole = Span(start, len(line.text) if end < 0 else end)
    alone = whole.of(line.text).strip() == span.of(line.text)
    return removed_line(line, whole) if alone else ()


def _removed_link(line: ScriptLine, span: Span) -> tuple[FileEdit, ...]:
    """A link of a chain goes with the operator behind it; the last one with that in front."""
    before, after = _BEFORE.search(line.text, 0, span.start), _AFTER.match(line.text, span.end)
    begins = not line.text[: span.start].rpartition("\n")[2].strip()
    if after and (before or begins):
        return rewritten(line, Span(span.start, after.end()), "")
    if before and _END.match(line.text, span.end):
        return rewritten(line, Span(before.start(), span.end), "")
    return ()


def removed_link(link: Link, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take an alias or a `!reference` out of the script it stands in, if possible.

    What it names stays as it is.
    """
    file = context.pipeline.file(link.path)
    found = locate(file.document.root, link.span.start) if file else None
    if file is None or found is None or found.node.span != link.span:
        return ()
    return _removed_node(found, file, context)


def _removed_item(line: ScriptLine, context: Context) -> tuple[FileEdit, ...]:
    origin = line.plain.origin
    file = context.pipeline.file(origin.path)
    found = locate(file.document.root, origin.span.start) if file else None
    if file is None or found is None or found.node is not origin.node:
        return ()
    return _removed_node(found, file, context)


def _removed_node(found: Location, file: SourceFile, context: Context) -> tuple[FileEdit, ...]:
    parent = found.parents[-1] if found.parents else None
    edits: tuple[TextEdit, ...]
    if isinstance(parent, Sequence) and len(parent.items) > 1:
        index = next(index for index, item in enumerate(parent.items) if item is found.node)
        edits = remove_item(file.document, parent, index)
    else:
        edits = _removed_list(found, file.document, context)
    return tuple(FileEdit(file.path, edit) for edit in edits)


def _removed_list(found: Location, document: Document, context: Context) -> tuple[TextEdit, ...]:
    """The edits that take out a `before_script` or `after_script` with nothing else in it.

    Where another one would come in its place, an empty one stays.
    """
    pair = found.pair
    keyword = pair.key.text if pair and isinstance(pair.key, Scalar) else ""
    whole = found.node if isinstance(found.parents[-1], Mapping) else found.parents[-1]
    mapping = next((one for one in reversed(found.parents) if one is not whole), None)
    if pair is None or pair.value is not whole or not isinstance(mapping, Mapping):
        return ()
    if keyword not in ("before_script", "after_script") or getattr(whole, "anchor", None):
        return ()
    if _is_in_the_way(keyword, found, mapping, context):
        return set_value(document, pair, Verbatim("[]"))
    return remove_pair(document, mapping, pair)


def _is_in_the_way(keyword: str, found: Location, mapping: Mapping, context: Context) -> bool:
    """Whether a job may get another list once the one at `found` is gone."""
    merged, inherits = context.pipeline.merged, any(one.is_merge for one in mapping.pairs)
    if inherits or mapping.pair("extends") or merged.get(keyword) or merged.get("default", keyword):
        return True
    name = found.path[0]
    roots = [file.document.mapping for file in context.pipeline.files]
    if sum(bool(root and root.pair(str(name))) for root in roots) > 1:
        return True
    jobs = (*context.pipeline.jobs, *context.pipeline.hidden)
    origins = [value.origin for job in jobs if (value := job.keywords.get(keyword))]
    return any(_may_win(found, origin) for origin in origins)


def _may_win(found: Location, origin: Origin) -> bool:
    """Whether a list is the one at `found`, and may have won over another one."""
    pair = found.pair
    if pair is None:
        return False
    if origin.node is pair.value or origin.key == pair.key.span:
        return bool(origin.shadows)
    # What a reference brings does not tell what it won over.
    is_brought = any(link.span == pair.value.span for link in origin.chain)
    return is_brought and any(link.kind is LinkKind.EXTENDS for link in origin.chain)


def removed_line(line: ScriptLine, whole: Span) -> tuple[FileEdit, ...]:
    """The edit that takes a whole line out of a `|` block, if possible."""
    node = line.plain.origin.node
    if getattr(node, "style", None) is not Style.LITERAL:
        return ()
    typed, text = span_in_file(line, whole), line.file_text
    start = text.rfind("\n", 0, typed.start) + 1
    end = text.find("\n", typed.end)
    if end < 0 or text[start:end].strip() != whole.of(line.text).strip():
        return ()
    return (FileEdit(line.plain.origin.path, TextEdit(Span(start, end + 1), "")),)
