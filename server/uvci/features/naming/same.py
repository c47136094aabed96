"""Whether two pipelines are the same but for one name."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from uvci.features.naming.symbols import Symbol, SymbolKind
from uvci.pipeline.model import Pipeline
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value

Leaf: TypeAlias = tuple[tuple[str, ...], object]
"""A path of keys, and the scalar at its end."""


def same_but_for(symbol: Symbol, name: str, before: Pipeline, after: Pipeline) -> bool:
    """Whether `after` is `before` with `symbol` called `name`: effective values, jobs, stages."""
    if len(after.problems) > len(before.problems):
        return False
    rename = _renaming(symbol, name)
    return _shape(before, rename) == _shape(after, rename)


def _renaming(symbol: Symbol, name: str) -> Callable[[str], str]:
    """What makes texts of both pipelines alike: the new name wherever the old one stands."""
    match symbol.kind:
        case SymbolKind.VARIABLE:
            word = re.compile(rf"(?<!\w){re.escape(symbol.name)}(?!\w)")
            return lambda text: word.sub(name, text)
        case SymbolKind.ANCHOR:
            return lambda text: text
        case _:
            return lambda text: name if text == symbol.name else text


def _shape(pipeline: Pipeline, rename: Callable[[str], str]) -> object:
    return (
        [rename(stage) for stage in pipeline.stages],
        [(rename(job.name), job.kind) for job in (*pipeline.jobs, *pipeline.hidden)],
        sorted(_leaves(pipeline.merged, (), rename), key=repr),
        [
            sorted(_leaves(job.keywords, (), rename), key=repr)
            for job in (*pipeline.jobs, *pipeline.hidden)
        ],
    )


def _leaves(value: Value, path: tuple[str, ...], rename: Callable[[str], str]) -> Iterator[Leaf]:
    match value:
        case Table():
            yield path, "table"
            for key, below in value.entries.items():
                yield from _leaves(below, (*path, rename(key)), rename)
        case Items():
            yield path, "items"
            for index, item in enumerate(value.values):
                yield from _leaves(item, (*path, str(index)), rename)
        case Plain():
            text = value.value
            yield path, rename(text) if isinstance(text, str) else text
        case Unknown():
            yield path, "unknown"
