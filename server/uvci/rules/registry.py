"""Every rule there is, in the order of their codes."""

from uvci.rules.pipeline import refused, unused_suppression
from uvci.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    refused.RULE,
    unused_suppression.RULE,
)


def find_rule(name: str) -> Rule | None:
    """The rule of that code or kebab-case name, in any case."""
    wanted = name.casefold()
    return next((rule for rule in RULES if wanted in (rule.code.casefold(), rule.name)), None)


def matching_rules(selector: str) -> tuple[Rule, ...]:
    """The rules a selector means: `ALL`, a code or its beginning (`UVC2`), or a name; maybe none.

    >>> [rule.name for rule in matching_rules("UVC001")]
    ['refused-by-gitlab']
    """
    wanted = selector.casefold()
    if wanted == "all":
        return RULES
    if wanted.startswith("uvc"):
        return tuple(rule for rule in RULES if rule.code.casefold().startswith(wanted))
    return tuple(rule for rule in RULES if rule.name == wanted)
