"""How values remember where they came from, and what they won over."""

from uvci.pipeline.values import Items, Link, Origin, Plain, Reference, Table, Unknown, Value


def via(value: Value, *links: Link) -> Value:
    """`value` and all below it, each with `links` as the steps nearest to the job."""
    origin = value.origin
    moved = Origin(
        origin.path, origin.span, origin.node, origin.key, links + origin.chain, origin.shadows
    )
    match value:
        case Plain():
            return Plain(value.value, moved)
        case Table():
            return Table({key: via(below, *links) for key, below in value.entries.items()}, moved)
        case Items():
            return Items(tuple([via(item, *links) for item in value.values]), moved)
        case Reference():
            return Reference(value.why, moved, value.keys, value.shown)
        case Unknown():
            return Unknown(value.why, moved)


def shadowing(value: Value, lost: Value) -> Value:
    """`value` with the note that it won over `lost`."""
    origin, before = value.origin, lost.origin
    shadows = (*origin.shadows, before, *before.shadows)
    return at(
        value,
        Origin(origin.path, origin.span, origin.node, origin.key, origin.chain, shadows),
    )


def at(value: Value, origin: Origin) -> Value:
    """`value` with another origin; what is below keeps its own."""
    match value:
        case Plain():
            return Plain(value.value, origin)
        case Table():
            return Table(value.entries, origin)
        case Items():
            return Items(value.values, origin)
        case Reference():
            return Reference(value.why, origin, value.keys, value.shown)
        case Unknown():
            return Unknown(value.why, origin)
