"""All findings of a pipeline: every rule asked, equal answers joined, silenced ones left out."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from uvci.rules.asking import Looked, ask, go_on
from uvci.rules.pipeline.unused_suppression import unused_suppressions
from uvci.rules.publishing import plaintext_secret
from uvci.rules.publishing.secrets import any_of, quieted
from uvci.rules.registry import RULES
from uvci.rules.rule import Applicability, Change, Context, FileEdit, Finding, Fix, Rule
from uvci.rules.suppression import find_suppressions, suppress

_NAMED = 3
"""How many jobs a message names; the others are counted."""


def check(
    context: Context,
    rules: Iterable[Rule] = RULES,
    looked: Looked | None = None,
    pause: Callable[[], None] = go_on,
) -> tuple[Finding, ...]:
    """What `rules` find in a pipeline, by file and place.

    A mistake at one place is one finding, whichever number of jobs it hits. `looked` is read and
    added to; it holds as long as nothing but the texts of pipelines changes. `pause` is called
    before each rule.
    """
    asked = tuple(rules)
    found = _joined(list(ask(asked, context, looked or Looked(), pause)), context)
    suppressions = [mark for file in context.pipeline.files for mark in find_suppressions(file)]
    left = suppress(found, suppressions)
    unused = unused_suppressions(suppressions, left.used, asked, RULES, context)
    named = (replace(finding, message=_worded(finding)) for finding in (*left.findings, *unused))
    secrets = any_of(_secrets(found, context))
    return tuple(sorted((quieted(finding, secrets) for finding in named), key=_place))


def _secrets(found: Iterable[Finding], context: Context) -> Iterator[str]:
    """The secrets that were found, silenced or not: another message may be about the same place."""
    for finding in found:
        if finding.rule is plaintext_secret.RULE:
            file = context.pipeline.file(finding.path)
            if file is not None:
                yield finding.span.of(file.document.text)


def _worded(finding: Finding) -> str:
    text = finding.message.replace("{jobs}", name_jobs(finding.jobs))
    return text[:1].upper() + text[1:] if finding.message.startswith("{jobs}") else text


def name_jobs(jobs: tuple[str, ...]) -> str:
    """Some jobs in a sentence.

    >>> name_jobs(("test", "lint")), name_jobs(("a", "b", "c", "d", "e"))
    ('jobs `test` and `lint`', 'jobs `a`, `b`, `c` and 2 more')
    """
    shown = len(jobs) if len(jobs) <= _NAMED + 1 else _NAMED
    parts = [f"`{job}`" for job in jobs[:shown]]
    if len(jobs) > shown:
        parts.append(f"{len(jobs) - shown} more")
    if len(parts) < 2:
        return f"job {''.join(parts)}" if parts else "no job"
    return f"jobs {', '.join(parts[:-1])} and {parts[-1]}"


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    span = finding.span
    return (finding.path, span.start, span.end, finding.rule.code, finding.message)


def _joined(findings: list[Finding], context: Context) -> list[Finding]:
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        key = (finding.rule.code, finding.path, finding.span, finding.message, finding.severity)
        groups.setdefault(key, []).append(finding)
    names = context.pipeline.jobs.names if groups else ()
    order = {name: index for index, name in enumerate(names)}
    return [_join(group, order) for group in groups.values()]


def _join(group: list[Finding], order: dict[str, int]) -> Finding:
    names = {job for finding in group for job in finding.jobs}
    jobs = tuple(sorted(names, key=lambda job: order.get(job, len(order))))
    if len(group) == 1:
        return replace(group[0], jobs=jobs)
    return replace(group[0], jobs=jobs, fixes=_JoinedFixes(tuple(group)))


class _JoinedFixes(Struct, frozen=True):
    """The fixes that all findings of a group have, under one title each."""

    group: tuple[Finding, ...]

    def __call__(self) -> tuple[Fix, ...]:
        offers = [{fix.title: fix for fix in finding.fixes()} for finding in self.group]
        shared = [title for title in offers[0] if all(title in offer for offer in offers)]
        return tuple(_unite([offer[title] for offer in offers]) for title in shared)


def _unite(fixes: list[Fix]) -> Fix:
    edits: dict[FileEdit, None] = dict.fromkeys(edit for fix in fixes for edit in fix.edits)
    changes: dict[Change, None] = dict.fromkeys(c for fix in fixes for c in fix.declares)
    unsafe = any(fix.applicability is Applicability.UNSAFE for fix in fixes)
    kind = Applicability.UNSAFE if unsafe else Applicability.SAFE
    return replace(fixes[0], edits=tuple(edits), applicability=kind, declares=tuple(changes))
