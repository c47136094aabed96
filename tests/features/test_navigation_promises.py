"""What navigation, structure and actions promise on any text, and renaming on real pipelines."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from uvci.features.actions import code_actions
from uvci.features.code_lens import code_lenses
from uvci.features.definition import definitions
from uvci.features.folding import folds
from uvci.features.highlights import highlights
from uvci.features.inlay_hints import inlay_hints
from uvci.features.links import links
from uvci.features.naming.index import occurrences
from uvci.features.naming.symbols import Occurrence, SymbolKind
from uvci.features.references import references
from uvci.features.rename import Refused, prepare_rename, rename
from uvci.features.selection import selections
from uvci.features.symbols import OutlineItem, outline
from uvci.features.view import View
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.resolve import expected
from uvci.pipeline.sources import MemoryFiles
from uvci.rules.proof import fixed_texts
from uvci.text.span import Span

from tests.features.cases import view_of
from tests.features.test_actions import checked
from tests.features.test_promises import PIECES
from tests.rules.corpus import Root, roots
from tests.shared import shared

NEW = {SymbolKind.VARIABLE: "RENAMED_TO_THIS"}
RENAMED = (SymbolKind.ENTRY, SymbolKind.STAGE, SymbolKind.VARIABLE)


def ask_at(view: View, offset: int) -> None:
    text = view.document.text
    here = definitions(view, offset), references(view, offset)
    assert all(place.path for found in here for place in found)
    assert all(mark.span.end <= len(text) for mark in highlights(view, offset))
    prepare_rename(view, offset)
    spans = selections(view.document, offset)
    assert all(outer.covers(inner) and outer != inner for inner, outer in pairwise(spans))
    assert spans[-1] == Span(0, len(text))


def ask_all(view: View) -> None:
    text = view.document.text
    for each in occurrences(view):
        assert each.path != view.path or each.span.end <= len(text)
    check_outline(outline(view.document), Span(0, len(text)))
    lines = text.count("\n") + text.count("\r")
    assert all(0 <= fold.first < fold.last <= lines for fold in folds(view.document))
    links(view)
    code_lenses(view)
    for hint in inlay_hints(view, Span(0, len(text))):
        assert hint.offset <= len(text)
        assert "\n" not in hint.label


def check_outline(items: tuple[OutlineItem, ...], parent: Span) -> None:
    for item in items:
        assert item.name
        assert parent.covers(item.span)
        assert item.span.covers(item.name_span)
        check_outline(item.children, item.span)


def test_in_real_pipelines() -> None:
    sampler = random.Random(7)
    asked = 0
    for path in sorted(shared("corpus").rglob("*.y*ml")):
        view = view_of(path.read_text(encoding="utf-8", errors="replace"))
        ask_all(view)
        for _ in range(3):
            ask_at(view, sampler.randint(0, len(view.document.text)))
            asked += 1
    assert asked > 300


@pytest.mark.slow
def test_actions_in_real_pipelines() -> None:
    sampler = random.Random(8)
    offered = 0
    for path in sorted(shared("corpus").joinpath("uv").rglob("*.y*ml")):
        view = checked(view_of(path.read_text(encoding="utf-8", errors="replace")))
        for _ in range(4):
            at = sampler.randint(0, len(view.document.text))
            for action in code_actions(view, Span(at, at)):
                assert action.title
                if not action.disabled and "Fix all" not in action.title:
                    assert fixed_texts(action.edits(), view.pipeline)
                    offered += 1
    assert offered > 20


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=150)
def test_on_any_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    view = view_of(text)
    ask_all(view)
    for offset in range(0, len(text) + 1, 5):
        ask_at(view, offset)
        code_actions(checked(view), Span(offset, offset))


def families() -> list[Root]:
    return [root for folder in ("general", "uv") for root in roots(shared("corpus") / folder)]


@pytest.mark.slow
def test_renaming_leaves_the_rest_of_real_pipelines_as_it_is() -> None:
    sampler = random.Random(9)
    renamed = refused = 0
    for root in families():
        files = MemoryFiles(root.files)
        pipeline = build_pipeline(root.path, files)
        document = pipeline.files[0].document
        view = replace(view_of(document.text), path=root.path, files=files, pipeline=pipeline)
        view = replace(view, document=document)
        here = [each for each in occurrences(view) if each.path == root.path]
        for each in sampler.sample(here, min(len(here), 3)):
            if each.symbol.kind not in RENAMED:
                continue
            edits = rename(view, each.span.start, new_name(each))
            if isinstance(edits, Refused):
                refused += 1
                continue
            texts = fixed_texts(edits, pipeline)
            assert texts
            after = build_pipeline(root.path, MemoryFiles(root.files | texts))
            assert alike(each, expected(pipeline)) == alike(each, expected(after))
            renamed += 1
    assert renamed > 50
    assert refused > 5


def new_name(each: Occurrence) -> str:
    hidden = each.symbol.name.startswith(".")
    return NEW.get(each.symbol.kind, ".renamed to this" if hidden else "renamed to this")


def alike(each: Occurrence, data: object) -> object:
    """The resolved pipeline with the new name where the old one stands."""
    if isinstance(data, dict):
        return {alike(each, key): alike(each, value) for key, value in data.items()}
    if isinstance(data, list):
        return [alike(each, value) for value in data]
    if not isinstance(data, str):
        return data
    return re.sub(rf"(?<!\w){re.escape(each.symbol.name)}(?!\w)", new_name(each), data)
