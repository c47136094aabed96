"""What may be printed on a terminal, and how wide it is there."""

import os
from enum import Enum
from typing import TextIO
from unicodedata import east_asian_width

from uvci.text.patterns import lazy_re

# Control characters, and those that turn the reading direction: a file could use them to print
# what it does not hold.
_UNPRINTABLE = lazy_re("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_MARKS = {"\ufeff": ""}


class Colour(Enum):
    """When to colour the output."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Paint:
    """Text with colours, or without."""

    def __init__(self, *, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, *codes: int) -> str:
        """`text` between the terminal's codes."""
        if not self.on or not text:
            return text
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m"


BOLD, DIM, RED, GREEN, YELLOW, BLUE, CYAN = 1, 2, 31, 32, 33, 34, 36


def paint_for(stream: TextIO, colour: Colour) -> Paint:
    """How to colour what is printed to `stream` (NO_COLOR and FORCE_COLOR are heeded)."""
    match colour:
        case Colour.ALWAYS:
            return Paint(on=True)
        case Colour.NEVER:
            return Paint(on=False)
        case Colour.AUTO:
            if os.environ.get("NO_COLOR"):
                return Paint(on=False)
            if os.environ.get("FORCE_COLOR"):
                return Paint(on=True)
            return Paint(on=stream.isatty() and os.environ.get("TERM") != "dumb")


def printable(text: str) -> str:
    """A text of a file in one line, safe to print."""
    return _UNPRINTABLE.sub(lambda found: _MARKS.get(found[0], "\ufffd"), text)


def width(text: str) -> int:
    """How many columns a terminal gives to a text without tabs."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
