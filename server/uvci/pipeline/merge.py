"""Deep merging, as GitLab merges included files and extended jobs."""

from uvci.pipeline.origins import shadowing
from uvci.pipeline.values import Origin, Plain, Table, Unknown, Value


def deep_merge(base: Value, over: Value) -> Value:
    """`over` laid on `base`: mappings merge key by key, everything else is replaced.

    The result keeps the order of `base`; each value that won notes what it won over.
    """
    if not isinstance(base, Table) or not isinstance(over, Table):
        return shadowing(over, base)
    entries = dict(base.entries)
    for name, value in over.entries.items():
        before = entries.get(name)
        entries[name] = value if before is None else deep_merge(before, value)
    origin = over.origin
    shadows = (*origin.shadows, base.origin, *base.origin.shadows)
    return Table(
        entries, Origin(origin.path, origin.span, origin.node, origin.key, origin.chain, shadows)
    )


def unsure_merge(base: Value, over: Value) -> Value:
    """The same where one of both may not be there: what they do not agree on is unknown."""
    if isinstance(base, Table) and isinstance(over, Table):
        entries = dict(base.entries)
        for name, value in over.entries.items():
            before = entries.get(name)
            entries[name] = value if before is None else unsure_merge(before, value)
        return Table(entries, over.origin)
    if isinstance(base, Plain) and isinstance(over, Plain) and base.value == over.value:
        return over
    return Unknown("rules that cannot be decided here choose between several values", over.origin)
