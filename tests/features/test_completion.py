"""Completion, shown by texts: see `cases.py` for their form.

Under a text stand the labels in order, best first. `...` lets more follow (or come between);
`(nothing)` is an empty answer; `! label` must not be offered; `> label` takes an item, and the
lines below it, up to the next `>`, are the text that then stands there.
"""

from pathlib import Path

import pytest
from uvci.features.completion import complete
from uvci.features.snippet import plain_text
from uvci.features.view import CompletionItem, CompletionList
from uvci.text.edits import TextEdit, apply_edits
from uvci.text.span import Span

from tests.features.cases import Case, cases, unescaped, view_of

CASES = cases(Path(__file__).parent / "completion")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_completion(case: Case) -> None:
    found = complete(case.view(), case.offset)
    check_promises(case.text, case.offset, found)
    labels = [item.label for item in found.items]
    wanted, refused, taken = _expectations(case.expected)
    for label in refused:
        assert label not in labels
    _check_labels(labels, wanted)
    for label, text in taken:
        item = next((item for item in found.items if item.label == label), None)
        assert item is not None, labels
        assert _after(case.text, item) == text


def test_there_are_many() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("t:\n  image: ghcr.io/astral-sh/uv:0.12.5-pyth", "5-pyth"),
        ("t:\n  image: ghcr.io/as", "io/as"),
        ("variables:\n  PYTHON_VERSION: 3.1", "1"),
        ("t:\n  cache:\n    key: ${CI_COM", "CI_COM"),
    ],
)
def test_filters_begin_at_the_symbol_that_emacs_sees(text: str, symbol: str) -> None:
    found = complete(view_of(text), len(text))
    assert found.items[0].filter.startswith(symbol)
    assert {item.edit.span.of(text) for item in found.items} == {symbol}


def test_releases_say_when_they_were() -> None:
    text = "test:\n  image: ghcr.io/astral-sh/uv:0.12.\n"
    offset = len(text) - 1
    found = complete(view_of(text), offset)
    details = {item.label: item.detail for item in found.items}
    assert details["0.12.5-"] == "released 2026-08-14"
    whole = complete(view_of(text.replace("0.12.", "")), offset - len("0.12."))
    assert {item.label: item.detail for item in whole.items}["0.12-"].startswith("the newest 0.12")


def _expectations(
    lines: tuple[str, ...],
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    wanted: list[str] = []
    refused: list[str] = []
    taken: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("> "):
            taken.append((line[2:], []))
        elif taken:
            taken[-1][1].append(unescaped(line))
        elif line.startswith("! "):
            refused.append(line[2:])
        elif line:
            wanted.append(line)
    return wanted, refused, [(label, "\n".join(text)) for label, text in taken]


def _check_labels(labels: list[str], wanted: list[str]) -> None:
    if wanted == ["(nothing)"]:
        assert labels == []
        return
    at = 0
    loose = not wanted
    for want in wanted:
        if want == "...":
            loose = True
            continue
        if loose:
            assert want in labels[at:], labels
            at = labels.index(want, at) + 1
        else:
            assert labels[at : at + 1] == [want], labels[:12]
            at += 1
        loose = False
    assert loose or at == len(labels), labels[at : at + 12]


def _after(text: str, item: CompletionItem) -> str:
    return apply_edits(text, [*item.additional, item.edit])


def check_promises(text: str, offset: int, found: CompletionList) -> None:
    """What every item promises to every editor."""
    for item in found.items:
        span, insert = item.edit.span, item.insert
        assert span.start == insert.start
        assert insert.end == offset
        assert span.end >= offset
        assert span.end <= len(text)
        assert "\n" not in span.of(text)
        typed = text[span.start : offset]
        assert _fuzzy(typed, item.filter)
        if item.snippet is not None:
            assert plain_text(item.snippet) == item.edit.content
        for edit in item.additional:
            assert not edit.span.overlaps(Span(span.start, max(span.end, span.start)))
        _check_rest(text, item)
    sorts = [item.sort for item in found.items]
    assert sorts == sorted(sorts)
    assert len(set(sorts)) == len(sorts)


def _fuzzy(typed: str, text: str) -> bool:
    rest = iter(text.lower())
    return all(character in rest for character in typed.lower())


def _check_rest(text: str, item: CompletionItem) -> None:
    """Taking the item changes nothing outside its ranges."""
    edits: list[TextEdit] = sorted([*item.additional, item.edit], key=lambda edit: edit.span)
    result = apply_edits(text, edits)
    at_text = at_result = 0
    for edit in edits:
        kept = text[at_text : edit.span.start]
        assert result[at_result : at_result + len(kept)] == kept
        at_result += len(kept) + len(edit.content)
        at_text = edit.span.end
    assert result[at_result:] == text[at_text:]
