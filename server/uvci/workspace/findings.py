"""Findings as the user gets them: settings applied, several pipelines united, fixes proven."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from uvci.rules.check import check
from uvci.rules.pipeline import refused_by_gitlab as refused
from uvci.rules.pipeline import unused_suppression
from uvci.rules.proof import Start, proven_fixes
from uvci.rules.registry import RULES
from uvci.rules.rule import Finding, Fix
from uvci.text.span import Span
from uvci.workspace.disk import Refusal, Unreadable
from uvci.workspace.interruption import checkpoint
from uvci.workspace.memory import Built
from uvci.workspace.roots import Standing, is_of_parts_elsewhere

if TYPE_CHECKING:
    from uvci.workspace.snapshot import Snapshot


def check_root(snapshot: "Snapshot", root: str, built: Built) -> Iterator[Finding]:
    """The findings of one pipeline, in all of its files."""
    configuration = built.configuration
    template = snapshot.standing(root) is Standing.TEMPLATE
    rules = configuration.rules(RULES)
    looked = snapshot.memory.looked_at(rules, configuration.core)
    start = Start(built.context, snapshot.memory.looked_at(RULES, configuration.core))
    for finding in check(built.context, rules, looked, checkpoint):
        if configuration.ignores(finding.rule, finding.path):
            continue
        if template and finding.rule is refused.RULE and is_of_parts_elsewhere(finding.message):
            continue
        severity = configuration.severity_of(finding.rule)
        yield replace(
            finding,
            severity=finding.severity if severity is None else severity,
            fixes=_ProvenFixes(finding, start),
        )


def unite(by_root: Iterable[Iterable[Finding]]) -> tuple[Finding, ...]:
    """The findings of several pipelines about one file, each mistake once, by place.

    A suppression is unused where none of them uses it.
    """
    groups = [tuple(findings) for findings in by_root]
    if len(groups) == 1:
        return groups[0]
    united: list[Finding] = []
    seen: set[tuple[str, Span]] = set()
    for group in groups:
        new = [finding for finding in group if _key(finding) not in seen]
        united += [finding for finding in new if not _used_elsewhere(finding, groups)]
        seen |= {_key(finding) for finding in new}
    return tuple(sorted(united, key=lambda finding: (finding.span, finding.rule.code)))


def refused_whole(path: str, refusal: Unreadable) -> tuple[Finding, ...]:
    """What is said about a file that GitLab does not even read."""
    if refusal.refusal is not Refusal.TOO_BIG:
        return ()
    return (Finding(refused.RULE, refusal.message, path, Span(0, 0), refused.RULE.severity),)


def _key(finding: Finding) -> tuple[str, Span]:
    return finding.rule.code, finding.span


def _used_elsewhere(finding: Finding, groups: list[tuple[Finding, ...]]) -> bool:
    if finding.rule is not unused_suppression.RULE:
        return False
    return not all(any(_key(other) == _key(finding) for other in group) for group in groups)


class _ProvenFixes:
    """The fixes of a finding that hold what they promise, worked out when first asked for."""

    __slots__ = ("_finding", "_proven", "_start")

    def __init__(self, finding: Finding, start: Start) -> None:
        self._finding, self._start = finding, start
        self._proven: tuple[Fix, ...] | None = None

    def __call__(self) -> tuple[Fix, ...]:
        if self._proven is None:
            self._proven = proven_fixes(self._finding, self._start)
        return self._proven
