"""Globs over paths, as `.gitignore` reads them."""

import re
from functools import lru_cache

from uvci.text.patterns import lazy_re

_TOKEN = lazy_re(r"\*\*/|\*\*|\*|\?|.", re.DOTALL)


def glob_matches(pattern: str, path: str) -> bool:
    """Whether `path` (posix, relative) is meant: `*` stays within a folder, `**` does not.

    A pattern without `/` speaks of names in any folder; one that names a folder means all in it.

    >>> glob_matches("*.yml", "ci/test.yml"), glob_matches("ci/*.yml", "ci/deep/test.yml")
    (True, False)
    """
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(256)
def _compiled(pattern: str) -> re.Pattern[str]:
    anchored = pattern.removeprefix("./")
    anywhere = "/" not in anchored.rstrip("/")
    body = "".join(_translated(token[0]) for token in _TOKEN.finditer(anchored.strip("/")))
    return re.compile(f"{'(?:.*/)?' if anywhere else ''}{body}(?:/.*)?", re.DOTALL)


def _translated(token: str) -> str:
    match token:
        case "**/":
            return "(?:.*/)?"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
        case _:
            return re.escape(token)
