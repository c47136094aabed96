"""The proven fixes of the findings at a place."""

from collections.abc import Iterator

from uvci.features.view import CodeAction, View
from uvci.rules.edits import united
from uvci.rules.rule import Finding, Fix
from uvci.text.lines import LineIndex
from uvci.text.span import Span

KIND = "quickfix"


def quick_fixes(view: View, span: Span) -> Iterator[CodeAction]:
    """One action for each fix of each finding that the selection touches."""
    for finding in findings_at(view, span):
        for fix in finding.fixes():
            yield _action(finding, fix)


def findings_at(view: View, span: Span) -> Iterator[Finding]:
    """The findings that the selection touches; a bare cursor also reaches those on its line.

    What lies under the cursor comes first.
    """
    found = view.findings()
    under = [each for each in found if each.span.start <= span.end and span.start <= each.span.end]
    yield from under
    if len(span):
        return
    lines = LineIndex(view.document.text)
    line = lines.line_of(span.start)
    for each in found:
        if each not in under and lines.line_of(each.span.start) == line:
            yield each


def _action(finding: Finding, fix: Fix) -> CodeAction:
    return CodeAction(
        title=fix.title,
        kind=KIND,
        edits=lambda: united(fix.edits),
        findings=(finding,),
        preferred=fix.preferred,
    )
