"""Many fixes at once: as many as keep clear of each other, and again until none is left."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import TypeAlias

from msgspec import Struct

from uvci.rules.rule import Applicability, FileEdit, Finding, Fix, Severity
from uvci.text.edits import apply_edits

Texts: TypeAlias = Mapping[str, str]
"""Texts of files by path, where they differ from those at the start."""

Look: TypeAlias = Callable[[Texts], Iterable[Finding]]
"""The findings, with proven fixes, once the files have these texts."""

MOST_ROUNDS = 25


class Fixed(Struct, frozen=True):
    """The files that changed, with their new texts, and how many fixes were taken."""

    texts: dict[str, str]
    count: int


def safe_fix(finding: Finding) -> Fix | None:
    """The fix to take when nobody can be asked: safe, and the preferred or only one."""
    fix = chosen_fix(finding)
    return fix if fix and fix.applicability is Applicability.SAFE else None


def chosen_fix(finding: Finding) -> Fix | None:
    """The preferred fix, or the only one, safe or not."""
    fixes = finding.fixes()
    preferred = next((fix for fix in fixes if fix.preferred), None)
    return preferred or (fixes[0] if len(fixes) == 1 else None)


def fix_all(
    look: Look,
    read: Callable[[str], str | None],
    choose: Callable[[Finding], Fix | None] = safe_fix,
) -> Fixed:
    """What is left of the files once every finding has the fix that `choose` takes for it.

    `read` gives the texts at the start. Fixes are taken in rounds: each round finds anew, and takes
    only fixes that do not touch one another. A round that makes more trouble than there was takes
    a single fix instead. It ends where no fix is left, or a text comes back.
    """
    texts: dict[str, str] = {}
    seen: list[dict[str, str]] = [{}]
    taken = 0
    found = tuple(look(texts))
    for _ in range(MOST_ROUNDS):
        batch = _apart([fix for finding in found if (fix := choose(finding))])
        if not batch:
            break
        new = _applied(batch, texts, read)
        after = tuple(look(new))
        if len(batch) > 1 and _is_worse(found, after):
            batch = batch[:1]
            new = _applied(batch, texts, read)
            after = tuple(look(new))
        if new in seen:
            break
        seen.append(new)
        texts, found, taken = new, after, taken + len(batch)
    return Fixed({path: text for path, text in texts.items() if text != read(path)}, taken)


def _apart(fixes: Iterable[Fix]) -> list[Fix]:
    """As many of the fixes as touch none of those before them."""
    kept: list[Fix] = []
    used: list[FileEdit] = []
    for fix in fixes:
        if fix.edits and not any(_touch(edit, other) for edit in fix.edits for other in used):
            kept.append(fix)
            used += fix.edits
    return kept


def _touch(edit: FileEdit, other: FileEdit) -> bool:
    mine, its = edit.edit.span, other.edit.span
    return edit.path == other.path and mine.start <= its.end and its.start <= mine.end


def _applied(
    fixes: Iterable[Fix], texts: Texts, read: Callable[[str], str | None]
) -> dict[str, str]:
    # Sorted by file only: insertions at one place keep their order.
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: edit.path)
    new = dict(texts)
    for path, of_file in groupby(edits, key=lambda edit: edit.path):
        before = texts.get(path, read(path) or "")
        new[path] = apply_edits(before, [edit.edit for edit in of_file])
    return new


def _is_worse(before: Iterable[Finding], after: Iterable[Finding]) -> bool:
    def counted(findings: Iterable[Finding]) -> Counter[str]:
        return Counter(each.rule.code for each in findings if each.severity >= Severity.WARNING)

    return bool(counted(after) - counted(before))
