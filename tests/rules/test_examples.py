import pytest
from uvci.rules.check import check
from uvci.rules.proof import fixed_texts, proven_fixes
from uvci.rules.registry import RULES
from uvci.rules.rule import Context, Finding, Rule
from uvci.text.span import Span

from tests.rules.building import PIPELINE, context_of
from tests.rules.reading import Case, read_cases, unmark

EXAMPLES = [
    pytest.param(
        Case(rule.code, "", "bad", *unmark(example.bad), example.files, example.good),
        id=f"{rule.code}-{index}",
    )
    for rule in RULES
    for index, example in enumerate(rule.examples)
]
CASES = [pytest.param(case, id=f"{case.code}-{case.title}") for case in read_cases()]
BAD = [param for param in CASES if param.values[0].kind == "bad"]
FIXED = [param for param in [*EXAMPLES, *BAD] if param.values[0].fixed is not None]
GOOD = [param for param in CASES if param.values[0].kind == "good"]


def rule_of(case: Case) -> Rule:
    return next(rule for rule in RULES if rule.code == case.code)


def found_in(context: Context, code: str) -> list[Finding]:
    return [finding for finding in check(context) if finding.rule.code == code]


@pytest.mark.parametrize("case", [*EXAMPLES, *BAD])
def test_a_bad_pipeline_has_the_finding_where_it_is_marked(case: Case) -> None:
    found = found_in(context_of(case.text, case.files), case.code)
    assert {finding.span.of(case.text): finding.span for finding in found} == {
        span.of(case.text): span for span in case.spans
    }


@pytest.mark.parametrize("case", FIXED)
def test_the_preferred_fix_gives_the_good_pipeline_and_stays(case: Case) -> None:
    context = context_of(case.text, case.files)
    text, left = case.text, len(case.spans)
    while found := found_in(context, case.code):
        fix = proven_fixes(found[0], context)[0]
        assert fix.preferred
        text = (fixed_texts(fix.edits, context.pipeline) or {})[PIPELINE]
        context = context_of(text, case.files)
        left -= 1
        assert left >= 0
    assert text == case.fixed


@pytest.mark.parametrize("case", GOOD)
def test_a_near_miss_has_no_finding(case: Case) -> None:
    assert found_in(context_of(case.text, case.files), case.code) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_an_example_has_no_other_warning(rule: Rule) -> None:
    for example in rule.examples:
        text, _ = unmark(example.bad)
        found = check(context_of(text, example.files))
        others = {f.rule.code for f in found if f.severity >= 2 and f.rule is not rule}
        assert others == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_to_use_instead_is_clean(rule: Rule) -> None:
    for example in rule.examples:
        text = example.good or example.instead or ""
        assert text
        assert found_in(context_of(text, example.files), rule.code) == []


def test_every_marked_span_is_one_place() -> None:
    assert unmark("a«b»c«»d") == ("abcd", (Span(1, 2), Span(3, 3)))
