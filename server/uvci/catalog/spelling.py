"""Which of some known words a mistyped one was meant to be."""

from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """How many slips lie between two words, counted up to `limit` + 1.

    A slip is a letter added, dropped, replaced, or swapped with its neighbour (optimal string
    alignment).

    >>> distance("UV_CAHCE_DIR", "UV_CACHE_DIR", 2), distance("sync", "python", 2)
    (1, 3)
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, row, above = row, [i], before
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def near_misses(word: str, known: Iterable[str]) -> list[str]:
    """The known words that `word` is a slip away from, nearest first; none for a distant word.

    Short words allow one slip, from nine letters on two.

    >>> near_misses("--forzen", ["--frozen", "--locked"])
    ['--frozen']
    """
    limit = 2 if len(word) >= 9 else 1 if len(word) >= 3 else 0
    scored = ((distance(word, candidate, limit), candidate) for candidate in known)
    return [candidate for slips, candidate in sorted(scored) if 0 < slips <= limit]
