"""GitLab's keywords and the values it takes for them."""

from collections.abc import Iterator
from functools import partial

from uvci.catalog.gitlab import Keyword, find_keyword, keywords_at, trigger_job_keys
from uvci.catalog.gitlab import Place as Part
from uvci.features.cards.keyword import keyword_card, value_meaning
from uvci.features.completion.place import Place
from uvci.features.gitlab_place import gitlab_place
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.tree import Style

_FIRST = (
    "if", "image", "script", "before_script", "after_script", "extends", "stage", "variables",
    "cache", "needs", "rules", "artifacts", "services", "parallel", "default", "stages", "include",
    "key", "paths", "policy", "files", "name",
)  # fmt: skip


def keyword_items(place: Place) -> Iterator[CompletionItem]:
    """The keywords that may stand at the cursor and do not yet."""
    if not place.view.gitlab_keywords:
        return
    part = gitlab_place(place.keys)
    known = keywords_at(place.below, part)
    for keyword in sorted(known, key=_rank):
        if keyword.name in place.siblings or not _fits_trigger(place, keyword):
            continue
        yield place.slot.item(
            keyword.name,
            ItemKind.KEYWORD,
            snippet=None if place.is_name_only else _opened(place, keyword),
            detail=keyword.doc.split(". ")[0],
            documentation=partial(keyword_card, keyword),
            deprecated=keyword.deprecated,
            retrigger=not place.is_name_only,
        )


def keyword_value_items(place: Place) -> Iterator[CompletionItem]:
    """The values of a keyword that takes one of a few."""
    if place.below == ("inherit", "default"):
        for keyword in keywords_at((), Part.DEFAULT):
            yield place.list_slot.item(keyword.name, ItemKind.KEYWORD)
    if place.below == ("inherit", "variables"):
        for name in place.view.pipeline.root_variables:
            if name not in place.siblings:
                yield place.list_slot.item(name, ItemKind.VARIABLE)
    found = find_keyword(place.below, gitlab_place(place.keys))
    if found is None or not place.view.gitlab_keywords:
        return
    booleans = ("true", "false") if "boolean" in found.types and _takes_boolean(place) else ()
    for value in (*found.values, *booleans):
        if value in place.siblings:
            continue
        yield place.slot.item(
            value,
            ItemKind.VALUE,
            text=value if value in booleans else None,
            detail=value_meaning(found, value) or ("default" if value == found.default else ""),
        )


def _takes_boolean(place: Place) -> bool:
    """Whether what is typed can become one: in quotes or in a block it would be a text."""
    return not place.in_list and place.slot.style is Style.PLAIN and place.slot.whole


def _rank(keyword: Keyword) -> tuple[bool, int]:
    first = _FIRST.index(keyword.name) if keyword.name in _FIRST else len(_FIRST)
    return (keyword.deprecated, first)


def _fits_trigger(place: Place, keyword: Keyword) -> bool:
    if len(place.below) > 0 or place.entry is None or "trigger" not in place.siblings:
        return True
    return keyword.name in trigger_job_keys()


def _opened(place: Place, keyword: Keyword) -> str:
    """The keyword with what follows it: a space, a nested mapping, or the first item of a list."""
    start = place.newline + " " * place.key_column
    below, nested = f"{start}{place.step_indent}", f"{start}{place.dash_indent}- "
    if place.slot.flow:
        return f"{keyword.name}: $0"
    match keyword.types:
        case ("array", *_) | ("string", "array"):
            return f"{keyword.name}:{nested}$0"
        case ("hash",):
            return f"{keyword.name}:{below}$0"
        case _:
            return f"{keyword.name}: $0"
