"""Everywhere a name stands."""

from uvci.features.hierarchy import member_at, users_of
from uvci.features.naming.index import occurrence_at, occurrences_of
from uvci.features.naming.symbols import Role
from uvci.features.view import Place, View


def references(view: View, offset: int, *, with_definitions: bool = True) -> tuple[Place, ...]:
    """The places, in all files of the pipeline, where the name at `offset` stands.

    On a cache, which has no name, they are the jobs that use it.
    """
    at = occurrence_at(view, offset)
    if at is None:
        cache = member_at(view, offset)
        users = users_of(view, cache) if cache else ()
        return tuple(dict.fromkeys(each.other.place for each in users))
    return tuple(
        Place(each.path, each.span)
        for each in occurrences_of(view, at.symbol)
        if with_definitions or each.role is not Role.DEFINITION
    )
