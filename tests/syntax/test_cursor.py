import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvci.syntax.cursor import Side, cursor_at
from uvci.syntax.parse import parse
from uvci.syntax.tree import Mapping, Scalar

from tests.syntax.reading import Case, cases, shown_cursor
from tests.syntax.trees import TEXTS


@pytest.mark.parametrize("case", cases("cursor.txt"), ids=lambda case: case.title)
def test_the_cursor_is_where_its_text_says(case: Case) -> None:
    offset = case.text.index("$0")
    text = case.text.replace("$0", "", 1)
    assert shown_cursor(cursor_at(parse(text), offset), text) == case.answer


@given(TEXTS, st.data())
@settings(max_examples=150)
def test_what_a_cursor_replaces_is_around_it(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    cursor = cursor_at(parse(text), offset)
    assert cursor.insert.start == cursor.replace.start <= offset == cursor.insert.end
    assert offset <= cursor.replace.end <= len(text)
    assert cursor.prefix == cursor.insert.of(text)
    assert "\n" not in cursor.replace.of(text)


def test_a_cursor_knows_the_nodes_that_are_there() -> None:
    text = "test:\n  image: python\n"
    document = parse(text)
    cursor = cursor_at(document, text.index("thon"))
    assert isinstance(cursor.node, Scalar)
    assert cursor.node.text == "python"
    assert isinstance(cursor.parent, Mapping)
    assert document.mapping
    assert cursor.parent is document.mapping.get("test")
    key = cursor_at(document, text.index("mage"))
    assert key.side is Side.KEY
    assert isinstance(key.node, Scalar)
    assert key.node.text == "image"


def test_offsets_outside_the_text_are_clamped() -> None:
    document = parse("a: b")
    assert cursor_at(document, 99) == cursor_at(document, 4)
    assert cursor_at(document, -1).insert.end == 0
