"""Regular expressions that are compiled when they are first used.

All there are together take a tenth of the time of checking a file; one file needs few of them.
"""

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")


class _Later:
    """Stands for a pattern; once that is compiled, its methods are this object's own."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._source, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy_re(source: str, flags: int = 0) -> re.Pattern[str]:
    r"""The pattern that `re.compile` makes of it, made at its first use.

    >>> lazy_re(r"\d+").findall("0.12.5")
    ['0', '12', '5']
    """
    return cast("re.Pattern[str]", _Later(source, flags))
