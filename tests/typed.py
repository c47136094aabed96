"""A text typed character by character, as it stands in an editor after each key.

Editors help: a new line begins where the line above did, one step further behind a colon, and the
author corrects that with blanks or backspaces; brackets and quotes come in pairs, and what closes
one is typed over.
"""

from collections.abc import Iterator

STEP = "  "
_CLOSING = {'"': '"', "'": "'", "[": "]", "{": "}"}


def typed_states(text: str) -> Iterator[tuple[str, int]]:
    """The text after each key, and where the cursor is then; `text` ends its lines with `\\n`."""
    before = ""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip(" "))]
        if number:
            start = f"{before}\n"
            for blanks in _indented(lines[number - 1], indent):
                yield start + blanks, len(start + blanks)
            before = start + indent
        else:
            before = indent
        for shown in _typed_line(line[len(indent) :]):
            left, right = shown
            yield before + left + right, len(before + left)
        before += line[len(indent) :]


def _indented(above: str, wanted: str) -> Iterator[str]:
    """The blanks that the editor puts in, then those that the author makes of them."""
    stripped = above.rstrip()
    own = above[: len(above) - len(above.lstrip(" "))] if stripped else ""
    blanks = own + (STEP if stripped.endswith(":") else "")
    yield blanks
    while len(blanks) > len(wanted):
        blanks = blanks[: -min(len(STEP), len(blanks) - len(wanted))]
        yield blanks
    while len(blanks) < len(wanted):
        blanks += " "
        yield blanks


def _typed_line(line: str) -> Iterator[tuple[str, str]]:
    """What stands left and right of the cursor after each key of a line."""
    pending = ""
    for index, letter in enumerate(line):
        left = line[: index + 1]
        if pending.startswith(letter):
            pending = pending[1:]
        elif letter in _CLOSING and not (letter in "\"'" and line[index - 1 : index].isalnum()):
            pending = _CLOSING[letter] + pending
        yield left, pending
