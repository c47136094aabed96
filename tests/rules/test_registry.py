from itertools import pairwise
from pathlib import Path

import pytest
import uvci.rules
from uvci.rules.docs import reference_page, rule_page
from uvci.rules.registry import RULES, find_rule, matching_rules
from uvci.rules.rule import FixKind, Rule, Severity

FOLDER = Path(uvci.rules.__file__).parent
HEADINGS = ["What it does", "Why it matters", "Example", "Use instead", "References"]


def test_codes_rise_and_are_unique() -> None:
    assert all(before.code < after.code for before, after in pairwise(RULES))
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_file_of_a_rule_is_found_by_its_name(rule: Rule) -> None:
    (path,) = FOLDER.glob(f"*/{rule.name.replace('-', '_')}.py")
    assert path.read_text("utf-8").startswith(f'"""{rule.code}: ')


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_it_can_do(rule: Rule) -> None:
    assert rule.references
    assert all(address.startswith("https://") for address in rule.references)
    fixed = [example for example in rule.examples if example.good]
    assert bool(fixed) == (rule.fix is not FixKind.NEVER)
    if rule.severity is Severity.HINT:
        assert rule.fix is not FixKind.NEVER


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_has_the_fixed_headings(rule: Rule) -> None:
    page = rule_page(rule)
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == HEADINGS
    assert "«" not in page
    assert page.endswith("\n")


def test_the_reference_page_links_to_every_rule() -> None:
    page = reference_page(RULES)
    for rule in RULES:
        assert f"(#{rule.name}-{rule.code.lower()})" in page
        assert f"## {rule.name} ({rule.code})" in page


def test_rules_are_selected_by_code_prefix_and_name() -> None:
    assert find_rule("uvc101") is find_rule("unpublished-image-tag")
    assert find_rule("UVC000") is None
    assert {rule.code[:4] for rule in matching_rules("UVC2")} == {"UVC2"}
    assert matching_rules("ALL") == RULES
    assert matching_rules("nonsense") == ()
    assert matching_rules("missing-prune") == (find_rule("UVC209"),)
