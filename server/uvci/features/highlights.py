"""The same name elsewhere in a file."""

from msgspec import Struct

from uvci.features.naming.index import occurrence_at, occurrences_of
from uvci.features.naming.symbols import Role
from uvci.features.view import View
from uvci.text.span import Span


class Highlight(Struct, frozen=True):
    """A place of the name at the cursor; `defines` where it gets its meaning."""

    span: Span
    defines: bool


def highlights(view: View, offset: int) -> tuple[Highlight, ...]:
    """Where the name at `offset` stands in the view's own file."""
    at = occurrence_at(view, offset)
    found = occurrences_of(view, at.symbol) if at else ()
    return tuple(
        Highlight(each.span, each.role is Role.DEFINITION)
        for each in found
        if each.path == view.path
    )
