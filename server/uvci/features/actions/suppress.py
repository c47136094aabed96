"""Saying in a comment that a finding is meant to be, and taking that back."""

from collections.abc import Iterator

from uvci.features.actions.quick_fix import KIND, findings_at
from uvci.features.view import CodeAction, View
from uvci.pipeline.model import SourceFile
from uvci.rules.rule import FileEdit, Finding
from uvci.rules.suppression import Suppression, find_suppressions, ignore_edit
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_NOT_A_MATTER_OF_TASTE = frozenset({"UVC001", "UVC002"})


def suppressions(view: View, span: Span) -> Iterator[CodeAction]:
    """One action for each finding at the selection that a comment can silence."""
    for finding in findings_at(view, span):
        if finding.rule.code not in _NOT_A_MATTER_OF_TASTE:
            yield _action(view, finding)


def removals(view: View, span: Span) -> Iterator[CodeAction]:
    """The action that takes away the suppression at the selection."""
    for comment in find_suppressions(SourceFile(view.path, view.document)):
        if comment.span.start <= span.end and span.start <= comment.span.end:
            yield _removal(view, comment, span)


def _action(view: View, finding: Finding) -> CodeAction:
    return CodeAction(
        title=f"Ignore {finding.rule.code} ({finding.rule.name}) here",
        kind=KIND,
        edits=lambda: (FileEdit(view.path, ignore_edit(view.document, finding)),),
        findings=(finding,),
    )


def _removal(view: View, comment: Suppression, span: Span) -> CodeAction:
    """Only the code at the selection goes where there are several."""
    text, codes = view.document.text, comment.codes
    here = next((code for code in codes if code.span.touches(span.start)), None)
    if here is not None and len(codes) > 1:
        title, gone = f"Report {here.text} here again", _with_comma(text, here.span)
    else:
        title, gone = "Remove this suppression", _with_blanks(text, comment.span)
    return CodeAction(title, KIND, lambda: (FileEdit(view.path, TextEdit(gone, "")),))


def _with_comma(text: str, span: Span) -> Span:
    """An item of a list with the comma and blanks on one side of it."""
    behind = text[span.end :]
    rest = behind.lstrip(" \t")
    if rest.startswith(","):
        rest = rest[1:].lstrip(" \t")
        return Span(span.start, len(text) - len(rest))
    before = text[: span.start].rstrip(" \t").removesuffix(",").rstrip(" \t")
    return Span(len(before), span.end)


def _with_blanks(text: str, span: Span) -> Span:
    """A comment with the blanks before it, and its line where nothing else is on it."""
    start = len(text[: span.start].rstrip(" \t"))
    if start and text[start - 1] not in "\r\n":
        return Span(start, span.end)
    end = text.find("\n", span.end)
    return Span(start, len(text) if end < 0 else end + 1)
