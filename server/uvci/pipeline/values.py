"""Effective values: what GitLab computes, each with the place it came from."""

from collections.abc import Iterator
from enum import Enum
from typing import Self, TypeAlias

from msgspec import Struct

from uvci.syntax.scalars import ScalarValue, as_text
from uvci.syntax.tree import Node
from uvci.text.span import Span


class LinkKind(Enum):
    """The ways a value reaches a job from somewhere else."""

    DEFAULT = "default"
    ROOT = "root"
    EXTENDS = "extends"
    REFERENCE = "!reference"
    ANCHOR = "anchor"
    MERGE_KEY = "<<"
    INCLUDE = "include"
    INPUT = "input"


# Like nodes, values hold no circles: the collector of garbage need not look through them (`gc`).


class Link(Struct, frozen=True, gc=False):
    """One step of an origin's chain: `name` is the job, key path, anchor or file it went through.

    `path` and `span` are the place that names it (the `extends:` entry, the `*alias`, …).
    """

    kind: LinkKind
    name: str
    path: str
    span: Span


class Origin(Struct, frozen=True, gc=False):
    """Where a value is typed: its file (posix, relative to the repository), node and span.

    `key` is the span of the key it stands under, if any. `chain` lists how it came to the job,
    nearest to the job first; empty when it is typed in the job itself. `shadows` are the values
    it won over, nearest first. `node` is None for values no text stands for.
    """

    path: str
    span: Span
    node: Node | None = None
    key: Span | None = None
    chain: tuple[Link, ...] = ()
    shadows: tuple["Origin", ...] = ()


NOWHERE = Origin("", Span(0, 0))
"""The origin of values that stand in no file."""


class Plain(Struct, frozen=True, eq=False, gc=False):
    """A scalar, typed as GitLab reads it."""

    value: ScalarValue
    origin: Origin

    @property
    def text(self) -> str:
        """The text GitLab makes of it where a text is wanted (`3.10` unquoted is `3.1`)."""
        return as_text(self.value)


class Table(Struct, frozen=True, eq=False, gc=False):
    """A mapping after all merging; `entries` in GitLab's order, keys as text."""

    entries: dict[str, "Value"]
    origin: Origin

    def get(self, *path: str) -> "Value | None":
        """The value below the keys of `path`, None where one is missing."""
        value: Value | None = self
        for key in path:
            if not isinstance(value, Table):
                return None
            value = value.entries.get(key)
        return value


class Items(Struct, frozen=True, eq=False, gc=False):
    """A list."""

    values: tuple["Value", ...]
    origin: Origin


class Unknown(Struct, frozen=True, eq=False):
    """A value that cannot be known offline; `why` is for hovers, rules are silent on it."""

    why: str
    origin: Origin


class Reference(Unknown, frozen=True, eq=False):
    """A `!reference` that is not looked up yet; `keys` is None where it has the wrong shape.

    `shown` is what GitLab prints of it: `[".a", "script"]`. Effective values hold none.
    """

    keys: tuple[str, ...] | None
    shown: str


Value: TypeAlias = Plain | Table | Items | Unknown


class TypedKey(str):
    """The text of a key that GitLab reads as something else than text (`1:`, `yes:`)."""

    __slots__ = ("value",)

    value: ScalarValue

    def __new__(cls, value: ScalarValue) -> Self:
        """The key that `value` makes."""
        key = super().__new__(cls, as_text(value))
        key.value = value
        return key


def plains(value: Value | None) -> Iterator[Plain]:
    """All scalars of a possibly nested list, in order, as GitLab flattens `script`."""
    match value:
        case Plain():
            yield value
        case Items():
            for item in value.values:
                yield from plains(item)
        case _:
            return
