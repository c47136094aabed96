import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.text.lines import Encoding, LineIndex, Position
from uvci.text.span import Span

TEXTS = st.text(
    st.sampled_from("ab \t\r\n\x0b\x0c\x1c\x85\u2028\u2029é\u20ac\U0001f600\U00010000\ufeff")
)


def lsp_lines(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


@given(TEXTS)
def test_lines_are_those_of_the_protocol(text: str) -> None:
    index = LineIndex(text)
    found = [index.line_span(line).of(text) for line in range(index.line_count)]
    assert found == lsp_lines(text)


@given(TEXTS, st.sampled_from(Encoding))
def test_columns_are_counted_as_python_encodes(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    units = {Encoding.UTF8: 1, Encoding.UTF16: 2, Encoding.UTF32: 4}[encoding]
    codec = {Encoding.UTF8: "utf-8", Encoding.UTF16: "utf-16-le", Encoding.UTF32: "utf-32-le"}
    for offset in range(len(text) + 1):
        position = index.position(offset, encoding)
        start = index.line_start(position.line)
        before = text[start:offset]
        if before.endswith("\r") and text[offset : offset + 1] == "\n":
            before = before[:-1]  # between the two characters of one line break
        assert position.column == len(before.encode(codec[encoding])) // units


@given(TEXTS, st.sampled_from(Encoding))
def test_every_position_leads_back_to_its_offset(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue
        position = index.position(offset, encoding)
        assert index.offset(position.line, position.column, encoding) == offset


@given(TEXTS, st.integers(-2, 9), st.integers(-2, 30), st.sampled_from(Encoding))
def test_any_position_is_clamped_into_the_text(
    text: str, line: int, column: int, encoding: Encoding
) -> None:
    index = LineIndex(text)
    offset = index.offset(line, column, encoding)
    assert 0 <= offset <= len(text)
    if 0 <= line < index.line_count:
        assert index.line_span(line).touches(offset)
        if column >= 0:
            assert index.position(offset, encoding).column <= column


@pytest.mark.parametrize(
    ("line", "column", "offset"),
    [
        pytest.param(0, 1, 0, id="inside a surrogate pair rounds down"),
        pytest.param(0, 2, 1, id="behind it"),
        pytest.param(0, 99, 2, id="past the line's end"),
        pytest.param(1, 0, 4, id="on the empty last line"),
        pytest.param(7, 0, 4, id="past the last line"),
        pytest.param(-1, 5, 0, id="before the first line"),
    ],
)
def test_places_outside_are_clamped(line: int, column: int, offset: int) -> None:
    assert LineIndex("\U0001f600a\r\n").offset(line, column, Encoding.UTF16) == offset


def test_the_empty_line_behind_a_last_break_is_a_line() -> None:
    index = LineIndex("a\n")
    assert index.line_count == 2
    assert index.position(2) == Position(1, 0)
    assert index.line_span(1) == Span(2, 2)
    assert index.line_span(9) == Span(2, 2)


def test_a_lone_surrogate_is_one_character() -> None:
    index = LineIndex("a\ud800b")
    assert [index.position(3, encoding).column for encoding in Encoding] == [5, 3, 3]
