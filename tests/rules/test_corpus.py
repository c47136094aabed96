"""Real pipelines: rules end on all of them, and what is offered there keeps its promises."""

from collections import Counter
from functools import cache

import pytest
from uvci.rules.check import check
from uvci.rules.proof import fixed_texts, proven_fixes
from uvci.rules.rule import Context, Finding
from uvci.syntax.parse import parse
from uvci.syntax.witness import comments_of

from tests.rules.building import context_of
from tests.rules.corpus import Root, roots
from tests.shared import shared

KINDS = ("uv", "general")


@cache
def pipelines(kind: str) -> tuple[Root, ...]:
    return tuple(roots(shared("corpus") / kind))


def fixed(root: Root, texts: dict[str, str]) -> Context:
    files = {**root.files, **texts}
    return context_of(files[root.path], files, root.path, root.kind)


def alike(finding: Finding, found: tuple[Finding, ...]) -> int:
    marks = (finding.rule.code, finding.path, finding.message)
    return sum((each.rule.code, each.path, each.message) == marks for each in found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_finding_stands_in_its_file_and_names_its_jobs(kind: str) -> None:
    seen = Counter[str]()
    for root in pipelines(kind):
        context = root.context()
        names = {job.name for job in context.pipeline.jobs}
        for finding in check(context):
            file = context.pipeline.file(finding.path)
            assert file is not None
            assert finding.span.end <= len(file.document.text)
            assert set(finding.jobs) <= names
            assert "{" not in finding.message or "{" in file.document.text, finding.message
            seen[finding.rule.code] += 1
    assert seen


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_fix_removes_its_finding_and_keeps_every_comment(kind: str) -> None:
    for root in pipelines(kind):
        context = root.context()
        found = check(context)
        for finding in found:
            for fix in proven_fixes(finding, context):
                texts = fixed_texts(fix.edits, context.pipeline)
                assert texts, fix.title
                for path, text in texts.items():
                    before = context.pipeline.file(path)
                    assert before is not None
                    assert len(parse(text).problems) <= len(before.document.problems)
                    lost = Counter(comments_of(before.document.text)) - Counter(comments_of(text))
                    assert not lost, (root.name, fix.title)
                after = check(fixed(root, texts))
                assert alike(finding, after) < alike(finding, found), (root.name, fix.title)


@pytest.mark.slow
def test_every_fix_that_a_rule_thinks_of_is_proven() -> None:
    rejected = [
        (root.name, finding.rule.code, fix.title)
        for root in pipelines("uv")
        for context in [root.context()]
        for finding in check(context)
        for proven in [{fix.title for fix in proven_fixes(finding, context)}]
        for fix in finding.fixes()
        if fix.title not in proven
    ]
    assert rejected == []
