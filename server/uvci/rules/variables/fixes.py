"""The fixes that rules about variables share."""

from collections.abc import Iterable

from uvci.pipeline.values import Origin
from uvci.rules.edits import setting_changes, typed_pair
from uvci.rules.mentions import is_mentioned
from uvci.rules.rule import Context, Fix
from uvci.syntax.tree import Scalar


def renamed(name: str, others: Iterable[str], origin: Origin, context: Context) -> tuple[Fix, ...]:
    """A fix for each other name that the variable typed at `origin` could have.

    None where something mentions it by the old name, and no name that stands beside it already.
    """
    pair = typed_pair(origin, context)
    if pair is None or is_mentioned(name, context):
        return ()
    taken = {beside.key.text for beside in pair.mapping.pairs if isinstance(beside.key, Scalar)}
    return tuple(
        Fix(
            f"Rename it to `{other}`",
            pair.renamed(other),
            preferred=index == 0,
            declares=setting_changes(name, other),
        )
        for index, other in enumerate(other for other in others if other not in taken)
    )


def removed(name: str, origin: Origin, context: Context) -> tuple[Fix, ...]:
    """The fix that takes out the variable typed at `origin`, and `variables` where none is left."""
    pair = typed_pair(origin, context)
    if pair is None:
        return ()
    declares = setting_changes(name)
    edits = pair.removed_with_parent()
    return (Fix(f"Remove `{name}`", edits, preferred=True, declares=declares),)
