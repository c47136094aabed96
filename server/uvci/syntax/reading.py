"""From text to parsed sections: all of them, or after an edit those around it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from uvci.syntax.documents import BYTE_ORDER_MARK
from uvci.syntax.events import StreamError
from uvci.syntax.neighbours import Neighbours
from uvci.syntax.sections import Parsed, key_lines, mend_section, read_section
from uvci.syntax.tree import Document
from uvci.text.span import Span

# What GitLab says of a text whose first YAML document is no mapping.
_NO_MAPPING = StreamError("Invalid configuration format", 0, "", 0)

_MARKS = ("---", "...", "%")
_Read: TypeAlias = tuple[int, Parsed, bool]
"""Where a section begins, what it holds, and whether no text behind it may change that."""


def read_whole(text: str, piece: Span) -> Neighbours:
    """A YAML document as one section."""
    body = piece.of(text)
    parsed = read_section(body)
    if parsed.error is not None:
        parsed = mend_section(body, as_pairs=False)
    return Neighbours((parsed,), (piece.start, piece.end))


def read_sections(text: str, piece: Span) -> Neighbours:
    """A YAML document in sections, where it can be split."""
    starts = key_lines(text, piece)
    if len(starts) == 1:
        return read_whole(text, piece)
    return _gathered(_sections(text, [*starts, piece.end]), piece.end)


def read_again(text: str, before: Document) -> Neighbours | None:
    """The sections of `text`, read only where `before` has others; None where all must be read.

    Where sections begin is told by single lines, and most are read by themselves: an edit changes
    the sections it is in, and the one before it where it makes two of them one.
    """
    known = before.sections
    if not isinstance(known, Neighbours) or not _is_readable_again(text, before.text, known):
        return None
    moved = len(text) - len(before.text)
    front = _same_in_front(text, before.text, known.starts)
    front = max(min(front, *known.unsettled, len(known)) - 1, 0)
    back = _same_behind(text, before.text, known.starts[front:])
    back = max(back - 1, 0)
    piece = Span(known.starts[front], known.starts[len(known) - back] + moved)
    starts = key_lines(text, piece)
    if _holds_mark(piece.of(text)) or front + len(starts) + back < 2:
        return None
    read = list(_sections(text, [*starts, piece.end]))
    if back and not all(settled for _, _, settled in read):
        back, piece = 0, Span(piece.start, len(text))
        read = list(_sections(text, [*key_lines(text, piece), piece.end]))
    return _put_in(known, front, _gathered(read, piece.end), back, moved)


def _is_readable_again(text: str, before: str, known: Neighbours) -> bool:
    """Whether both texts are one YAML document, and the earlier one was read in sections."""
    start = int(text.startswith(BYTE_ORDER_MARK))
    return (
        len(known) > 2
        and known.starts[0] == start == int(before.startswith(BYTE_ORDER_MARK))
        and known.starts[-1] == len(before)
        and not text.startswith(_MARKS, start)
    )


def _holds_mark(middle: str) -> bool:
    """Whether what may end a YAML document stands at the beginning of a line."""
    return any(f"\n{mark}" in middle for mark in _MARKS)


def _same_in_front(text: str, before: str, starts: Sequence[int]) -> int:
    """How many sections in front are the same in both texts."""
    least, most = 0, len(starts) - 1
    while least < most:
        at = (least + most + 1) // 2
        piece = slice(starts[least], starts[at])
        least, most = (at, most) if text[piece] == before[piece] else (least, at - 1)
    return least


def _same_behind(text: str, before: str, starts: Sequence[int]) -> int:
    """How many of the sections that begin at `starts` are the same at the end of both texts."""
    moved, last = len(text) - len(before), len(starts) - 1
    least, most = 0, last
    while least < most:
        at = (least + most + 1) // 2
        start, end = starts[last - at], starts[last - least]
        same = start + moved >= starts[0] and (
            text[start + moved : end + moved] == before[start:end]
        )
        least, most = (at, most) if same else (least, at - 1)
    return least


def _put_in(known: Neighbours, front: int, middle: Neighbours, back: int, moved: int) -> Neighbours:
    """The sections of `known` with other ones between those that stay in front and behind."""
    behind = len(known) - back
    added = front + len(middle) - behind
    return Neighbours(
        (*known.parts[:front], *middle.parts, *known.parts[behind:]),
        (
            *known.starts[:front],
            *middle.starts[:-1],
            *[start + moved for start in known.starts[behind:]],
        ),
        (
            *[front + number for number in middle.unsettled],
            *[number + added for number in known.unsettled if number >= behind],
        ),
    )


def _gathered(read: Iterable[_Read], end: int) -> Neighbours:
    starts, parts, settled = zip(*read, strict=True)
    unsettled = tuple([number for number, fixed in enumerate(settled) if not fixed])
    return Neighbours(parts, (*starts, end), unsettled)


def _sections(text: str, starts: list[int]) -> Iterator[_Read]:
    """What stands between each two of `starts`, or more of them where that makes one section."""
    resume = starts[0]
    for at, (start, end) in enumerate(pairwise(starts)):
        if start < resume:
            continue
        resume, settled = end, True
        parsed = read_section(text[start:end])
        if not parsed.holds_pairs:
            count, joined = _completed(text, starts, at, parsed)
            if joined.holds_pairs:
                resume, parsed = starts[at + count], joined
                settled = at + count < len(starts) - 1
            else:
                told = joined.error or (parsed.error and _NO_MAPPING)
                settled = not parsed.open_end
                parsed = mend_section(text[start:end], as_pairs=True, told=told)
        yield start, parsed, settled


def _completed(text: str, starts: list[int], at: int, parsed: Parsed) -> tuple[int, Parsed]:
    """Section number `at` with those after it that may complete it, and how many that makes."""
    count = 1
    while not parsed.holds_pairs and parsed.open_end and at + count < len(starts) - 1:
        count = min(2 * count, len(starts) - 1 - at)
        parsed = read_section(text[starts[at] : starts[at + count]])
    return count, parsed
