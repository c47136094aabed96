import pytest
from uvci.syntax.parse import parse

from tests.syntax.reading import Case, cases, shown_document


@pytest.mark.parametrize("case", cases("broken.txt"), ids=lambda case: case.title)
def test_broken_texts_are_read_as_far_as_can_be(case: Case) -> None:
    assert shown_document(parse(case.text)) == case.answer
