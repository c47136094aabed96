"""What GitLab reads in a scalar.

GitLab loads YAML with Ruby's Psych (5.2.6), which types plain scalars by YAML 1.1 and rules of its
own: `3.10` is the number 3.1, `yes` is true, `12:30` is 45000. Afterwards everything that becomes
a variable is turned into text again.
"""

import math
import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from datetime import date as calendar_date
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from uvci.syntax.tree import Scalar, Style
from uvci.text.patterns import lazy_re


class Symbol(Struct, frozen=True):
    """`:name`, which Ruby reads as a symbol; the colon is lost when it becomes text."""

    name: str


class DateKind(Enum):
    """The Ruby class that a date or time would become."""

    DATE = "Date"
    TIME = "Time"


class Date(Struct, frozen=True):
    """A date or a time. GitLab refuses the whole file: "Tried to load unspecified class: Date"."""

    text: str
    kind: DateKind = DateKind.DATE


ScalarValue: TypeAlias = bool | int | float | str | Symbol | Date | None

_WORDY = lazy_re(r"^[^\d.:-]?[^\W\d]|^[^\d.:-]?[_\s!@#$%^&*(){}<>|/\\~;=]", re.MULTILINE)
# Ruby's ^ and $ stand at every line, which shows in folded scalars such as "on\non".
_NO_KEYWORD = lazy_re(r"^[^ytonf~]", re.MULTILINE | re.IGNORECASE)
_NULL = lazy_re(r"^null$", re.MULTILINE | re.IGNORECASE)
_TRUE = lazy_re(r"^(?:yes|true|on)$", re.MULTILINE | re.IGNORECASE)
_FALSE = lazy_re(r"^(?:no|false|off)$", re.MULTILINE | re.IGNORECASE)
_TIME = lazy_re(
    r"-?(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]|\s+)(\d{1,2}):(\d\d):(\d\d)(?:\.\d*)?"
    r"(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?",
    re.ASCII,
)
_DATE = lazy_re(r"(\d{4})-(1[012]|0\d|\d)-([12]\d|3[01]|0\d|\d)", re.ASCII)
_SYMBOL = lazy_re(r""":(?:["'](.*)["']|(.+))""")
_SEXAGESIMAL = lazy_re(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}")
_SEXAGESIMAL_FLOAT = lazy_re(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\.[0-9_]*")
_FLOAT = lazy_re(r"[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][+-][0-9]+)?")
_INTEGER = lazy_re(
    r"(?P<sign>[-+]?)(?:"
    r"0b[_,]*(?P<b2>[01][01_,]*)"
    r"|0[_,]*(?P<b8>[0-7][0-7_,]*)"
    r"|(?P<b10>0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)"
    r"|0x[_,]*(?P<b16>[0-9a-fA-F][0-9a-fA-F_,]*))"
)
_RUBY_FLOAT = lazy_re(r"\s*[-+]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?")
_STRING_TAG = lazy_re(r"!(?:str|ruby/string)(?::.*)?|tag:yaml\.org,2002:str|!")
_BINARY_TAGS = frozenset({"!binary", "tag:yaml.org,2002:binary"})
_SYMBOL_TAG = lazy_re(r"!ruby/sym(?:bol)?:?.*")
_FLOAT_TAGS = frozenset({"!float", "tag:yaml.org,2002:float"})
# Psych counts the first part as hours, whether there are seconds or not.
_SIXTIES = (3600, 60, 1)
_SPECIAL = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}


def read_scalar(node: Scalar) -> ScalarValue:
    """The value that GitLab reads in `node`, its tag and quotes considered."""
    if node.tag is None:
        return read_plain(node.text) if node.style is Style.PLAIN else node.text
    if _STRING_TAG.fullmatch(node.tag):
        return node.text
    if node.tag in _BINARY_TAGS:
        return _unpacked(node.text)
    if _SYMBOL_TAG.fullmatch(node.tag):
        return Symbol(node.text)
    value = read_plain(node.text)
    if node.tag in _FLOAT_TAGS and isinstance(value, int):
        return float(value)
    return value


def read_plain(text: str) -> ScalarValue:
    """The value that GitLab reads in a plain scalar without a tag.

    >>> read_plain("3.10"), read_plain("12:30"), read_plain("08"), read_plain("1e3")
    (3.1, 45000, '08', '1e3')
    """
    if not text:
        return None
    if _WORDY.match(text) or "\n" in text:
        return _read_word(text)
    if (found := _TIME.fullmatch(text)) is not None:
        return Date(text, DateKind.TIME) if _is_time(found) else text
    if (found := _DATE.fullmatch(text)) is not None:
        return Date(text) if _is_date(found) else text
    if (special := _SPECIAL.get(text.lower())) is not None:
        return special
    if (found := _SYMBOL.fullmatch(text)) is not None:
        return Symbol(next(name for name in found.groups() if name is not None))
    return _read_number(text)


def as_text(value: ScalarValue) -> str:
    """The text that `value` becomes as a CI/CD variable: Ruby's `to_s`.

    >>> as_text(3.1), as_text(True), as_text(None), as_text(1e20)
    ('3.1', 'true', '', '1.0e+20')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return _float_text(value)
        case Symbol(name):
            return name
        case Date(text):
            return text
        case _:
            return str(value)


def _read_word(text: str) -> bool | str | None:
    if len(text) > 5:
        return text
    if _NO_KEYWORD.search(text):
        return text
    if text == "~" or _NULL.search(text):
        return None
    if _TRUE.search(text):
        return True
    return False if _FALSE.search(text) else text


def _read_number(text: str) -> int | float | str:
    if _SEXAGESIMAL.fullmatch(text):
        wholes = [int(part.replace("_", "") or "0") for part in text.split(":")]
        return sum(whole * sixty for whole, sixty in zip(wholes, _SIXTIES, strict=False))
    if _SEXAGESIMAL_FLOAT.fullmatch(text):
        parts = zip(text.split(":"), _SIXTIES, strict=False)
        return sum(_leading_float(part) * sixty for part, sixty in parts)
    if _FLOAT.fullmatch(text):
        return _read_float(text)
    if (found := _INTEGER.fullmatch(text)) is not None:
        return _read_integer(found)
    return text


def _read_float(text: str) -> float | str:
    try:
        return float(text.replace(",", "").replace("_", ""))
    except ValueError:
        return text


def _read_integer(found: re.Match[str]) -> int:
    base = int(str(found.lastgroup)[1:])
    digits = found[f"b{base}"].replace(",", "").replace("_", "")
    # Python refuses to write numbers of more than 4,300 digits; no one can mean such a number.
    value = int(digits[:3500], base)
    return -value if found["sign"] == "-" else value


def _leading_float(text: str) -> float:
    found = _RUBY_FLOAT.match(text)
    return float(found[0].replace("_", "")) if found else 0.0


def _is_time(found: re.Match[str]) -> bool:
    _, month, day, hour, minute, second = (int(part) for part in found.groups())
    on_the_clock = hour < 24 or (hour == 24 and minute == second == 0)
    return 1 <= month <= 12 and 1 <= day <= 31 and on_the_clock and minute < 60 and second <= 60


def _is_date(found: re.Match[str]) -> bool:
    year, month, day = (int(part) for part in found.groups())
    try:
        calendar_date(year or 4, month, day)
    except ValueError:
        return False
    return True


def _unpacked(text: str) -> str:
    try:
        return a2b_base64(text).decode("utf-8", "replace")
    except (Base64Error, ValueError):
        return text


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign = "-" if value < 0 else ""
    mantissa, exponent = f"{abs(value)!r}e0".split("e")[:2]
    digits, point = _digits(mantissa, int(exponent))
    if 0 < point <= 16:
        whole = digits[:point].ljust(point, "0")
        return f"{sign}{whole}.{digits[point:] or '0'}"
    if -4 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{point - 1:+03d}"


def _digits(mantissa: str, exponent: int) -> tuple[str, int]:
    """The significant digits of a numeral, and where the point stands among them."""
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    significant = digits.lstrip("0")
    point = len(whole) + exponent - (len(digits) - len(significant))
    return significant.rstrip("0"), point
