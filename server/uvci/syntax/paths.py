"""Where a node is among others: paths of keys and indices, and what stands at an offset."""

from bisect import bisect_right
from typing import TypeAlias

from msgspec import Struct

from uvci.syntax.tree import Document, Mapping, Node, Pair, Scalar, Sequence

Path: TypeAlias = tuple[str | int, ...]


class Location(Struct, frozen=True):
    """What stands at an offset.

    `path` leads to `node`; where the offset is on a key, to that key's value, and `on_key` is true.
    `pair` is the innermost pair around the offset, `parents` all collections from the root down.
    """

    path: Path
    node: Node
    pair: Pair | None
    on_key: bool
    parents: tuple[Mapping | Sequence, ...]


def node_at(root: Node | None, path: Path) -> Node | None:
    """The node that `path` leads to, as typed: aliases and merge keys are not followed.

    An index leads into a sequence, a string into a mapping (of duplicate keys, the last).
    """
    node = root
    for step in path:
        match node, step:
            case Mapping(), str():
                node = node.get(step)
            case Sequence(items=items), int() if 0 <= step < len(items):
                node = items[step]
            case _:
                return None
    return node


def path_to(document: Document, offset: int) -> Path:
    """The path of the innermost node that touches `offset`; empty where only the root does."""
    found = locate(document.root, offset) or locate(document.header, offset)
    return found.path if found else ()


def locate(root: Node | None, offset: int) -> Location | None:
    """What stands at `offset` below `root`; None outside of it.

    A cursor right behind a word is still on it. Between the children of a collection, the answer is
    the collection.
    """
    if root is None or not root.span.touches(offset):
        return None
    path: list[str | int] = []
    parents: list[Mapping | Sequence] = []
    node, pair, on_key = root, None, False
    while isinstance(node, Mapping | Sequence):
        found = _child_at(node, offset)
        if found is None:
            break
        parents.append(node)
        step, node, inner = found
        path.append(step)
        pair = inner or pair
        if inner is not None and node is inner.key:
            on_key = True
            break
    return Location(tuple(path), node, pair, on_key, tuple(parents))


def key_text(node: Node) -> str:
    """The text of a key as a path names it; a key that is no scalar has none."""
    return node.text if isinstance(node, Scalar) else ""


def _child_at(node: Mapping | Sequence, offset: int) -> tuple[str | int, Node, Pair | None] | None:
    if isinstance(node, Sequence):
        index = bisect_right(node.items, offset, key=lambda item: item.span.start) - 1
        if index < 0 or not node.items[index].span.touches(offset):
            return None
        return index, node.items[index], None
    at = bisect_right(node.pairs, offset, key=lambda pair: pair.span.start) - 1
    if at < 0:
        return None
    pair = node.pairs[at]
    for part in (pair.key, pair.value):
        if part.span.touches(offset):
            return key_text(pair.key), part, pair
    return None
