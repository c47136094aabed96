"""Words of a shell text: quotes taken off, expansions told apart from text."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from uvci.pipeline.shell.model import Expansion, Part
from uvci.text.patterns import lazy_re

# What GitLab puts in before any shell sees the script (`$[[ inputs.x ]]`) is read as a variable
# of the same length whose name nobody has.
UNKNOWN = "$_____"
_INPUT = lazy_re(r"\$\[\[[^\n]*?\]\]")
_MASKED = lazy_re(r"\$_{5,}")
_SPECIAL = lazy_re(r"[\\'\"$`{]|^[<>]\(")
_PLAIN = lazy_re(r"[^\\'\"$`{]+|\{")
_IN_QUOTES = lazy_re(r"[^\\\"$`]+")
_NAME = lazy_re(r"\$(?:(\w+)|\{(\w+)\}|[@*#?$!-])", re.ASCII)
_BRACES = lazy_re(r"\{[^{}\s'\"]*(?:,|\.\.)[^{}\s'\"]*\}")
_ASSIGNMENT = lazy_re(r"([A-Za-z_]\w*)(\+?)=", re.ASCII)
_ANSI = lazy_re(
    r"\\(?:([abefnrtv])|x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.?))|[^\\']+", re.ASCII | re.DOTALL
)
_ANSI_LETTERS = dict(zip("abefnrtv", "\a\b\x1b\f\n\r\t\v", strict=True))
_SUBSTITUTION_STARTS = ("<(", ">(")
_POWERSHELL_LINE_END = lazy_re(r"(?<=[ \t])`(?=\r?\n)")


def mask_inputs(script: str) -> str:
    """The script with GitLab's inputs turned into unknown variables; no offset changes."""
    if "$[[" not in script:
        return script
    return _INPUT.sub(lambda match: "$" + "_" * (len(match[0]) - 1), script)


def join_powershell_lines(script: str) -> str:
    """The script with PowerShell's mark of a line that goes on turned into a shell's.

    No offset changes. A script with any other backtick is taken to be a shell's.
    """
    if "`" not in script:
        return script
    joined = _POWERSHELL_LINE_END.sub(r"\\", script)
    return script if "`" in joined else joined


class Piece(Struct, frozen=True):
    """A stretch `raw[start:end]` of a word that means `part`."""

    start: int
    end: int
    part: Part


def read_parts(raw: str) -> tuple[Part, ...]:
    """What a word means, text between two expansions joined into one part."""
    if not _SPECIAL.search(raw):
        return (raw,) if raw else ()
    return merge_parts(piece.part for piece in read_pieces(raw))


def merge_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same parts with neighbouring texts joined and empty ones left out."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def read_pieces(raw: str) -> Iterator[Piece]:
    """The pieces of a word, in order, each on its own: an open quote ends with the text."""
    if raw.startswith(_SUBSTITUTION_STARTS):
        yield Piece(0, len(raw), Expansion(None))
        return
    at = 0
    while at < len(raw):
        pieces = list(_read_unquoted(raw, at))
        yield from pieces
        at = pieces[-1].end


def _read_unquoted(raw: str, at: int) -> Iterator[Piece]:
    match raw[at]:
        case "\\":
            yield _escaped(raw, at)
        case "'":
            yield from _single_quoted(raw, at)
        case '"':
            yield from _double_quoted(raw, at)
        case "$" if raw.startswith("$'", at):
            yield from _ansi_quoted(raw, at)
        case "$" if raw.startswith('$"', at):
            yield from _double_quoted(raw, at + 1)
        case "$" | "`":
            yield _expansion(raw, at, quoted=False)
        case "{" if braces := _BRACES.match(raw, at):
            yield Piece(at, braces.end(), Expansion(None))
        case _:
            end = _end_of(_PLAIN, raw, at)
            yield Piece(at, end, raw[at:end])


def _end_of(pattern: re.Pattern[str], raw: str, at: int) -> int:
    match = pattern.match(raw, at)
    return match.end() if match else at + 1


def _escaped(raw: str, at: int) -> Piece:
    following = raw[at + 1 : at + 2]
    return Piece(at, min(at + 2, len(raw)), "" if following == "\n" else following or "\\")


def _single_quoted(raw: str, at: int) -> Iterator[Piece]:
    close = raw.find("'", at + 1)
    stop = len(raw) if close < 0 else close
    done = at + 1
    for masked in _MASKED.finditer(raw, at + 1, stop):
        yield Piece(done, masked.start(), raw[done : masked.start()])
        yield Piece(masked.start(), masked.end(), Expansion(None, quoted=True))
        done = masked.end()
    yield Piece(done, stop, raw[done:stop])
    yield Piece(stop, min(stop + 1, len(raw)), "")


def _ansi_quoted(raw: str, at: int) -> Iterator[Piece]:
    at += 2
    while match := _ANSI.match(raw, at):
        yield Piece(at, match.end(), _ansi_meaning(match))
        at = match.end()
    yield Piece(at, min(at + 1, len(raw)), "")


def _ansi_meaning(match: re.Match[str]) -> str:
    letter, hexadecimal, octal, itself = match.groups()
    if letter:
        return _ANSI_LETTERS[letter]
    if hexadecimal or octal:
        return chr(int(hexadecimal, 16) if hexadecimal else int(octal, 8))
    return match[0] if itself is None else itself


def _double_quoted(raw: str, at: int) -> Iterator[Piece]:
    at += 1
    while at < len(raw) and raw[at] != '"':
        if raw[at] in "$`":
            piece = _expansion(raw, at, quoted=True)
        elif raw[at] == "\\" and raw[at + 1 : at + 2] in ("$", "`", '"', "\\", "\n"):
            piece = _escaped(raw, at)
        else:
            end = _end_of(_IN_QUOTES, raw, at)
            piece = Piece(at, end, raw[at:end])
        yield piece
        at = piece.end
    yield Piece(at, min(at + 1, len(raw)), "")


def _expansion(raw: str, at: int, *, quoted: bool) -> Piece:
    if match := _NAME.match(raw, at):
        name = match[1] or match[2]
        known = None if name is None or name.startswith("_____") else name
        return Piece(at, match.end(), Expansion(known, quoted))
    if raw[at] == "`":
        close = raw.find("`", at + 1)
        return Piece(at, len(raw) if close < 0 else close + 1, Expansion(None, quoted))
    if raw[at + 1 : at + 2] in ("{", "("):
        return Piece(at, _closing(raw, at + 1), Expansion(None, quoted))
    return Piece(at, at + 1, "$")


def _closing(raw: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`, brackets inside quotes left aside."""
    depth, quote = 0, ""
    while at < len(raw):
        char = raw[at]
        if char == "\\":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "({":
            depth += 1
        elif char in ")}":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(raw)


def split_assignment(raw: str) -> tuple[str, bool, int] | None:
    """The name of `NAME=value` or `NAME+=value`, whether it appends, where the value begins."""
    match = _ASSIGNMENT.match(raw)
    return (match[1], bool(match[2]), match.end()) if match else None
