"""Which entries extend which, as typed in the files of a pipeline."""

from uvci.features.context import document_of
from uvci.features.view import View
from uvci.pipeline.stamps import Memory
from uvci.syntax.tree import Mapping, Node, Scalar, Section, Sequence

_known: Memory[dict[str, tuple[str, ...]]] = Memory(4096)


def descendants(view: View, name: str) -> frozenset[str]:
    """The entries that extend `name`, directly or through others."""
    heirs: dict[str, list[str]] = {}
    for entry, parents in _extends(view).items():
        for parent in parents:
            heirs.setdefault(parent, []).append(entry)
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        new = [heir for heir in heirs.get(waiting.pop(), ()) if heir not in seen]
        seen.update(new)
        waiting += new
    return frozenset(seen)


def _extends(view: View) -> dict[str, tuple[str, ...]]:
    """What each entry of all files extends; the file that includes others wins."""
    found: dict[str, tuple[str, ...]] = {}
    for file in reversed(view.pipeline.files):
        document = document_of(view, file.path)
        for section in document.sections if document else ():
            found |= _of_section(section)
    return found


def _of_section(section: Section) -> dict[str, tuple[str, ...]]:
    """What the entries of a section extend; worked out once for each text of a section."""
    known = _known.get(section.origin)
    if known is not None:
        return known
    found = {
        pair.key.text: _names(pair.value.get("extends"))
        for pair in section.pairs
        if isinstance(pair.key, Scalar) and isinstance(pair.value, Mapping)
    }
    return _known.keep(section.origin, found)


def _names(node: Node | None) -> tuple[str, ...]:
    match node:
        case Scalar() if node.text:
            return (node.text,)
        case Sequence():
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
        case _:
            return ()
