"""Durations as GitLab reads them: `10 minutes`, `1h 30m`, `3 days` (its ChronicDuration)."""

import re

from uvci.text.patterns import lazy_re

_UNITS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2592000,
    "year": 31557600,
}
_SHORT = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "y": "year"}
_TO_TWENTY = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_TENS = {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90"}
_NUMBERS = {word: str(number) for number, word in enumerate(_TO_TWENTY, start=1)} | _TENS
_NUMBER = lazy_re(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_LONG = {
    "sec": "second",
    "min": "minute",
    "hr": "hour",
    "mo": "month",
    "mon": "month",
    "yr": "year",
    "wk": "week",
    "dy": "day",
}
_NAMES = {
    **_SHORT,
    **_LONG,
    **{name: name for name in _UNITS},
}
_WORDS = frozenset({"and", "with", "plus"})
_PARTS = lazy_re(r"(\d+(?:\.\d+)?)\s*([a-z]+)?|([a-z]+)|(\S)", re.ASCII)
_CLOCK = lazy_re(r"\d+(?::\d+){1,2}")


def read_duration(text: str) -> int | None:
    """The seconds that `text` says; None where GitLab calls it no duration.

    >>> read_duration("1h 30m"), read_duration("one week"), read_duration("soon")
    (5400, 604800, None)
    """
    cleaned = re.sub(r"[,\s]+", " ", text.strip().lower())
    cleaned = _NUMBER.sub(lambda word: _NUMBERS[word[0]], cleaned)
    if _CLOCK.fullmatch(cleaned):
        seconds = 0
        for part in cleaned.split(":"):
            seconds = seconds * 60 + int(part)
        return seconds
    total = 0.0
    found = False
    for number, unit, word, other in _PARTS.findall(cleaned):
        if other or (word and word not in _WORDS):
            return None
        if number:
            name = _NAMES.get(unit) or _NAMES.get(unit.removesuffix("s")) if unit else "second"
            if name is None:
                return None
            total += float(number) * _UNITS[name]
            found = True
    return int(total) if found else None
