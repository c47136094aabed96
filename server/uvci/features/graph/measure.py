"""How wide a text is, and how it is made to fit."""

from unicodedata import category, east_asian_width

_UNSEEN = {"Mn", "Me", "Cf"}
_CONTROL = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def cells(text: str) -> int:
    """The width of a text in characters of a terminal or a font of one width.

    >>> cells("uv"), cells("é"), cells("构建")
    (2, 1, 4)
    """
    return sum(map(_cells_of, text))


def _cells_of(letter: str) -> int:
    if letter.isascii():
        return 1
    if category(letter) in _UNSEEN:
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def printable(text: str) -> str:
    """The text on one line, with a mark for each character that has no picture."""
    return "".join(
        letter if category(letter) not in _CONTROL else " " if letter.isspace() else "\ufffd"
        for letter in text
    )


def shortened(text: str, most: int) -> str:
    """The text within `most` cells; what is too long loses its middle, where names differ least.

    >>> shortened("integration-tests-3.13", 12)
    'integr…-3.13'
    """
    if cells(text) <= most:
        return text
    tail = (most - 1) * 2 // 5
    return f"{_start(text, most - 1 - tail)}…{_start(text[::-1], tail)[::-1]}"


def _start(text: str, most: int) -> str:
    used = 0
    for index, letter in enumerate(text):
        used += _cells_of(letter)
        if used > most:
            return text[:index]
    return text
