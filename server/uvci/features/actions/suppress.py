"""Saying in a comment that a finding is meant to be."""

from collections.abc import Iterator

from uvci.features.actions.quick_fix import KIND, findings_at
from uvci.features.view import CodeAction, View
from uvci.rules.rule import FileEdit, Finding
from uvci.rules.suppression import ignore_edit
from uvci.text.span import Span

_NOT_A_MATTER_OF_TASTE = frozenset({"UVC001", "UVC002"})


def suppressions(view: View, span: Span) -> Iterator[CodeAction]:
    """One action for each finding at the selection that a comment can silence."""
    for finding in findings_at(view, span):
        if finding.rule.code not in _NOT_A_MATTER_OF_TASTE:
            yield _action(view, finding)


def _action(view: View, finding: Finding) -> CodeAction:
    return CodeAction(
        title=f"Ignore {finding.rule.code} ({finding.rule.name}) here",
        kind=KIND,
        edits=lambda: (FileEdit(view.path, ignore_edit(view.document, finding)),),
        findings=(finding,),
    )
