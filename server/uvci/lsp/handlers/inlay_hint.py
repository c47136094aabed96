"""`textDocument/inlayHint`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from uvci.lsp.convert import to_markup, to_position, to_text_edit
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.inlay_hints import InlayHint
    from uvci.lsp.session import Opened
    from uvci.text.span import Span


def register(server: UvciServer) -> None:
    """Make the server answer this method."""
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(hints_in)


async def hints_in(
    server: UvciServer, params: types.InlayHintParams
) -> list[types.InlayHint] | None:
    """The hints of a part of a document."""
    session = server.session
    opened, profile = session.opened(params.text_document.uri), session.profile
    if opened is None:
        return None
    span = opened.document.span(params.range, profile.encoding)
    lines = opened.document.lines
    return [
        types.InlayHint(
            position=to_position(lines, hint.offset, profile.encoding),
            label=hint.label,
            padding_left=True,
            tooltip=to_markup(hint.tooltip, as_markdown=profile.hover_markdown)
            if hint.tooltip
            else None,
            text_edits=[to_text_edit(lines, edit, profile.encoding) for edit in hint.edits] or None,
        )
        for hint in await server.compute(_hints, opened, span, session.options.inlay_hints)
    ]


def _hints(opened: Opened, span: Span, kinds: frozenset[str]) -> tuple[InlayHint, ...]:
    from uvci.features.inlay_hints import (  # noqa: PLC0415  loaded after `initialize`
        HintKind,
        inlay_hints,
    )

    view = opened.view()
    wanted = [kind for kind in HintKind if kind.value in kinds]
    return inlay_hints(view, span, wanted) if view else ()
