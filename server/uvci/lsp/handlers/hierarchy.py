"""`textDocument/prepareCallHierarchy` and what follows: who uses a job, a template or a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from uvci.lsp.convert import to_location
from uvci.lsp.server import UvciServer  # noqa: TC001  pygls reads the annotation

if TYPE_CHECKING:
    from uvci.features.hierarchy import Member, Relation
    from uvci.features.view import Place
    from uvci.lsp.session import Opened

_KINDS = {
    "job": types.SymbolKind.Function,
    "template": types.SymbolKind.Class,
    "cache": types.SymbolKind.Object,
}


def register(server: UvciServer) -> None:
    """Make the server answer these methods."""
    server.feature(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)(prepare)
    server.feature(types.CALL_HIERARCHY_INCOMING_CALLS)(incoming)
    server.feature(types.CALL_HIERARCHY_OUTGOING_CALLS)(outgoing)


async def prepare(
    server: UvciServer, params: types.CallHierarchyPrepareParams
) -> list[types.CallHierarchyItem] | None:
    """The job, template or cache at the cursor."""
    opened, profile = server.session.opened(params.text_document.uri), server.session.profile
    if opened is None:
        return None
    offset = opened.document.offset(params.position, profile.encoding)
    found = await server.compute(_member_at, opened, offset)
    return [_item(server, opened, found)] if found else None


async def incoming(
    server: UvciServer, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall] | None:
    """Who uses it."""
    opened = _opened(server, params.item)
    if opened is None:
        return None
    found = await server.compute(_users, opened, params.item.data)
    return [
        types.CallHierarchyIncomingCall(
            _item(server, opened, each.other),
            _ranges(server, opened, each, each.other.place),
        )
        for each in found
    ]


async def outgoing(
    server: UvciServer, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall] | None:
    """What it uses."""
    opened = _opened(server, params.item)
    if opened is None:
        return None
    found, own = await server.compute(_used, opened, params.item.data)
    return [
        types.CallHierarchyOutgoingCall(
            _item(server, opened, each.other), _ranges(server, opened, each, own)
        )
        for each in found
        if own
    ]


def _opened(server: UvciServer, item: types.CallHierarchyItem) -> Opened | None:
    data = item.data if isinstance(item.data, dict) else {}
    return server.session.opened(str(data.get("uri", "")))


def _item(server: UvciServer, opened: Opened, found: Member) -> types.CallHierarchyItem:
    at = to_location(
        opened.locator, found.place.path, found.place.span, server.session.profile.encoding
    )
    index = found.index if found.kind.value == "cache" else None
    return types.CallHierarchyItem(
        name=found.name,
        kind=_KINDS[found.kind.value],
        uri=at.uri,
        range=at.range,
        selection_range=at.range,
        detail=found.kind.value,
        data={"uri": opened.document.uri, "job": found.job, "index": index},
    )


def _ranges(
    server: UvciServer, opened: Opened, relation: Relation, user: Place | None
) -> list[types.Range]:
    """Where it is said, as far as that is in the user's own file, of which the protocol speaks."""
    encoding = server.session.profile.encoding
    return [
        to_location(opened.locator, place.path, place.span, encoding).range
        for place in relation.places
        if user is not None and place.path == user.path
    ]


def _member_at(opened: Opened, offset: int) -> Member | None:
    from uvci.features.hierarchy import member_at  # noqa: PLC0415  loaded after `initialize`

    view = opened.view()
    return member_at(view, offset) if view else None


def _users(opened: Opened, data: Any) -> tuple[Relation, ...]:
    from uvci.features.hierarchy import member, users_of  # noqa: PLC0415  as above

    view = opened.view()
    found = member(view, data["job"], data["index"]) if view else None
    return users_of(view, found) if view and found else ()


def _used(opened: Opened, data: Any) -> tuple[tuple[Relation, ...], Place | None]:
    from uvci.features.hierarchy import member, used_by  # noqa: PLC0415  as above

    view = opened.view()
    found = member(view, data["job"], data["index"]) if view else None
    return (used_by(view, found), found.place) if view and found else ((), None)
