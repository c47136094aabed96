"""Navigation, rename, outline, hints and lenses over the wire."""

from pathlib import Path
from typing import Any

import pytest
from editor import ENCODINGS, Editor, editor
from lsprotocol import types
from pygls.exceptions import JsonRpcException

PIPELINE = """\
# 😀 naïve
stages: [build, test]
variables:
  UV_IMAGE_VERSION: "0.12.5"
.base:
  image: "ghcr.io/astral-sh/uv:$UV_IMAGE_VERSION-trixie-slim"
"😀 unit":
  extends: .base
  stage: test
  script: ["echo 😀 $UV_IMAGE_VERSION", uv sync --locked]
lint:
  extends: .base
  stage: test
  needs: ["😀 unit"]
  script: [uvx ruff check]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "uv.lock").write_text("")
    return tmp_path


def at(this: Editor, text: str, occurrence: int = 0) -> dict[str, Any]:
    offset = -1
    for _ in range(occurrence + 1):
        offset = PIPELINE.index(text, offset + 1)
    return {"text_document": this.document(), "position": this.position(offset + 1)}


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_definition_references_and_highlights(root: Path, encoding: str) -> None:
    async with editor(root, encoding=encoding) as this:
        this.open(PIPELINE)
        found = await this.client.text_document_definition_async(
            types.DefinitionParams(**at(this, "$UV_IMAGE_VERSION", 1))
        )
        assert isinstance(found, list)
        place = found[0]
        assert isinstance(place, types.Location)
        assert place.uri == this.uri()
        assert this.offset(place.range.start) == PIPELINE.index("UV_IMAGE_VERSION")
        uses = await this.client.text_document_references_async(
            types.ReferenceParams(
                context=types.ReferenceContext(include_declaration=False), **at(this, ".base")
            )
        )
        assert [this.text_at(use.range) for use in uses or []] == [".base", ".base"]
        marks = await this.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(**at(this, "😀 unit"))
        )
        assert [this.text_at(mark.range) for mark in marks or []] == ["😀 unit", "😀 unit"]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_rename_and_its_refusals(root: Path, encoding: str) -> None:
    async with editor(root, "visual_studio_code_v1.65.2", encoding) as this:
        this.open(PIPELINE)
        prepared = await this.client.text_document_prepare_rename_async(
            types.PrepareRenameParams(**at(this, "😀 unit"))
        )
        assert isinstance(prepared, types.PrepareRenamePlaceholder)
        assert prepared.placeholder == "😀 unit"
        edit = await this.client.text_document_rename_async(
            types.RenameParams(new_name="unit", **at(this, "😀 unit", 1))
        )
        assert edit is not None
        assert this.edited(edit) == PIPELINE.replace("😀 unit", "unit")
        with pytest.raises(JsonRpcException, match="taken"):
            await this.client.text_document_rename_async(
                types.RenameParams(new_name="lint", **at(this, "😀 unit"))
            )
        assert this.shown == []


async def test_outline_folds_selections_and_symbols(root: Path) -> None:
    async with editor(root) as this:
        this.open(PIPELINE)
        document = types.DocumentSymbolParams(this.document())
        outline = await this.client.text_document_document_symbol_async(document)
        names = [item.name for item in outline or []]
        assert names == ["stages", "variables", ".base", "😀 unit", "lint"]
        folds = await this.client.text_document_folding_range_async(
            types.FoldingRangeParams(this.document())
        )
        assert (10, 14) in {(fold.start_line, fold.end_line) for fold in folds or []}
        grown = await this.client.text_document_selection_range_async(
            types.SelectionRangeParams(this.document(), [at(this, "uvx ruff")["position"]])
        )
        assert grown is not None
        spans, one = [], grown[0]
        while one is not None:
            spans.append(this.text_at(one.range))
            one = one.parent
        assert spans[:3] == ["uvx", "uvx ruff check", "[uvx ruff check]"]
        assert spans[-1] == PIPELINE
        symbols = await this.client.workspace_symbol_async(types.WorkspaceSymbolParams("unt"))
        assert [symbol.name for symbol in symbols or []] == ["😀 unit"]


async def test_hints_lenses_and_links(root: Path) -> None:
    async with editor(root, options={"inlayHints": {"notCached": False}}) as this:
        this.open(PIPELINE)
        whole = types.Range(this.position(0), this.position(len(PIPELINE)))
        hints = await this.client.text_document_inlay_hint_async(
            types.InlayHintParams(this.document(), whole)
        )
        labels = {str(hint.label) for hint in hints or []}
        assert "→ 0.12.5-trixie-slim" in labels
        assert "not cached" not in labels
        lenses = await this.client.text_document_code_lens_async(
            types.CodeLensParams(this.document())
        )
        titles = [lens.command.title for lens in lenses or [] if lens.command]
        assert "used by 2 jobs" in titles
        text = "include: ci/a.yml\n" + PIPELINE
        (root / "ci").mkdir()
        (root / "ci/a.yml").write_text("a: {script: [b]}\n")
        this.replace(text)
        links = await this.client.text_document_document_link_async(
            types.DocumentLinkParams(this.document())
        )
        assert [link.target for link in links or []] == [this.uri("ci/a.yml")]


async def test_fix_all_of_a_file(root: Path) -> None:
    bad = "variables:\n  PYTHON_VERSION: 3.10\n  UV_LINKMODE: copy\na:\n  script: [uv sync]\n"
    async with editor(root, "visual_studio_code_v1.65.2") as this:
        this.open(bad)
        (action,) = await this.actions(0, 0, ["source.fixAll"])
        fixed = await this.applied(action)
        assert '"3.10"' in fixed
        assert "UV_LINKMODE" not in fixed
        assert [each.kind for each in await this.actions(0, 0)].count("source.fixAll.uvci") == 0


async def test_who_uses_what_step_by_step(root: Path) -> None:
    text = """\
.base: {cache: {key: "é-k", paths: [a]}, script: [x]}
"😀 unit": {extends: .base}
lint: {needs: ["😀 unit"], cache: {key: é-k, paths: [a]}, script: [x]}
"""
    async with editor(root, pull=True) as this:
        this.open(text)

        async def prepared(place: str) -> types.CallHierarchyItem:
            found = await this.client.text_document_prepare_call_hierarchy_async(
                types.CallHierarchyPrepareParams(
                    this.document(), this.position(text.index(place) + 1)
                )
            )
            assert found
            return found[0]

        async def users(item: types.CallHierarchyItem) -> dict[str, list[str]]:
            found = await this.client.call_hierarchy_incoming_calls_async(
                types.CallHierarchyIncomingCallsParams(item)
            )
            return {each.from_.name: [*map(this.text_at, each.from_ranges)] for each in found or ()}

        async def used(item: types.CallHierarchyItem) -> dict[str, list[str]]:
            found = await this.client.call_hierarchy_outgoing_calls_async(
                types.CallHierarchyOutgoingCallsParams(item)
            )
            return {each.to.name: [*map(this.text_at, each.from_ranges)] for each in found or ()}

        unit = await prepared("😀 unit")
        assert this.text_at(unit.selection_range) == '"😀 unit"'
        assert await users(unit) == {"lint": ["😀 unit"]}
        assert (await used(unit))[".base"] == [".base"]
        assert await users(await prepared(".base")) == {"😀 unit": [".base"]}
        cache = await prepared("cache")
        assert cache.name == "cache é-k"
        assert await users(cache) == {"😀 unit": ['"😀 unit"'], "lint": ["lint"]}
        assert await used(cache) == {}
