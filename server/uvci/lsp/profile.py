"""What the connected editor can do, resolved once."""

from typing import Any

from lsprotocol import types
from msgspec import Struct

from uvci.text.lines import Encoding

_ENCODINGS = {
    types.PositionEncodingKind.Utf8: Encoding.UTF8,
    types.PositionEncodingKind.Utf16: Encoding.UTF16,
    types.PositionEncodingKind.Utf32: Encoding.UTF32,
}


class ClientProfile(Struct, frozen=True):
    """The client's capabilities as questions; nothing else in the server looks at the raw ones.

    `knows_keywords`: another server of the client offers GitLab's keywords already.

    Source: LSP 3.17, `ClientCapabilities`. Everything defaults to what the oldest client can.
    """

    name: str = ""
    encoding: Encoding = Encoding.UTF16
    snippets: bool = False
    insert_replace: bool = False
    lazy_documentation: bool = False
    label_details: bool = False
    deprecated_items: bool = False
    preselect: bool = False
    completion_markup: bool = False
    completion_markdown: bool = False
    hover_markup: bool = False
    hover_markdown: bool = False
    document_changes: bool = False
    change_annotations: bool = False
    action_literals: bool = False
    lazy_action_edits: bool = False
    action_data: bool = False
    preferred_actions: bool = False
    disabled_actions: bool = False
    pull_diagnostics: bool = False
    refresh_diagnostics: bool = False
    refresh_hints: bool = False
    refresh_lenses: bool = False
    related_information: bool = False
    code_descriptions: bool = False
    diagnostic_versions: bool = False
    diagnostic_tags: frozenset[types.DiagnosticTag] = frozenset()
    hierarchical_symbols: bool = False
    watched_files: bool = False
    configuration: bool = False
    configuration_changes: bool = False
    progress: bool = False
    apply_edit: bool = False
    retrigger_command: str = ""
    shows_references: bool = False
    knows_keywords: bool = False


def _reach(node: Any, path: str) -> Any:
    """The value at a dotted path of capabilities, None where any step is missing."""
    for name in path.split("."):
        if node is None:
            return None
        node = getattr(node, name)
    return node


def profile_of(params: types.InitializeParams, encoding: str | None) -> ClientProfile:
    """The profile of the client that sent `params`; `encoding` is the one agreed on."""
    raw = params.capabilities

    def has(path: str) -> bool:
        return bool(_reach(raw, path))

    def listed(path: str) -> frozenset[Any]:
        return frozenset(_reach(raw, path) or ())

    item = "text_document.completion.completion_item"
    action = "text_document.code_action"
    published = "text_document.publish_diagnostics"
    lazy = listed(f"{item}.resolve_support.properties")
    name = params.client_info.name if params.client_info else ""
    return ClientProfile(
        name=name,
        encoding=_ENCODINGS.get(types.PositionEncodingKind(encoding or "utf-16"), Encoding.UTF16),
        snippets=has(f"{item}.snippet_support"),
        insert_replace=has(f"{item}.insert_replace_support"),
        lazy_documentation="documentation" in lazy and name != _DROPS_UNRESOLVED,
        label_details=has(f"{item}.label_details_support"),
        deprecated_items=types.CompletionItemTag.Deprecated
        in listed(f"{item}.tag_support.value_set"),
        preselect=has(f"{item}.preselect_support"),
        completion_markup=has(f"{item}.documentation_format") or name in _SHOWS_MARKDOWN,
        completion_markdown=types.MarkupKind.Markdown in listed(f"{item}.documentation_format")
        or name in _SHOWS_MARKDOWN,
        hover_markup=has("text_document.hover.content_format"),
        hover_markdown=types.MarkupKind.Markdown in listed("text_document.hover.content_format"),
        document_changes=has("workspace.workspace_edit.document_changes"),
        change_annotations=has("workspace.workspace_edit.change_annotation_support"),
        action_literals=has(f"{action}.code_action_literal_support"),
        lazy_action_edits="edit" in listed(f"{action}.resolve_support.properties"),
        action_data=has(f"{action}.data_support"),
        preferred_actions=has(f"{action}.is_preferred_support"),
        disabled_actions=has(f"{action}.disabled_support"),
        pull_diagnostics=has("text_document.diagnostic"),
        refresh_diagnostics=has("workspace.diagnostics.refresh_support"),
        refresh_hints=has("workspace.inlay_hint.refresh_support"),
        refresh_lenses=has("workspace.code_lens.refresh_support"),
        related_information=has(f"{published}.related_information"),
        code_descriptions=has(f"{published}.code_description_support"),
        diagnostic_versions=has(f"{published}.version_support"),
        diagnostic_tags=listed(f"{published}.tag_support.value_set"),
        hierarchical_symbols=has(
            "text_document.document_symbol.hierarchical_document_symbol_support"
        ),
        watched_files=has("workspace.did_change_watched_files.dynamic_registration"),
        configuration=has("workspace.configuration"),
        configuration_changes=has("workspace.did_change_configuration.dynamic_registration"),
        progress=has("window.work_done_progress"),
        apply_edit=has("workspace.apply_edit"),
        retrigger_command=_RETRIGGER.get(name, ""),
        knows_keywords=_has_experimental(raw, "gitlabKeywords"),
        shows_references=_has_experimental(raw, "showReferences"),
    )


def _has_experimental(raw: types.ClientCapabilities, name: str) -> bool:
    """Whether a client's extension for this server says that it can do something."""
    found = raw.experimental
    return bool(found.get(name) if isinstance(found, dict) else getattr(found, name, False))


# eglot asks for the rest of an item when it is taken, and a key typed meanwhile cancels that: it
# then forgets the item's edit, and its label stays in the text. So nothing is left to ask for.
_DROPS_UNRESOLVED = "Eglot"

# Helix names no format for items and shows every text as Markdown: a plain `<value>` is gone there.
_SHOWS_MARKDOWN = ("helix",)

# Commands that reopen the completion list after an item was taken; only these clients have one.
_RETRIGGER = {
    "Visual Studio Code": "editor.action.triggerSuggest",
    "Visual Studio Code - Insiders": "editor.action.triggerSuggest",
    "VSCodium": "editor.action.triggerSuggest",
    "code-server": "editor.action.triggerSuggest",
}
