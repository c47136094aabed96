"""Definition, references and rename, shown by texts: see `cases.py` for their form.

Under a text of `definition.txt` and `references.txt` stands each place as `line text`, in another
file as `path:line text`; `(nothing)` where there is none. Under one of `rename.txt` stand `> name`
and the text after that renaming, or `refused: words of the reason`.
"""

from pathlib import Path

import pytest
from uvci.features.definition import definitions
from uvci.features.highlights import highlights
from uvci.features.references import references
from uvci.features.rename import Refused, Renamable, prepare_rename, rename
from uvci.features.view import Place, View
from uvci.text.edits import apply_edits

from tests.features.cases import ROOT, Case, cases, view_of

CASES = cases(Path(__file__).parent / "navigation")
RENAMES = [case for case in CASES if case.title.startswith("rename")]
PLACES = [case for case in CASES if case not in RENAMES]


def shown(view: View, place: Place) -> str:
    text = view.files.read(place.path) or ""
    line = text.count("\n", 0, place.span.start) + 1
    where = f"{line}" if place.path == ROOT else f"{place.path}:{line}"
    return f"{where} {place.span.of(text)}".rstrip()


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case.title)
def test_places(case: Case) -> None:
    view = case.view()
    if case.title.startswith("definition"):
        found = definitions(view, case.offset)
    else:
        found = references(view, case.offset)
        marks = [mark.span for mark in highlights(view, case.offset)]
        assert marks == [place.span for place in found if place.path == ROOT]
    expected = [line for line in case.expected if line != "(nothing)"]
    assert [shown(view, place) for place in found] == expected


@pytest.mark.parametrize("case", RENAMES, ids=lambda case: case.title)
def test_rename(case: Case) -> None:
    view = case.view()
    name = next((line[2:] for line in case.expected if line.startswith("> ")), "a")
    found = rename(view, case.offset, name)
    reasons = [line for line in case.expected if line.startswith("refused: ")]
    if reasons:
        assert isinstance(found, Refused)
        assert reasons[0].removeprefix("refused: ") in found.reason
        return
    assert not isinstance(found, Refused), found
    prepared = prepare_rename(view, case.offset)
    assert isinstance(prepared, Renamable)
    assert prepared.span.of(case.text) == prepared.name
    after = apply_edits(case.text, [each.edit for each in found])
    assert after.strip("\n") == "\n".join(case.expected[1:]).strip("\n")


@pytest.mark.parametrize("at", ["cache:", "key:", "uv\n", "paths", "a]"])
def test_a_cache_leads_to_the_jobs_that_use_it(at: str) -> None:
    text = """\
.base:
  cache:
    key: uv
    paths: [a]
  script: [x]
test: {extends: .base}
lint: {cache: {key: uv, paths: [a]}, script: [x]}
other: {cache: {key: else, paths: [a]}, script: [x]}
"""
    found = references(view_of(text), text.index(at))
    assert [place.span.of(text) for place in found] == ["test", "lint"]
