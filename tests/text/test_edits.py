import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.text.edits import OverlappingEditsError, TextEdit, apply_edits
from uvci.text.span import Span

SPLITS = st.lists(st.tuples(st.text("ab\n", max_size=4), st.text("xy", max_size=3)), max_size=8)


@given(SPLITS, st.randoms())
def test_edits_replace_their_spans_and_nothing_else(
    parts: list[tuple[str, str]], random: object
) -> None:
    """A text of pieces `keep, old, keep, old, …`; every `old` becomes something new."""
    text, wanted, edits = "", "", []
    for number, (keep, old) in enumerate(parts):
        text += keep + "|"
        edits.append(TextEdit(Span(len(text), len(text) + len(old)), str(number)))
        text += old
        wanted += keep + "|" + str(number)
    random.shuffle(edits)  # type: ignore[attr-defined]
    assert apply_edits(text, edits) == wanted


def test_insertions_at_one_place_keep_their_order() -> None:
    edits = [TextEdit(Span(1, 1), "x"), TextEdit(Span(1, 1), "y")]
    assert apply_edits("ab", edits) == "axyb"


def test_an_insertion_goes_before_a_replacement_at_the_same_place() -> None:
    assert apply_edits("abc", [TextEdit(Span(1, 2), "X"), TextEdit(Span(1, 1), "+")]) == "a+Xc"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(OverlappingEditsError):
        apply_edits("abc", [TextEdit(Span(0, 2), ""), TextEdit(Span(1, 3), "")])


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1)])
def test_a_span_is_never_negative(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)
