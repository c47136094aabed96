"""Regular expressions that users write, searched only where that ends soon.

GitLab uses RE2, which needs time in proportion to the text; Python's may need forever.
"""

import re

from uvci.text.patterns import lazy_re

LONGEST_TEXT = 256
MOST_REPEATS = 3

_REPEATED_GROUP = lazy_re(r"(?<!\\)\)[*+{]")
_REPEAT = lazy_re(r"(?<!\\)[*+]|\{\d*,\d*\}|\{\d{3,}")


def search(pattern: str, text: str, flags: re.RegexFlag = re.NOFLAG) -> bool | None:
    """Whether `pattern` is found in `text`; None where that cannot be told in bounded time.

    >>> search("^v[0-9]+", "v12"), search("(a+)+$", "aaaa")
    (True, None)
    """
    if len(text) > LONGEST_TEXT or len(pattern) > LONGEST_TEXT:
        return None
    if _REPEATED_GROUP.search(pattern) or len(_REPEAT.findall(pattern)) > MOST_REPEATS:
        return None
    try:
        return re.search(pattern, text, flags | re.ASCII) is not None
    except (re.error, RecursionError, OverflowError):
        return None
