"""`--add-ignore`: a comment beside every finding, so that later runs speak of new ones only."""

from collections import Counter
from collections.abc import Iterable

from uvci.cli.checkout import Checkout, edited
from uvci.rules.pipeline import refused_by_gitlab, unused_suppression
from uvci.rules.rule import FileEdit, Finding, Severity
from uvci.rules.suppression import ignore_edit
from uvci.workspace.snapshot import Snapshot

_Mark = tuple[str, str, str]


def silence_all(checkout: Checkout) -> int:
    """Silence every finding in the checkout's snapshot, as far as a comment can; how many.

    Nothing is written. Several findings of one line share a comment. A comment that does not
    silence what it was written for, or makes anything worse, is taken back.
    """
    silenced, given_up = 0, set[_Mark]()
    for _ in range(len(checkout.findings()) + 1):  # each pass silences one or gives one up
        before, found = checkout.snapshot, checkout.findings()
        asked = [each for each in found if _mark(each) not in given_up and _can_be(each, before)]
        edits = _edits(before, asked)
        if not edits:
            break
        checkout.snapshot = edited(before, edits.values())
        failed = _failed(found, checkout.findings(), edits)
        if failed:
            given_up |= failed
            kept = [edit for mark, edit in edits.items() if mark not in failed]
            checkout.snapshot = edited(before, kept)
        silenced += len(found) - len(checkout.findings())
    return silenced


def _can_be(finding: Finding, snapshot: Snapshot) -> bool:
    """Whether a comment may silence it.

    One that silences nothing is to be removed, and a file that does not parse to be mended.
    """
    if finding.rule is refused_by_gitlab.RULE:
        document = snapshot.document(finding.path)
        return document is not None and not document.problems
    return finding.rule is not unused_suppression.RULE


def _mark(finding: Finding) -> _Mark:
    return finding.rule.code, finding.path, finding.message


def _edits(snapshot: Snapshot, findings: Iterable[Finding]) -> dict[_Mark, FileEdit]:
    """One edit for each place; what else is found there waits for the next pass."""
    edits: dict[_Mark, FileEdit] = {}
    taken: set[tuple[str, int]] = set()
    for finding in findings:
        document = snapshot.document(finding.path)
        if document is None or snapshot.files().read(finding.path) is None:
            continue
        edit = ignore_edit(document, finding)
        place = finding.path, edit.span.start
        if place not in taken and _mark(finding) not in edits:
            taken.add(place)
            edits[_mark(finding)] = FileEdit(finding.path, edit)
    return edits


def _failed(
    before: list[Finding], after: list[Finding], edits: dict[_Mark, FileEdit]
) -> set[_Mark]:
    """The findings that are still there; all of them where there are more errors than before."""
    if _errors(after) > _errors(before):
        return set(edits)
    counts, left = Counter(map(_mark, before)), Counter(map(_mark, after))
    return {mark for mark in edits if left[mark] >= counts[mark]}


def _errors(findings: Iterable[Finding]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in findings)
