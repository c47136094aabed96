"""Hovers of GitLab's keywords and of their values."""

from uvci.features.cards.keyword import keyword_card, value_meaning
from uvci.features.gitlab_place import keyword_of
from uvci.features.hover.spot import Here
from uvci.features.markdown import card, code
from uvci.syntax.tree import Scalar


def keyword_hover(here: Here) -> str | None:
    """What the keyword at the cursor is for."""
    found = keyword_of(here.keys, here.below) if here.view.gitlab_keywords else None
    return keyword_card(found) if found else None


def value_word_hover(here: Here, node: Scalar) -> str | None:
    """What a value is, where GitLab takes one of a few."""
    found = keyword_of(here.keys, here.below) if here.view.gitlab_keywords else None
    if found is None or node.text not in found.values:
        return None
    meaning = value_meaning(found, node.text)
    title = f"**{code(node.text)}**{' · ' if meaning else ''}{meaning}"
    return card(title, keyword_card(found))
