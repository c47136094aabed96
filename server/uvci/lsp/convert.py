"""Between the core's values and the protocol's.

Enumerations are matched by their values, so that nothing of the core is loaded with this module:
the server answers `initialize` before it loads the rest.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from uvci.features.view import Annotation, CompletionItem, Hover
    from uvci.lsp.locator import RepositoryLocator
    from uvci.lsp.profile import ClientProfile
    from uvci.rules.rule import FileEdit, Finding
    from uvci.text.edits import TextEdit
    from uvci.text.lines import Encoding, LineIndex
    from uvci.text.span import Span

SOURCE = "uvci"

_SEVERITIES = {
    "ERROR": types.DiagnosticSeverity.Error,
    "WARNING": types.DiagnosticSeverity.Warning,
    "INFO": types.DiagnosticSeverity.Information,
    "HINT": types.DiagnosticSeverity.Hint,
}

_TAGS = {
    "unnecessary": types.DiagnosticTag.Unnecessary,
    "deprecated": types.DiagnosticTag.Deprecated,
}

_KINDS = {
    "image": types.CompletionItemKind.Module,
    "tag": types.CompletionItemKind.Constant,
    "variable": types.CompletionItemKind.Variable,
    "value": types.CompletionItemKind.Value,
    "keyword": types.CompletionItemKind.Keyword,
    "command": types.CompletionItemKind.Function,
    "flag": types.CompletionItemKind.Property,
    "file": types.CompletionItemKind.File,
    "job": types.CompletionItemKind.Class,
    "reference": types.CompletionItemKind.Reference,
    "snippet": types.CompletionItemKind.Snippet,
}


def to_position(lines: LineIndex, offset: int, encoding: Encoding) -> types.Position:
    """The protocol position of an offset."""
    position = lines.position(offset, encoding)
    return types.Position(position.line, position.column)


def to_range(lines: LineIndex, span: Span, encoding: Encoding) -> types.Range:
    """The protocol range of a span."""
    return types.Range(
        to_position(lines, span.start, encoding), to_position(lines, span.end, encoding)
    )


def to_text_edit(lines: LineIndex, edit: TextEdit, encoding: Encoding) -> types.TextEdit:
    """The protocol form of an edit."""
    return types.TextEdit(to_range(lines, edit.span, encoding), edit.content)


def to_location(
    where: RepositoryLocator, path: str, span: Span, encoding: Encoding
) -> types.Location:
    """The protocol form of a place in a file."""
    return types.Location(where.uri(path), to_range(where.lines(path), span, encoding))


def to_diagnostic(
    finding: Finding, where: RepositoryLocator, profile: ClientProfile
) -> types.Diagnostic:
    """A finding as a diagnostic, with no more than the client can show."""
    tags = [_TAGS[tag.value] for tag in finding.tags if _TAGS[tag.value] in profile.diagnostic_tags]
    related = [
        types.DiagnosticRelatedInformation(
            to_location(where, other.path, other.span, profile.encoding), other.message
        )
        for other in finding.related
    ]
    return types.Diagnostic(
        range=to_range(where.lines(finding.path), finding.span, profile.encoding),
        message=finding.message,
        severity=_SEVERITIES[finding.severity.name],
        code=finding.rule.code,
        code_description=types.CodeDescription(finding.rule.url)
        if profile.code_descriptions
        else None,
        source=SOURCE,
        tags=tags or None,
        related_information=(related or None) if profile.related_information else None,
    )


def to_workspace_edit(
    edits: Iterable[FileEdit],
    where: RepositoryLocator,
    profile: ClientProfile,
    annotate: Callable[[FileEdit], Annotation] | None = None,
) -> types.WorkspaceEdit:
    """Edits of files as one workspace edit, versioned where the client takes versions.

    Annotated where the client can show that.
    """
    ordered = sorted(edits, key=lambda one: (one.path, one.edit.span))
    if not profile.document_changes:
        return types.WorkspaceEdit(
            changes={
                where.uri(path): [
                    to_text_edit(where.lines(path), one.edit, profile.encoding) for one in of_file
                ]
                for path, of_file in groupby(ordered, key=lambda one: one.path)
            }
        )
    notes: dict[str, types.ChangeAnnotation] = {}
    noted = annotate if profile.change_annotations else None
    changes = [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(
                uri=where.uri(path), version=where.version(path)
            ),
            [_edit(one, where.lines(path), profile.encoding, noted, notes) for one in of_file],
        )
        for path, of_file in groupby(ordered, key=lambda one: one.path)
    ]
    return types.WorkspaceEdit(document_changes=list(changes), change_annotations=notes or None)


def _edit(
    edit: FileEdit,
    lines: LineIndex,
    encoding: Encoding,
    annotate: Callable[[FileEdit], Annotation] | None,
    notes: dict[str, types.ChangeAnnotation],
) -> types.TextEdit | types.AnnotatedTextEdit:
    """The protocol form of an edit; its annotation is put into `notes`, by its label."""
    plain = to_text_edit(lines, edit.edit, encoding)
    if annotate is None:
        return plain
    note = annotate(edit)
    notes[note.label] = types.ChangeAnnotation(
        note.label, needs_confirmation=note.confirm, description=note.description or None
    )
    return types.AnnotatedTextEdit(note.label, plain.range, plain.new_text)


def to_markup(markdown: str, *, as_markdown: bool) -> types.MarkupContent:
    """A text as the client can show it: Markdown, or the same without its marks."""
    if as_markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, markdown)
    return types.MarkupContent(types.MarkupKind.PlainText, plain_text(markdown))


def plain_text(markdown: str) -> str:
    """Markdown with the marks our own texts use taken off: fences, bold, code, links.

    >>> plain_text("**uv** `0.9` and [docs](https://docs.astral.sh/uv/)")
    'uv 0.9 and docs (https://docs.astral.sh/uv/)'
    """
    kept = [line for line in markdown.splitlines() if not line.startswith("```")]
    text = "\n".join(kept).replace("**", "").replace("`", "")
    pieces = text.split("](")
    for index, piece in enumerate(pieces[:-1]):
        opening = piece.rfind("[")
        pieces[index] = piece[:opening] + piece[opening + 1 :] if opening >= 0 else piece + "]"
    return " (".join(pieces)


def to_hover(hover: Hover, lines: LineIndex, profile: ClientProfile) -> types.Hover:
    """A hover with its range."""
    markup = to_markup(hover.markdown, as_markdown=profile.hover_markdown)
    return types.Hover(
        contents=markup if profile.hover_markup else markup.value,
        range=to_range(lines, hover.span, profile.encoding),
    )


def to_completion_item(
    item: CompletionItem, lines: LineIndex, profile: ClientProfile
) -> types.CompletionItem:
    """A completion item, cut down to what the client understands."""
    snippet = item.snippet if profile.snippets else None
    content = item.edit.content if snippet is None else snippet
    detail = item.detail
    if item.description and not profile.label_details:
        detail = f"{detail} — {item.description}" if detail else item.description
    return types.CompletionItem(
        label=item.label,
        kind=_KINDS[item.kind.value],
        detail=detail or None,
        label_details=types.CompletionItemLabelDetails(description=item.description)
        if item.description and profile.label_details
        else None,
        filter_text=item.filter,
        sort_text=item.sort,
        text_edit=_completion_edit(item, content, lines, profile),
        insert_text_format=types.InsertTextFormat.Snippet
        if snippet is not None
        else types.InsertTextFormat.PlainText,
        additional_text_edits=[
            to_text_edit(lines, edit, profile.encoding) for edit in item.additional
        ]
        or None,
        tags=[types.CompletionItemTag.Deprecated]
        if item.deprecated and profile.deprecated_items
        else None,
        preselect=True if item.preselect and profile.preselect else None,
        command=types.Command("Complete the next part", profile.retrigger_command)
        if item.retrigger and profile.retrigger_command
        else None,
        documentation=None if profile.lazy_documentation else documentation_of(item, profile),
    )


def _completion_edit(
    item: CompletionItem, content: str, lines: LineIndex, profile: ClientProfile
) -> types.TextEdit | types.InsertReplaceEdit:
    if profile.insert_replace:
        return types.InsertReplaceEdit(
            content,
            insert=to_range(lines, item.insert, profile.encoding),
            replace=to_range(lines, item.edit.span, profile.encoding),
        )
    return types.TextEdit(to_range(lines, item.edit.span, profile.encoding), content)


def documentation_of(
    item: CompletionItem, profile: ClientProfile
) -> types.MarkupContent | str | None:
    """The item's documentation, computed now; a text for clients that name no format."""
    if item.documentation is None:
        return None
    markup = to_markup(item.documentation(), as_markdown=profile.completion_markdown)
    return markup if profile.completion_markup else markup.value
