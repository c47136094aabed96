"""Every client gets only what it said it can take; a warning of the test client is a failure."""

import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from editor import PROFILES, Editor, editor, load_profile
from lsprotocol import types

PIPELINE = """\
# 😀
include: part.yml
variables:
  UV_LINKMODE: copy
  V: 3.10
.uv:
  image: "ghcr.io/astral-sh/uv:0.10.0-bookworm"
test:
  extends: .uv
  cache:
    key: k-$V
    paths: [/tmp/uv]
  variables: {UV_SYSTEM_PYTHON: "1", UV_HTTP_TIMEOUT: "1"}
  script:
    - uv sync --locked
    - uv pip install --no-system x
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "part.yml").write_text("lint:\n  extends: .uv\n  script: [uvx ruff]\n")
    return tmp_path


@cache
def capabilities(profile: str) -> types.ClientCapabilities:
    return load_profile(profile).capabilities


def can(profile: str, path: str) -> Any:
    """What the client said of itself at a dotted path of its capabilities."""
    node: Any = capabilities(profile)
    for name in path.split("."):
        node = getattr(node, name, None) if node is not None else None
    return node


@pytest.mark.slow
@pytest.mark.parametrize("profile", PROFILES)
async def test_a_tour_of_all_that_can_be_asked(root: Path, profile: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with editor(root, profile) as this:
            this.open(PIPELINE)
            check_diagnostics(profile, await this.diagnostics())
            await check_completion(this, profile)
            await check_hover(this, profile)
            await check_actions(this, profile)
            await check_navigation(this, profile)
            await check_rename(this, profile)
            await check_structure(this, profile)
            assert this.shown == []
            assert can(profile, "window.work_done_progress") or this.created.empty()
            check_registrations(this, profile)
    assert [str(each.message) for each in caught] == []


def check_diagnostics(profile: str, found: list[types.Diagnostic]) -> None:
    published = "text_document.publish_diagnostics"
    assert {"UVC101", "UVC301", "UVC403"} <= {str(each.code) for each in found}
    for each in found:
        assert each.source == "uvci"
        assert each.related_information is None or can(profile, f"{published}.related_information")
        described = can(profile, f"{published}.code_description_support")
        assert (each.code_description is not None) == bool(described)
        tags = can(profile, f"{published}.tag_support.value_set") or ()
        assert set(each.tags or ()) <= set(tags)


async def check_completion(this: Editor, profile: str) -> None:
    item = "text_document.completion.completion_item"
    documented = 0
    for place in ("uv:0.", "UV_LINK", "ext", "uv sync --l", "key: k-$", "UV_SYSTEM"):
        found = await this.complete(PIPELINE.index(place) + len(place))
        assert found
        for each in found:
            is_snippet = each.insert_text_format == types.InsertTextFormat.Snippet
            assert not is_snippet or can(profile, f"{item}.snippet_support")
            replaces = isinstance(each.text_edit, types.InsertReplaceEdit)
            assert replaces == bool(can(profile, f"{item}.insert_replace_support"))
            assert not each.label_details or can(profile, f"{item}.label_details_support")
            assert not each.tags or can(profile, f"{item}.tag_support.value_set")
        lazy = can(profile, f"{item}.resolve_support.properties") or ()
        resolved = found[0]
        if resolved.documentation is None and "documentation" in lazy:
            resolved = await this.client.completion_item_resolve_async(resolved)
        if resolved.documentation is not None:
            documented += 1
            check_markup(resolved.documentation, can(profile, f"{item}.documentation_format"))
    assert documented > 2


def check_markup(content: Any, taken: Iterable[types.MarkupKind] | None) -> None:
    assert content
    assert isinstance(content, str) != bool(taken)
    assert isinstance(content, str) or content.kind in (taken or ())


async def check_hover(this: Editor, profile: str) -> None:
    for place in ("0.10.0", "UV_LINKMODE", "extends", "test:", "k-$V", "sync", "--locked"):
        found = await this.hover(PIPELINE.index(place) + 1)
        assert found is not None, place
        check_markup(found.contents, can(profile, "text_document.hover.content_format"))


async def check_actions(this: Editor, profile: str) -> None:
    action = "text_document.code_action"
    offered = 0
    for place in ("0.10.0", "UV_LINKMODE", "test:", "V: 3.10", "--no-system"):
        at = PIPELINE.index(place) + 1
        for each in await this.actions(at, at):
            offered += 1
            assert can(profile, f"{action}.code_action_literal_support")
            assert not each.is_preferred or can(profile, f"{action}.is_preferred_support")
            assert not each.disabled or can(profile, f"{action}.disabled_support")
            if each.disabled:
                continue
            lazy = can(profile, f"{action}.resolve_support.properties") or ()
            assert each.edit is not None or "edit" in lazy
            if each.edit is None:
                each.edit = (await this.client.code_action_resolve_async(each)).edit
            check_edit(each.edit, profile)
    assert offered > 4


def check_edit(edit: types.WorkspaceEdit | None, profile: str) -> None:
    assert edit is not None
    versioned = bool(can(profile, "workspace.workspace_edit.document_changes"))
    assert (edit.document_changes is not None) == versioned
    annotated = can(profile, "workspace.workspace_edit.change_annotation_support")
    assert not edit.change_annotations or annotated


async def check_navigation(this: Editor, profile: str) -> None:
    at, document = this.position(PIPELINE.index("extends: .uv") + 10), this.document()
    found = await this.client.text_document_definition_async(types.DefinitionParams(document, at))
    assert found
    links = [each for each in found if isinstance(each, types.LocationLink)]
    assert not links or can(profile, "text_document.definition.link_support")
    context = types.ReferenceContext(include_declaration=True)
    uses = await this.client.text_document_references_async(
        types.ReferenceParams(context, document, at)
    )
    assert {each.uri for each in uses or ()} == {this.uri(), this.uri("part.yml")}
    assert await this.client.text_document_document_highlight_async(
        types.DocumentHighlightParams(document, at)
    )


async def check_rename(this: Editor, profile: str) -> None:
    at, document = this.position(PIPELINE.index("extends: .uv") + 10), this.document()
    if can(profile, "text_document.rename.prepare_support"):
        assert await this.client.text_document_prepare_rename_async(
            types.PrepareRenameParams(text_document=document, position=at)
        )
    edit = await this.client.text_document_rename_async(
        types.RenameParams(new_name=".base", text_document=document, position=at)
    )
    check_edit(edit, profile)


async def check_structure(this: Editor, profile: str) -> None:
    document, client = this.document(), this.client
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    nested = "text_document.document_symbol.hierarchical_document_symbol_support"
    assert symbols
    assert isinstance(symbols[0], types.DocumentSymbol) == bool(can(profile, nested))
    assert await client.workspace_symbol_async(types.WorkspaceSymbolParams("test"))
    assert await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    at = this.position(PIPELINE.index("--locked"))
    whole = types.Range(types.Position(0, 0), this.position(len(PIPELINE)))
    assert await client.text_document_selection_range_async(
        types.SelectionRangeParams(document, [at])
    )
    assert await client.text_document_inlay_hint_async(types.InlayHintParams(document, whole))
    assert await client.text_document_code_lens_async(types.CodeLensParams(document))
    assert await client.text_document_document_link_async(types.DocumentLinkParams(document))


def check_registrations(this: Editor, profile: str) -> None:
    wanted = [
        method
        for method, capability in (
            (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, "did_change_watched_files"),
            (types.WORKSPACE_DID_CHANGE_CONFIGURATION, "did_change_configuration"),
        )
        if can(profile, f"workspace.{capability}.dynamic_registration")
    ]
    assert [each.method for got in this.registered for each in got.registrations] == wanted
