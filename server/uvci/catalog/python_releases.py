"""How long each Python is maintained."""

import re
from datetime import date, timedelta

from uvci.text.patterns import lazy_re

_MINOR = lazy_re(r"3\.([0-9]{1,3})(?:[.a-z-].*)?", re.DOTALL)
_FIRST_YEARLY = 8


def end_of_life(python: str) -> date | None:
    """The last day `python` (`3.12`, `3.12.4`, `3.14-rc`) gets security fixes.

    From 3.8 on that is the end of October, five years after its release (PEP 602 and the
    release schedule of each minor). None for older ones and for anything that is no Python 3.

    >>> end_of_life("3.9")
    datetime.date(2025, 10, 31)
    """
    match = _MINOR.fullmatch(python)
    if not match or int(match[1]) < _FIRST_YEARLY:
        return None
    return date(2016 + int(match[1]), 11, 1) - timedelta(days=1)


def is_end_of_life(python: str, today: date) -> bool:
    """Whether `python` gets no more security fixes on the day `today`; False when not known."""
    last = end_of_life(python)
    return last is not None and today > last
