"""From nodes to values: what GitLab's YAML loader makes of a file.

Source: GitLab's loader (Ruby's Psych, safe_load with aliases and `!reference`) and its limits.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from uvci.pipeline.origins import shadowing
from uvci.pipeline.ruby import inspect
from uvci.pipeline.values import (
    Items,
    Link,
    LinkKind,
    Origin,
    Plain,
    Reference,
    Table,
    TypedKey,
    Unknown,
    Value,
)
from uvci.syntax.scalars import ScalarValue, Symbol, read_plain, read_scalar
from uvci.syntax.tree import Alias, Broken, Mapping, Node, Pair, Scalar, Sequence, Style
from uvci.text.span import Span

MOST_VALUES = 60_000
"""How many values a file may hold; aliases can make millions of a few lines.

GitLab counts bytes, of which each text takes 40: more values than these never fit its 2 MiB.
"""

MAX_DEPTH = 100
REFERENCE_TAG = "!reference"

Chain: TypeAlias = tuple[Link, ...]
Interpolate: TypeAlias = Callable[[Scalar, Origin], Value | None]
"""What stands for a scalar with `$[[ … ]]` in it; None for one that has none."""


class Loader(Struct):
    """Turns nodes of the file at `path` into values. `room` is how many more it may make."""

    path: str
    interpolate: Interpolate | None = None
    room: int = MOST_VALUES

    def load(self, node: Node, key: Span | None = None, chain: Chain = (), depth: int = 0) -> Value:
        """The value of `node`, which stands under the key at `key` and was reached by `chain`."""
        self.room -= 1
        origin = Origin(self.path, node.span, node, key, chain)
        if self.room < 0 or depth > MAX_DEPTH:
            return Unknown("the file holds more than GitLab reads", origin)
        match node:
            case Scalar():
                return self._scalar(node, origin)
            case Sequence():
                return self._sequence(node, origin, depth)
            case Mapping():
                return self._mapping(node, origin, depth)
            case Alias():
                return self._alias(node, origin, depth)
            case Broken():
                return Unknown("this piece is not YAML", origin)

    def read_key(self, pair: Pair) -> str | None:
        """The text of a pair's key; None for a key that is no text."""
        key = pair.key
        if isinstance(key, Alias) and key.target is not None:
            key = key.target
        if not isinstance(key, Scalar):
            return None
        if self.interpolate and "$[[" in key.text:
            value = self.interpolate(key, Origin(self.path, key.span, key))
            if isinstance(value, Plain):
                return _key(value.value)
            if value is not None:
                return None
        return _plain_key(key.text) if _is_plain(key) else _key(read_scalar(key))

    def _scalar(self, node: Scalar, origin: Origin) -> Value:
        if node.tag == REFERENCE_TAG:
            return Reference("", origin, None, inspect(node.text))
        if self.interpolate and (value := self.interpolate(node, origin)) is not None:
            return value
        return Plain(_read(node.text) if _is_plain(node) else read_scalar(node), origin)

    def _sequence(self, node: Sequence, origin: Origin, depth: int) -> Value:
        items: list[Value] = []
        for item in node.items:
            value = self.load(item, None, origin.chain, depth + 1)
            if isinstance(value, Items) and isinstance(item, Scalar):
                items += value.values  # an array that an input brings is spliced in
            else:
                items.append(value)
        if node.tag == REFERENCE_TAG:
            return _reference(items, origin)
        return Items(tuple(items), origin)

    def _mapping(self, node: Mapping, origin: Origin, depth: int) -> Value:
        if node.tag == REFERENCE_TAG:
            return Reference("", origin, None, "nil")
        entries: dict[str, Value] = {}
        for pair in node.pairs:
            if pair.is_merge:
                self.merge(pair.value, entries, origin.chain, depth)
            elif (name := self.read_key(pair)) is not None:
                value = self.load(pair.value, pair.key.span, origin.chain, depth + 1)
                put(entries, name, value)
        return Table(entries, origin)

    def merge(self, node: Node, entries: dict[str, Value], chain: Chain, depth: int) -> None:
        """Take `<<: node` into `entries`: it overwrites what stands before it.

        Other YAML readers let explicit keys win wherever they stand; Psych goes by position.
        """
        if isinstance(node, Sequence):
            for item in reversed(node.items):
                self.merge(item, entries, chain, depth)
            return
        target: Node = node
        if isinstance(node, Alias) and node.target is not None:
            target = node.target
            chain = (*chain, Link(LinkKind.MERGE_KEY, node.name, self.path, node.span))
        value = self.load(target, None, chain, depth + 1)
        if isinstance(value, Table):
            for name, below in value.entries.items():
                put(entries, name, below)

    def _alias(self, node: Alias, origin: Origin, depth: int) -> Value:
        if node.target is None:
            return Unknown(f"no anchor `{node.name}` stands before it", origin)
        link = Link(LinkKind.ANCHOR, node.name, self.path, node.span)
        return self.load(node.target, origin.key, (*origin.chain, link), depth + 1)


_read = lru_cache(maxsize=16384)(read_plain)
"""Pipelines repeat themselves: `true`, `script`, `main`."""


def _is_plain(node: Scalar) -> bool:
    return node.style is Style.PLAIN and node.tag is None


@lru_cache(maxsize=4096)
def _plain_key(text: str) -> str:
    return _key(read_plain(text))


def put(entries: dict[str, Value], name: str, value: Value) -> None:
    """Set an entry: the last one wins, at the place of the first."""
    before = entries.get(name)
    entries[name] = value if before is None else shadowing(value, before)


def _key(value: ScalarValue) -> str:
    if isinstance(value, str):
        return value
    return value.name if isinstance(value, Symbol) else TypedKey(value)


def _reference(items: list[Value], origin: Origin) -> Reference:
    keys = [i.value for i in items if isinstance(i, Plain) and isinstance(i.value, str)]
    valid = bool(keys) and len(keys) == len(items)
    shown = inspect(Items(tuple(items), origin))
    return Reference("", origin, tuple(keys) if valid else None, shown)
