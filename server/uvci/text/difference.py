"""The edits that lead from one text to another."""

from itertools import takewhile

from uvci.text.edits import TextEdit
from uvci.text.span import Span


def edits_between(before: str, after: str) -> tuple[TextEdit, ...]:
    r"""Edits of whole lines of `before` that make it `after`, as few lines as possible.

    >>> edits_between("a\nb\nc\n", "a\nx\nc\n")
    (TextEdit(span=Span(start=2, end=4), content='x\n'),)
    """
    from difflib import SequenceMatcher  # noqa: PLC0415  most runs never need it

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = sum(1 for _ in takewhile(_same, zip(old, new, strict=False)))
    rest = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(_same, rest))
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    starts = [sum(map(len, old[:head]))]
    for line in old_middle:
        starts.append(starts[-1] + len(line))
    blocks = SequenceMatcher(None, old_middle, new_middle, autojunk=False).get_opcodes()
    return tuple(
        TextEdit(Span(starts[first], starts[last]), "".join(new_middle[low:high]))
        for kind, first, last, low, high in blocks
        if kind != "equal"
    )


def _same(lines: tuple[str, str]) -> bool:
    return lines[0] == lines[1]
