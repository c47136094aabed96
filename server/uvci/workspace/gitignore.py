"""Which lines of a `.gitignore` may speak of a file, without asking git."""

from fnmatch import fnmatchcase
from functools import lru_cache

_SIGNS = "*?[]"


def may_ignore(text: str, path: str) -> bool:
    r"""Whether a `.gitignore` may leave out the file at `path`; git says whether it does.

    >>> may_ignore("*.py[cod]\n/uv.lock\n", "uv.lock"), may_ignore("# uv.lock", "uv.lock")
    (True, False)
    """
    parts = path.split("/")
    return any(_fits(part, pattern) for pattern in _patterns(text) for part in parts)


@lru_cache(maxsize=16)
def _patterns(text: str) -> tuple[str, ...]:
    """The last name in each line, with its signs: the others narrow it down only."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(
        line.rstrip("/").rpartition("/")[2] for line in lines if line and line[0] not in "#!"
    )


def _fits(name: str, pattern: str) -> bool:
    places = [at for at, sign in enumerate(pattern) if sign in _SIGNS]
    if not places:
        return name == pattern.replace("\\", "")
    if not name.startswith(pattern[: places[0]]) or not name.endswith(pattern[places[-1] + 1 :]):
        return False
    return fnmatchcase(name, pattern)
