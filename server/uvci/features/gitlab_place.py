"""Under which heading GitLab's documentation keeps the keyword at a path of keys."""

from uvci.catalog.gitlab import Keyword, Place, find_keyword
from uvci.features.entries import entry_of


def gitlab_place(keys: tuple[str, ...]) -> Place:
    """The part of the file that `keys` lead into."""
    if entry_of(keys) is not None:
        return Place.JOB
    return Place.DEFAULT if keys[:1] == ("default",) else Place.ROOT


def keyword_of(keys: tuple[str, ...], below: tuple[str, ...]) -> Keyword | None:
    """The keyword that `keys` lead to; `below` are they without job or `default`."""
    return find_keyword(below, gitlab_place(keys)) if below else find_keyword(keys, Place.ROOT)
