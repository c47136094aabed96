"""Small numbers that stand for content: equal numbers, equal content.

What is worked out about a job depends on some pieces of text only. A stamp names such a set of
pieces, so that results can be kept over edits elsewhere.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Generic, TypeAlias, TypeVar

Stamp: TypeAlias = int

_MOST_STAMPS = 100_000
_numbers = count(1)
_known: dict[tuple[object, ...], Stamp] = {}


def stamp(*parts: object) -> Stamp:
    """The number of these parts: the same one for equal parts, never one used before for others."""
    found = _known.get(parts)
    if found is None:
        if len(_known) >= _MOST_STAMPS:
            _known.clear()
        found = _known.setdefault(parts, next(_numbers))
    return found


Kept = TypeVar("Kept")
Key = TypeVar("Key")


def same_ends(before: Sequence[object], after: Sequence[object]) -> tuple[int, int]:
    """How many things in front, and then behind, are the same in both rows.

    >>> same_ends("abcde", "abXde"), same_ends("aa", "aaa")
    ((2, 2), (2, 0))
    """
    most = min(len(before), len(after))
    front = _same(most, lambda start, end: before[start:end] == after[start:end])
    here, there = len(before), len(after)
    back = _same(
        most - front,
        lambda start, end: before[here - end : here - start] == after[there - end : there - start],
    )
    return front, back


def _same(most: int, is_same: Callable[[int, int], bool]) -> int:
    """How many from the start on are the same; `is_same` compares a part."""
    least = 0
    while least < most:
        at = (least + most + 1) // 2
        least, most = (at, most) if is_same(least, at) else (least, at - 1)
    return least


class Memory(Generic[Kept]):
    """Results by stamp; forgets the oldest when it holds `most`."""

    __slots__ = ("_kept", "_most")

    def __init__(self, most: int) -> None:
        self._kept: dict[object, Kept] = {}
        self._most = most

    def get(self, key: object) -> Kept | None:
        """What was kept under `key`."""
        return self._kept.get(key)

    def all(self, keys: Iterable[object]) -> list[Kept | None]:
        """What was kept under each of `keys`."""
        return list(map(self._kept.get, keys))

    def missing(self, keys: Iterable[Key]) -> set[Key]:
        """Those of `keys` under which nothing is kept."""
        return set(keys).difference(self._kept)

    def _forget(self) -> None:
        try:
            self._kept.pop(next(iter(self._kept)), None)
        except RuntimeError:  # another thread has just changed it
            self._kept = {}

    def keep(self, key: object, result: Kept) -> Kept:
        """Remember `result`, and give it back."""
        if len(self._kept) >= self._most:
            self._forget()
        self._kept[key] = result
        return result
