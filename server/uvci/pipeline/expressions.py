"""The expressions of `rules:if` (GitLab docs: `rules:if` syntax)."""

import re
from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from uvci.pipeline.patterns import search
from uvci.text.patterns import lazy_re


class NotKnown(Enum):
    """The answer where an expression depends on something unknown."""

    UNKNOWN = "unknown"


UNKNOWN = NotKnown.UNKNOWN


class Pattern(Struct, frozen=True):
    """`/body/flags`."""

    body: str
    flags: str


Operand: TypeAlias = str | bool | NotKnown | Pattern | None
LookUp: TypeAlias = Callable[[str], str | NotKnown | None]

_TOKEN = lazy_re(
    r"""[ \t\r\n]*(?:
    (?P<variable>\$(?P<name>\w+))
    |(?P<string>"(?P<double>[^"]*)"|'(?P<single>[^']*)')
    |(?P<pattern>/(?:[^/\\\n]|\\.)+/(?P<flags>[ismU]*))
    |(?P<null>null\b)
    |(?P<compare>==|!=|=~|!~)
    |(?P<both>&&)|(?P<either>\|\|)
    |(?P<open>\()|(?P<close>\))
    )""",
    re.VERBOSE | re.ASCII,
)
_DEEPEST = 50


class _Token(Struct, frozen=True):
    kind: str
    value: Operand


class _InvalidError(Exception):
    """The text is no expression."""


def is_valid(expression: str) -> bool:
    """Whether GitLab can read the expression.

    >>> is_valid('$CI == "true"'), is_valid('${CI} == "true"')
    (True, False)
    """
    try:
        _Reader(_tokens(expression, lambda _: UNKNOWN)).whole()
    except _InvalidError:
        return False
    return True


def evaluate(expression: str, look_up: LookUp) -> bool | NotKnown:
    """Whether the expression holds; `look_up` gives variables, None for one that is not set."""
    try:
        value = _Reader(_tokens(expression, look_up)).whole()
    except _InvalidError:
        return UNKNOWN
    return _truth(value)


def _tokens(expression: str, look_up: LookUp) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    text = expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _InvalidError
        tokens.append(_token(found, look_up))
        at = found.end()
    return tokens


def _token(found: re.Match[str], look_up: LookUp) -> _Token:
    if found["variable"]:
        return _Token("value", look_up(found["name"]))
    if found["string"] is not None:
        return _Token("value", found["double"] if found["double"] is not None else found["single"])
    if found["pattern"]:
        return _Token("value", _pattern(found["pattern"], found["flags"]))
    if found["null"]:
        return _Token("value", None)
    if found["compare"]:
        return _Token("compare", found["compare"])
    kind = next(kind for kind in ("both", "either", "open", "close") if found[kind])
    return _Token(kind, None)


def _pattern(text: str, flags: str) -> Pattern:
    return Pattern(text[1 : len(text) - len(flags) - 1], flags)


class _Reader:
    """Reads `a || b && c == d` with the precedence GitLab gives it."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Operand:
        value = self.either()
        if self.at < len(self.tokens):
            raise _InvalidError
        return value

    def take(self, kind: str) -> _Token | None:
        if self.at < len(self.tokens) and self.tokens[self.at].kind == kind:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def either(self) -> Operand:
        value = self.both()
        while self.take("either"):
            value = _either(value, self.both())
        return value

    def both(self) -> Operand:
        value = self.comparison()
        while self.take("both"):
            value = _both(value, self.comparison())
        return value

    def comparison(self) -> Operand:
        left = self.operand()
        while (token := self.take("compare")) is not None:
            left = _compare(left, str(token.value), self.operand())
        return left

    def operand(self) -> Operand:
        if self.take("open"):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise _InvalidError
            value = self.either()
            if not self.take("close"):
                raise _InvalidError
            self.depth -= 1
            return value
        if (token := self.take("value")) is None:
            raise _InvalidError
        return token.value


def _truth(value: Operand) -> bool | NotKnown:
    """GitLab's truth: an empty or missing variable is false."""
    if isinstance(value, NotKnown):
        return value
    return bool(value)


def _either(left: Operand, right: Operand) -> Operand:
    truths = (_truth(left), _truth(right))
    return True if True in truths else UNKNOWN if UNKNOWN in truths else False


def _both(left: Operand, right: Operand) -> Operand:
    truths = (_truth(left), _truth(right))
    return False if False in truths else UNKNOWN if UNKNOWN in truths else True


def _compare(left: Operand, operator: str, right: Operand) -> Operand:
    if isinstance(left, NotKnown) or isinstance(right, NotKnown):
        return UNKNOWN
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    pattern = right if isinstance(right, Pattern) else _held_pattern(right)
    if pattern is None:
        return operator == "!~"
    flags = re.MULTILINE
    flags |= re.IGNORECASE if "i" in pattern.flags else re.NOFLAG
    flags |= re.DOTALL if "s" in pattern.flags else re.NOFLAG
    matches = search(pattern.body, left if isinstance(left, str) else "", flags)
    return UNKNOWN if matches is None else matches is (operator == "=~")


def _held_pattern(value: Operand) -> Pattern | None:
    """A variable that holds `/pattern/` may stand on the right of `=~`."""
    found = _TOKEN.fullmatch(value) if isinstance(value, str) else None
    return _pattern(found["pattern"], found["flags"]) if found and found["pattern"] else None
