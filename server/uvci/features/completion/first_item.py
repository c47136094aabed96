"""The first line below a keyword: an item whose dash is not typed yet, or the value itself."""

from msgspec.structs import replace

from uvci.catalog.gitlab import Keyword
from uvci.features.entries import below_entry
from uvci.features.gitlab_place import keyword_of
from uvci.syntax.cursor import Cursor, Side

_DASH = "- "
_NEEDS = "needs"


def as_wanted(cursor: Cursor) -> Cursor:
    """The same place as the first item of a list, or as a value, where only that makes sense.

    Editors indent the line below `script:` and leave the dash to the author: the cursor's own
    guess there is a key.
    """
    keys = tuple(step for step in cursor.path if isinstance(step, str))
    if cursor.side is not Side.KEY or cursor.in_flow or cursor.siblings or keys != cursor.path:
        return cursor
    keyword = keyword_of(keys, below_entry(keys)) if keys else None
    if keyword is None or not keyword.types:
        return cursor
    if not {"array", "hash"} & set(keyword.types):
        return replace(cursor, side=Side.VALUE)
    if not _takes_only_lists(keyword):
        return cursor
    return replace(cursor, path=(*cursor.path, 0), side=Side.ITEM, lead=_DASH)


def _takes_only_lists(keyword: Keyword) -> bool:
    # `needs` as a mapping mirrors another pipeline, and nobody means that.
    is_free = "hash" not in keyword.types or keyword.name == _NEEDS
    return "array" in keyword.types and is_free
