"""What values uv takes from a variable, and what it does with the others."""

import re
from datetime import date

from msgspec import Struct

from uvci.catalog.phases import OLDEST_TRIED, stored_phases
from uvci.catalog.spelling import near_misses
from uvci.catalog.variable import Checked, Empty, Kind, UvVariable, ValidValue
from uvci.catalog.versions import UvVersion, newest
from uvci.text.patterns import lazy_re

_ON = ("1", "on", "t", "true", "y", "yes")
_OFF = ("0", "f", "false", "n", "no", "off")
_INTEGER = lazy_re(r"\+?[0-9]+")
_PACKAGE = lazy_re(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_DATE_LIKE = lazy_re(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_DURATION_LIKE = lazy_re(r"P[0-9T].*|[0-9]+ ?[a-z]+.*", re.IGNORECASE)
_URL = lazy_re(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NAMES = ("package name", "group name")
_ALWAYS = stored_phases([("..", True)])
_TAKES_DURATIONS = stored_phases([("..0.9.8", False), ("0.9.17..", True)])
_TAKES_FALSE = stored_phases([("..0.11.16", False), ("0.11.33..", True)])


class ValueProblem(Struct, frozen=True):
    """Why uv refuses a value.

    `expects` completes "it takes …". `nearest` is the valid value that was probably meant, if any.
    `checked` says which commands stop; `exit_code` is None where it is not known.
    """

    expects: str
    nearest: str | None
    checked: Checked
    exit_code: int | None

    @property
    def breaks_every_command(self) -> bool:
        """Whether every uv command of the job stops, even one that has no use for the variable."""
        return self.checked is Checked.EVERY_COMMAND


class _Refusal(Struct, frozen=True):
    expects: str
    nearest: str | None = None


def check_value(variable: UvVariable, text: str, version: UvVersion | None) -> ValueProblem | None:
    """Why uv `version` refuses `text`, fully expanded, for `variable`; None when it does not.

    With an unknown version, and between two tried releases that differ, only what holds either way
    is reported; of releases before 0.4.30 nothing.
    """
    if version is not None and version < max(variable.since or OLDEST_TRIED, OLDEST_TRIED):
        return None
    refusal = _refuses_empty(variable, version) if not text else _refuses(variable, text, version)
    checked = _checked(variable, version)
    if refusal is None or checked is None or checked is Checked.LENIENT:
        return None
    exit_code = variable.exit_code.at(version) if variable.exit_code else None
    return ValueProblem(refusal.expects, refusal.nearest, checked, exit_code)


def valid_values(variable: UvVariable, version: UvVersion | None) -> tuple[ValidValue, ...]:
    """The values worth offering for `variable`, best first; for an unknown version the newest's."""
    at = version or newest()
    match variable.kind:
        case Kind.BOOLEAN:
            strict = bool(variable.strict and variable.strict.at(at) is not False)
            words = ("true", "false") if strict else ("1", "0", "true", "false")
            return tuple(ValidValue(word, _boolean_doc(variable, word), _ALWAYS) for word in words)
        case Kind.PRESENCE:
            return (ValidValue("1", "On. Any other value means the same.", _ALWAYS),)
        case _:
            return tuple(value for value in variable.values if value.accepted.at(at) is not False)


def is_on(variable: UvVariable, text: str) -> bool | None:
    """Whether `text` switches a boolean or presence variable on; None where uv cannot tell."""
    match variable.kind:
        case Kind.PRESENCE:
            return True
        case Kind.BOOLEAN if text.lower() in _ON:
            return True
        case Kind.BOOLEAN if text.lower() in _OFF:
            return False
        case _:
            return None


def _checked(variable: UvVariable, version: UvVersion | None) -> Checked | None:
    """Where a bad value stops uv; where that moved, the least that holds on both sides."""
    if variable.checked is None:
        return None
    outcomes = {phase.outcome for phase in variable.checked.phases}
    known = variable.checked.at(version)
    if known is None and Checked.LENIENT not in outcomes:
        return Checked.TAKES_FLAG
    return known


def _refuses_empty(variable: UvVariable, version: UvVersion | None) -> _Refusal | None:
    if variable.empty is None or variable.empty.at(version) is not Empty.ERROR:
        return None
    if variable.kind is Kind.BOOLEAN:
        return _Refusal(_boolean_words(variable, version), _off_word(variable, version))
    return _Refusal(_expectation(variable, version))


def _refuses(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    match variable.kind:
        case Kind.BOOLEAN:
            return _refuses_boolean(variable, text, version)
        case Kind.INTEGER | Kind.SECONDS:
            return _refuses_number(variable, text, version)
        case Kind.ENUM:
            return _refuses_choice(variable, text, version)
        case Kind.DATE:
            return _refuses_date(variable, text, version)
        case Kind.LIST:
            return _refuses_item(variable, text, version)
        case Kind.URL:
            return _refuses_url(variable, text, version)
        case _:
            return None


def _refuses_boolean(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    if variable.strict and variable.strict.at(version) is not False:
        if text in ("true", "false") or variable.strict.at(version) is None:
            return None
        meant = is_on(variable, text)
        return _Refusal(_STRICT_WORDS, None if meant is None else str(meant).lower())
    if is_on(variable, text) is not None:
        return None
    trimmed = text.strip().lower()
    nearest = trimmed if trimmed in _ON + _OFF else next(iter(near_misses(trimmed, _WORDS)), None)
    return _Refusal(_boolean_words(variable, version), nearest)


def _refuses_number(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    if _INTEGER.fullmatch(text):
        digits = text.lstrip("+").lstrip("0") or "0"
        number = int(digits) if len(digits) <= 20 else 10**20
        low = variable.minimum is not None and number < variable.minimum
        high = variable.maximum is not None and number > variable.maximum
        if not low and not high:
            return None
        nearest = variable.minimum if low else variable.maximum
        return _Refusal(_expectation(variable, version), str(nearest))
    whole = re.fullmatch(r"\s*([0-9]{1,9})\s*(?:s|sec|secs|seconds)?\s*", text)
    return _Refusal(_expectation(variable, version), whole[1] if whole else None)


def _refuses_choice(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    value = next((value for value in variable.values if value.text == text), None)
    if value is None and variable.folds_case:
        value = next((value for value in variable.values if value.text == text.lower()), None)
    if value is not None:
        taken = value.accepted.at(version)
        return _Refusal(_expectation(variable, version), value.alias_of) if taken is False else None
    words = [value.text for value in valid_values(variable, version)]
    nearest = next(iter(near_misses(text.strip().lower(), words)), None)
    if text.strip().lower() in words:
        nearest = text.strip().lower()
    may_be_new = version is None or version > newest()
    if variable.values_open or (may_be_new and nearest is None):
        return None
    return _Refusal(_expectation(variable, version), nearest)


def _refuses_date(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    wrong = _Refusal(_expectation(variable, version), _nearest_date(text))
    if _DATE_LIKE.fullmatch(text):
        return wrong if _nearest_date(text) != text else None
    if text == "false":
        return wrong if _TAKES_FALSE.at(version) is False else None
    if _DURATION_LIKE.fullmatch(text):
        return wrong if _TAKES_DURATIONS.at(version) is False else None
    return wrong if not any(letter.isdigit() for letter in text) else None


def _nearest_date(text: str) -> str | None:
    """The same day with all its digits, None where there is no such day."""
    if not _DATE_LIKE.fullmatch(text):
        return None
    try:
        return date(*map(int, text.split("-"))).isoformat()
    except ValueError:
        return None


def _refuses_item(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    if variable.items not in _NAMES:
        return None
    if all(_PACKAGE.fullmatch(item) for item in text.split()):
        return None
    spaced = " ".join(text.replace(",", " ").split())
    fits = all(_PACKAGE.fullmatch(item) for item in spaced.split())
    return _Refusal(_expectation(variable, version), spaced if spaced and fits else None)


def _refuses_url(variable: UvVariable, text: str, version: UvVersion | None) -> _Refusal | None:
    if variable.items != "absolute URL":
        return None
    return None if _URL.match(text) else _Refusal(_expectation(variable, version))


_MANY = 9
_STRICT_WORDS = "`true` or `false`"
_WORDS = ("true", "false", "yes", "no", "off")


def _boolean_words(variable: UvVariable, version: UvVersion | None) -> str:
    if variable.strict and variable.strict.at(version):
        return _STRICT_WORDS
    return "`1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`"


def _off_word(variable: UvVariable, version: UvVersion | None) -> str:
    return "false" if variable.strict and variable.strict.at(version) is not False else "0"


def _boolean_doc(variable: UvVariable, word: str) -> str:
    state = "On" if word in _ON else "Off"
    return f"{state}, the default." if variable.default == str(word in _ON).lower() else f"{state}."


def _choice(words: list[str]) -> str:
    """The words as a choice; of a long list only the beginning and the end."""
    shown = words if len(words) <= _MANY else [*words[:4], "…", words[-1]]
    return " or ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def _expectation(variable: UvVariable, version: UvVersion | None) -> str:
    """What the variable takes, to complete "it takes …"."""
    match variable.kind:
        case Kind.INTEGER | Kind.SECONDS:
            unit = " of seconds, without a unit" if variable.kind is Kind.SECONDS else ""
            least = f", at least {variable.minimum}" if variable.minimum else ""
            return f"a whole number{unit}{least}"
        case Kind.ENUM:
            return _choice([f"`{value.text}`" for value in valid_values(variable, version)])
        case Kind.DATE:
            return "a date such as `2025-01-31` or a time stamp" + (
                "" if _TAKES_DURATIONS.at(version) is False else ", or a duration such as `7 days`"
            )
        case Kind.LIST if variable.items in _NAMES:
            return f"{variable.items}s, separated by spaces"
        case Kind.URL:
            return "an absolute URL"
        case _:
            return "a value: it may not be empty"
