"""Which entries extend which, as typed in the files of a pipeline."""

from uvci.features.view import View
from uvci.syntax.tree import Mapping, Node, Scalar, Sequence


def extended_by(view: View, name: str) -> tuple[str, ...]:
    """The names that the entry `name` extends directly, in the order typed."""
    for file in reversed(view.pipeline.files):
        document = view.document if file.path == view.path else file.document
        entry = document.mapping.get(name) if document.mapping else None
        if isinstance(entry, Mapping):
            return _names(entry.get("extends"))
    return ()


def ancestors(view: View, name: str) -> frozenset[str]:
    """The names that `name` extends, directly or through others."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        new = set(extended_by(view, waiting.pop())) - seen
        seen |= new
        waiting += new
    return frozenset(seen)


def heirs(view: View, name: str) -> tuple[str, ...]:
    """The visible jobs that extend `name`, directly or through others, in pipeline order."""
    return tuple(job.name for job in view.pipeline.jobs if name in ancestors(view, job.name))


def _names(node: Node | None) -> tuple[str, ...]:
    match node:
        case Scalar() if node.text:
            return (node.text,)
        case Sequence():
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
        case _:
            return ()
