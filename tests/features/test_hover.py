"""Hover, shown by texts: see `cases.py` for their form.

Under a text stands what the hover covers, as `@ text`, then its Markdown: the first line as it is,
and further lines that must occur in it in this order (blank ones do not count). `(nothing)` is no
hover, `! text` must not occur.
"""

from pathlib import Path

import pytest
from uvci.features.hover import hover

from tests.features.cases import Case, cases

CASES = cases(Path(__file__).parent / "hover")
SCREEN = 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_hover(case: Case) -> None:
    found = hover(case.view(), case.offset)
    if case.expected == ("(nothing)",):
        assert found is None
        return
    assert found is not None
    lines = [line for line in found.markdown.split("\n") if line]
    assert found.span.touches(case.offset)
    assert len(lines) <= SCREEN
    wanted = [line for line in case.expected if line]
    if wanted[0].startswith("@ "):
        assert found.span.of(case.text) == wanted.pop(0)[2:]
    for line in [line for line in wanted if line.startswith("! ")]:
        assert line[2:] not in found.markdown
    wanted = [line for line in wanted if not line.startswith("! ")]
    assert lines[0] == wanted[0]
    at = 0
    for line in wanted:
        assert line in lines[at:], found.markdown
        at = lines.index(line, at)


def test_there_are_many() -> None:
    assert len(CASES) >= 80
