"""Outline, hints and lenses, shown by texts (see `cases.py`), and the rest of a file's structure.

Under a text of `hints.txt` and `lenses.txt` stands each as `line label`; under one of `outline.txt`
each entry as `kind name: detail`, indented below its parent.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from uvci.features.code_lens import code_lenses
from uvci.features.folding import FoldKind, folds
from uvci.features.inlay_hints import HintKind, inlay_hints
from uvci.features.links import links
from uvci.features.selection import selections
from uvci.features.symbols import OutlineItem, outline, pipeline_names
from uvci.syntax.parse import parse
from uvci.text.edits import apply_edits
from uvci.text.span import Span

from tests.features.cases import Case, cases, view_of

CASES = cases(Path(__file__).parent / "structure")


def lines_of(items: Iterable[OutlineItem], indent: str = "") -> Iterator[str]:
    for item in items:
        yield f"{indent}{item.kind.value} {item.name}" + (f": {item.detail}" if item.detail else "")
        yield from lines_of(item.children, indent + "  ")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_structure(case: Case) -> None:
    view, text = case.view(), case.text

    def at(offset: int, label: str) -> str:
        return f"{text.count(chr(10), 0, offset) + 1} {label}"

    match case.title.partition(":")[0]:
        case "hints":
            found = inlay_hints(view, Span(0, len(text)))
            shown = [at(hint.offset, hint.label) for hint in found]
        case "lenses":
            shown = [at(lens.span.start, lens.title) for lens in code_lenses(view)]
        case _:
            shown = list(lines_of(outline(view.document)))
    assert shown == [line for line in case.expected if line not in ("", "(nothing)")]


def test_a_hint_writes_itself_down() -> None:
    text = 'variables: {V: "0.12.5", PY: 3.10}\ntest: {image: "astral/uv:$V-alpine", script: [a]}\n'
    view = view_of(text)
    found = inlay_hints(view, Span(0, len(text)), (HintKind.IMAGE, HintKind.VALUE))
    edits = [edit for hint in found for edit in hint.edits]
    assert apply_edits(text, edits) == text.replace("3.10", '"3.10"').replace("$V", "0.12.5")


def test_hints_keep_to_the_part_and_kinds_asked_for() -> None:
    text = "variables:\n  A: 1.10\n  B: 2.10\ntest: {script: [a]}\n"
    view = view_of(text)
    first = Span(0, text.index("  B"))
    assert [hint.label for hint in inlay_hints(view, first)] == ["= 1.1"]
    assert inlay_hints(view, first, (HintKind.IMAGE,)) == ()


def test_folds() -> None:
    text = (
        "# one\n# two\ninclude:\n  - a\n  - b\n\ntest:\n  script:\n    - |\n      a\n      b\n\n"
        "other: [\n  a]\n"
    )
    found = {(fold.first, fold.last, fold.kind) for fold in folds(parse(text))}
    assert found == {
        (0, 1, FoldKind.COMMENT),
        (2, 4, FoldKind.IMPORTS),
        (6, 10, FoldKind.REGION),
        (7, 10, FoldKind.REGION),
        (8, 10, FoldKind.REGION),
        (12, 13, FoldKind.REGION),
    }


def test_a_selection_grows_step_by_step() -> None:
    text = 'test:\n  script:\n    - "uv sync --locked"\n'
    document = parse(text)
    grown = [span.of(text) for span in selections(document, text.index("sync"))]
    assert grown[:3] == ["sync", "uv sync --locked", '"uv sync --locked"']
    assert grown[-1] == text


def test_links() -> None:
    text = (
        "include:\n  - local: /ci/a.yml\n  - remote: https://example.com/x.yml\n  - ci/none.yml\n"
        "test:\n  cache: {key: {files: [uv.lock, none.lock]}, paths: [a]}\n  script: [a]\n"
    )
    view = view_of(text, {"ci/a.yml": "", "uv.lock": ""})
    found = [(link.span.of(text), link.path or link.url) for link in links(view)]
    assert found == [
        ("/ci/a.yml", "ci/a.yml"),
        ("https://example.com/x.yml", "https://example.com/x.yml"),
        ("uv.lock", "uv.lock"),
    ]


def test_names_of_a_pipeline() -> None:
    pipeline = view_of("variables: {X: a}\n.base: {}\nunit test: {script: [a]}\n").pipeline
    assert [each.name for each in pipeline_names(pipeline)] == ["unit test", ".base", "X"]
    assert [each.name for each in pipeline_names(pipeline, "UTst")] == ["unit test"]
