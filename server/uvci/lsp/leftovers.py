"""What defining the protocol's classes leaves in memory, though nothing needs it any more.

attrs writes the methods of a class as source text. It keeps that text for tracebacks, and with each
class a copy of all names of the module, for type hints that are strings; lsprotocol resolves its
own from a table. For its five hundred classes that is a tenth of all that a server holds.
"""

import linecache
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from lsprotocol import types

_GENERATED = "<attrs generated"


def drop_leftovers() -> None:
    """Free it: before anything is served, as no other thread may run those methods meanwhile."""
    linecache.clearcache()
    needed: dict[int, set[str]] = {}
    copies: dict[int, dict[str, Any]] = {}
    for method in generated_methods():
        names = method.__globals__
        copies[id(names)] = names
        needed.setdefault(id(names), {"__builtins__"}).update(_names_in(method.__code__))
    for copy, names in copies.items():
        kept = {name: names[name] for name in needed[copy] & names.keys()}
        names.clear()  # a dictionary only becomes smaller by being emptied
        names.update(kept)


def generated_methods() -> Iterator[FunctionType]:
    """The methods that attrs wrote for the protocol's classes."""
    for cls in vars(types).values():
        for method in vars(cls).values() if isinstance(cls, type) else ():
            if isinstance(method, FunctionType) and _is_generated(method.__code__):
                yield method


def _is_generated(code: CodeType) -> bool:
    return code.co_filename.startswith(_GENERATED)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)
