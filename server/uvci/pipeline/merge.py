"""Deep merging, as GitLab merges included files and extended jobs."""

from uvci.pipeline.origins import shadowing
from uvci.pipeline.values import Origin, Table, Value


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
