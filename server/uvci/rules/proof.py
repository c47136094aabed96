"""Whether a fix does what it says, and only that: it is applied, and what comes out is compared."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.model import Pipeline
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.rules.asking import Looked
from uvci.rules.bystanders import Difference, reached
from uvci.rules.check import check
from uvci.rules.pipeline.refused_by_gitlab import RULE as REFUSED_BY_GITLAB
from uvci.rules.rule import (
    Applicability,
    Change,
    Context,
    FileEdit,
    Finding,
    Fix,
    Rule,
    Severity,
)
from uvci.syntax.parse import parse
from uvci.syntax.witness import comments_of, keeps_comments
from uvci.text.edits import OverlappingEditsError, apply_edits
from uvci.text.span import Span

KeyPath: TypeAlias = tuple[str, ...]


class Start(Struct, frozen=True, eq=False, dict=True):
    """A pipeline before any fix. It is asked about once, however many fixes are proven on it.

    `looked` is what all rules know of its jobs: most fixes touch one, and the others need no
    second look.
    """

    context: Context
    looked: Looked = field(default_factory=Looked)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is found in it."""
        return self.look(self.context)

    def look(self, context: Context) -> tuple[Finding, ...]:
        """What is found in it, or in what a fix made of it."""
        return check(context, looked=self.looked)


def rebuilt(context: Context, texts: Mapping[str, str]) -> Context:
    """The context as it is once the files at the paths of `texts` have those texts."""
    documents = {file.path: file.document for file in context.pipeline.files}
    documents |= {path: parse(text) for path, text in texts.items()}
    root = context.pipeline.files[0].path
    pipeline = build_pipeline(root, context.files, context.settings, documents)
    return replace(context, pipeline=pipeline, judged=None)


def proven_fixes(finding: Finding, start: Context | Start) -> tuple[Fix, ...]:
    """The fixes of a finding that hold what they promise, best first.

    Each is applied; afterwards the files read as well as before and keep every comment, nothing
    in the effective pipeline differs but what the fix declares, the finding is gone, and no other
    of warning or error severity has come, unless the fix uncovers it. One that does anything to a
    job without the mistake, as to another that shares the line, is not safe.
    """
    candidates = finding.fixes()
    start = start if isinstance(start, Start) else Start(start)
    proven = (_proven(fix, finding, start) for fix in candidates)
    return tuple(fix for fix in proven if fix is not None)


def is_proven(fix: Fix, context: Context, before: tuple[Finding, ...]) -> bool:
    """Whether edits that belong to no finding hold what they promise: see `proven_fixes`.

    `before` are the findings of `context`.
    """
    return _outcome(fix, None, Start(context), before) is not None


def fixed_texts(edits: Iterable[FileEdit], pipeline: Pipeline) -> dict[str, str] | None:
    """The texts of the edited files afterwards, by path; None where the edits cannot be applied."""
    by_path: dict[str, list[FileEdit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    texts = {}
    for path, wanted in by_path.items():
        file = pipeline.file(path)
        if file is None:
            return None
        try:
            texts[path] = apply_edits(file.document.text, (edit.edit for edit in wanted))
        except OverlappingEditsError:
            return None
    return texts


class _Outcome(Struct, frozen=True, eq=False):
    """The pipeline after a fix that holds, what is found in it, and where it differs."""

    pipeline: Pipeline
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]


def _proven(fix: Fix, finding: Finding, start: Start) -> Fix | None:
    """The fix if it holds; an unsafe one where it reaches a job without the mistake."""
    outcome = _outcome(fix, finding, start, start.findings)
    if outcome is None or fix.applicability is Applicability.UNSAFE:
        return fix if outcome else None
    changed = reached(outcome.differences, start.context.pipeline, outcome.pipeline)
    if _are_mended(changed, finding.rule, start.findings, outcome.findings):
        return fix
    return replace(fix, applicability=Applicability.UNSAFE)


def _outcome(
    fix: Fix, finding: Finding | None, start: Start, before: tuple[Finding, ...]
) -> _Outcome | None:
    """What comes out of a fix; None where that is not what it promises."""
    old = start.context.pipeline
    texts = fixed_texts(fix.edits, old)
    if not texts or not _changes_every_file(texts, old):
        return None
    after = rebuilt(start.context, texts)
    new = after.pipeline
    if not _reads_as_well(finding, texts, old, new) or (fix.keeps and not fix.keeps(old, new)):
        return None
    found = start.look(after)
    if _brings_more(fix, finding, before, found):
        return None
    if finding is not None and not _is_gone(finding, before, found):
        return None
    differences = tuple(effective_differences(old, new))
    if not all(_is_declared(path, fix.declares) for path in differences):
        return None
    return _Outcome(new, found, differences)


def _changes_every_file(texts: Mapping[str, str], pipeline: Pipeline) -> bool:
    files = {file.path: file.document.text for file in pipeline.files}
    return all(files[path] != text for path, text in texts.items())


def _reads_as_well(
    finding: Finding | None, texts: Iterable[str], old: Pipeline, new: Pipeline
) -> bool:
    for path in texts:
        before, after = old.file(path), new.file(path)
        if before is None or after is None:
            return False
        if len(after.document.problems) > len(before.document.problems):
            return False
        text = before.document.text
        about = finding.span if finding and path == finding.path else None
        lost = _lost_comments(text, after.document.text)
        if not all(_is_about(comment, text, about) for comment in lost):
            return False
    return True


def _lost_comments(before: str, after: str) -> Counter[str]:
    if "#" not in before or keeps_comments(before, after):
        return Counter()
    return Counter(comments_of(before)) - Counter(comments_of(after))


def _is_about(comment: str, text: str, finding: Span | None) -> bool:
    """Whether the finding stands in the comment itself, which a fix may then take away."""
    if finding is None:
        return False
    start = text.rfind(comment, 0, finding.start + len(comment))
    return start >= 0 and Span(start, start + len(comment)).covers(finding)


def _is_gone(finding: Finding, before: Iterable[Finding], after: Iterable[Finding]) -> bool:
    """Whether each job that it hit has one finding less of that rule."""
    return _are_mended(finding.jobs or ("",), finding.rule, before, after)


def _are_mended(
    jobs: Iterable[str], rule: Rule, before: Iterable[Finding], after: Iterable[Finding]
) -> bool:
    old, new = _hits(before), _hits(after)
    return all(new[rule.code, job] < old[rule.code, job] for job in jobs)


def _brings_more(
    fix: Fix, finding: Finding | None, before: Iterable[Finding], after: Iterable[Finding]
) -> bool:
    """Whether a rule finds a warning or an error more often in some job than it did.

    What GitLab refuses is never only uncovered, and neither is the same mistake elsewhere.
    """
    more = _hits(after, Severity.WARNING) - _hits(before, Severity.WARNING)
    if finding is None or not fix.uncovers:
        return bool(more)
    own = (REFUSED_BY_GITLAB.code, finding.rule.code)
    return any(code in own or job not in finding.jobs for code, job in more)


def _hits(findings: Iterable[Finding], least: Severity = Severity.HINT) -> Counter[tuple[str, str]]:
    """How often each rule hits each job; what hits none in particular counts for the empty name."""
    serious = (finding for finding in findings if finding.severity >= least)
    return Counter((each.rule.code, job) for each in serious for job in each.jobs or ("",))


def effective_differences(old: Pipeline, new: Pipeline) -> Iterator[Difference]:
    """Where two effective pipelines differ: a job's name (empty: the root) and the keys below it.

    A list differs as a whole.
    """
    for path in _differences(old.merged, new.merged):
        yield ("", path)
    before = {job.name: job.keywords for job in chain(old.jobs, old.hidden)}
    after = {job.name: job.keywords for job in chain(new.jobs, new.hidden)}
    for name in before | after:
        for path in _differences(before.get(name), after.get(name)):
            yield (name, path)


def _differences(old: Value | None, new: Value | None) -> Iterator[KeyPath]:
    before, after = _entries(old), _entries(new)
    if before is None or after is None or (before == after == {} and type(old) is not type(new)):
        if not _same(old, new):
            yield ()
        return
    for key in before | after:
        for path in _differences(before.get(key), after.get(key)):
            yield (key, *path)


def _entries(value: Value | None) -> dict[str, Value] | None:
    """What a mapping holds; one that is not there yet holds nothing."""
    match value:
        case Table():
            return value.entries
        case None:
            return {}
        case _:
            return None


def _same(old: Value | None, new: Value | None) -> bool:
    match old, new:
        case Plain(), Plain():
            return type(old.value) is type(new.value) and old.value == new.value
        case Items(), Items():
            pairs = zip(old.values, new.values, strict=False)
            return len(old.values) == len(new.values) and all(_same(*pair) for pair in pairs)
        case Table(), Table():
            return not any(True for _ in _differences(old, new))
        case Unknown(), Unknown():
            return old.why == new.why
        case _:
            return old is None and new is None


def _is_declared(difference: Difference, declared: Iterable[Change]) -> bool:
    job, path = difference
    return any(_allows(change, job, path) for change in declared)


def _allows(change: Change, job: str, path: KeyPath) -> bool:
    if not job and not change.job:
        return path[: len(change.keys)] == change.keys
    if not job:
        # The same job as it stands before `default` and `extends` are applied.
        job, path = (path[0], path[1:]) if path else ("", ())
    return change.job in ("*", job) and path[: len(change.keys)] == change.keys
