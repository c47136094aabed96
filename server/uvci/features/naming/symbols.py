"""What a name stands for, and where it stands."""

from enum import Enum

from msgspec import Struct

from uvci.syntax.tree import Pair, Scalar
from uvci.text.span import Span


class SymbolKind(Enum):
    """The kinds of names."""

    ENTRY = "job"
    STAGE = "stage"
    VARIABLE = "variable"
    INPUT = "input"
    ANCHOR = "anchor"
    FILE = "file"
    KEYWORD = "keyword"


class Symbol(Struct, frozen=True):
    """A name. Variables, stages and jobs mean the same in all files of a pipeline.

    `home` tells apart what is only known where it stands: the anchor's file and offset, an input's
    file. `keys` is the path of a keyword that a `!reference` leads to, its job first.
    """

    kind: SymbolKind
    name: str
    home: str = ""
    keys: tuple[str, ...] = ()


class Role(Enum):
    """What a name does where it stands."""

    DEFINITION = "definition"
    USE = "use"


class Occurrence(Struct, frozen=True, eq=False):
    """A name at a place. `span` covers the name alone, without quotes or `$`.

    `node` is the scalar that is nothing but the name, `pair` the pair whose key it is; both are
    None where it is part of a longer text. `entry` is the root key it stands under.
    """

    symbol: Symbol
    path: str
    span: Span
    role: Role
    entry: str = ""
    node: Scalar | None = None
    pair: Pair | None = None
