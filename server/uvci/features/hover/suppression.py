"""Hover of a rule's code in a comment that silences it."""

from uvci.features.markdown import card, code
from uvci.features.view import Hover, View
from uvci.pipeline.model import SourceFile
from uvci.rules.registry import RULES
from uvci.rules.rule import Rule
from uvci.rules.suppression import find_suppressions


def suppression_hover(view: View, offset: int) -> Hover | None:
    """What the rule at the cursor says; None outside of such a comment."""
    for mark in find_suppressions(SourceFile(view.path, view.document)):
        for named in mark.codes:
            if named.text and named.span.touches(offset):
                return Hover(_about(named.text), named.span)
    return None


def _about(name: str) -> str:
    rule = next((rule for rule in RULES if name in (rule.code, rule.name)), None)
    if rule is None:
        return f"**No rule is called {code(name)}.** This comment silences nothing."
    return rule_card(rule)


def rule_card(rule: Rule) -> str:
    """A rule in short."""
    title = f"**{rule.code}** {code(rule.name)} · {rule.severity.name.lower()}"
    return card(title, rule.what, rule.why)
