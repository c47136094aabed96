"""The outline of a file, and the names of a whole pipeline."""

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.tokens import MASK
from uvci.features.entries import ROOT_KEYS
from uvci.features.secrecy import discreet
from uvci.features.view import Place
from uvci.pipeline.model import Pipeline
from uvci.rules.publishing.secrets import any_of, discreet_script, secret_words
from uvci.syntax.paths import key_text
from uvci.syntax.tree import Alias, Broken, Document, Mapping, Node, Pair, Scalar, Sequence
from uvci.text.span import Span

_LONGEST = 60


class OutlineKind(Enum):
    """What an entry of the outline is."""

    JOB = "job"
    TEMPLATE = "template"
    KEYWORD = "keyword"
    VARIABLE = "variable"
    INPUT = "input"
    STAGE = "stage"


class OutlineItem(Struct, frozen=True):
    """One entry: `span` covers all of it, `name_span` its name. Children lie within `span`."""

    name: str
    detail: str
    kind: OutlineKind
    span: Span
    name_span: Span
    children: tuple["OutlineItem", ...] = ()


class NamedPlace(Struct, frozen=True):
    """A job, template or variable of a pipeline, and the file it is defined in."""

    name: str
    kind: OutlineKind
    place: Place


def outline(document: Document) -> tuple[OutlineItem, ...]:
    """The root entries of a file in the order typed, each with its keywords and variables."""
    header = document.header if isinstance(document.header, Mapping) else None
    root = document.mapping
    items = [_keyword(pair) for pair in header.pairs] if header else []
    items += [_entry(pair) for pair in root.pairs] if root else []
    words = any_of(secret_words(document))
    return tuple(_finished(item, words) for item in items if item.name)


def _finished(item: OutlineItem, words: re.Pattern[str] | None) -> OutlineItem:
    """The entry with details as short as they are shown, and without secrets from elsewhere."""
    detail = words.sub(MASK, item.detail) if words else item.detail
    if len(detail) > _LONGEST:
        detail = f"{detail[:_LONGEST]}…"
    children = tuple(_finished(child, words) for child in item.children)
    return replace(item, detail=detail, children=children)


def pipeline_names(pipeline: Pipeline, query: str = "") -> tuple[NamedPlace, ...]:
    """The jobs, templates and root variables whose names hold the letters of `query` in order."""
    jobs = [
        NamedPlace(
            job.name,
            OutlineKind.TEMPLATE if job.hidden else OutlineKind.JOB,
            Place(job.name_origin.path, job.name_origin.span),
        )
        for job in (*pipeline.jobs, *pipeline.hidden)
    ]
    variables = [
        NamedPlace(name, OutlineKind.VARIABLE, Place(origin.path, origin.key or origin.span))
        for name, variable in pipeline.root_variables.items()
        if (origin := variable.origin) and origin.path
    ]
    return tuple(each for each in (*jobs, *variables) if _matches(query, each.name))


def _matches(query: str, name: str) -> bool:
    letters = iter(name.casefold())
    return all(letter in letters for letter in query.casefold())


def _entry(pair: Pair) -> OutlineItem:
    name = key_text(pair.key)
    if name in ROOT_KEYS or pair.is_merge:
        return _keyword(pair)
    kind = OutlineKind.TEMPLATE if name.startswith(".") else OutlineKind.JOB
    children = _children(_keyword(below) for below in _pairs(pair.value))
    return OutlineItem(name, _job_detail(pair.value), kind, pair.span, pair.key.span, children)


def _keyword(pair: Pair) -> OutlineItem:
    name = key_text(pair.key)
    children: Iterator[OutlineItem] = iter(())
    match name:
        case "variables":
            children = (_leaf(below, OutlineKind.VARIABLE) for below in _pairs(pair.value))
        case "inputs":
            children = (_leaf(below, OutlineKind.INPUT) for below in _pairs(pair.value))
        case "default" | "workflow" | "spec":
            children = (_keyword(below) for below in _pairs(pair.value))
        case "stages" if isinstance(pair.value, Sequence):
            children = (_stage(item) for item in pair.value.items if isinstance(item, Scalar))
        case _:
            pass
    kind, detail = OutlineKind.KEYWORD, _shown(pair.value)
    return OutlineItem(name, detail, kind, pair.span, pair.key.span, _children(children))


def _leaf(pair: Pair, kind: OutlineKind) -> OutlineItem:
    name = key_text(pair.key)
    return OutlineItem(name, discreet(name, _shown(pair.value)), kind, pair.span, pair.key.span)


def _stage(item: Scalar) -> OutlineItem:
    return OutlineItem(item.text, "", OutlineKind.STAGE, item.span, item.span)


def _children(items: Iterator[OutlineItem]) -> tuple[OutlineItem, ...]:
    # Editors refuse an outline with a nameless entry.
    return tuple(item for item in items if item.name)


def _pairs(node: Node) -> tuple[Pair, ...]:
    return node.pairs if isinstance(node, Mapping) else ()


def _job_detail(node: Node) -> str:
    if not isinstance(node, Mapping):
        return ""
    found = (_shown(value) for key in ("stage", "extends") if (value := node.get(key)) is not None)
    return ", ".join(text for text in found if text)


def _shown(node: Node) -> str:
    match node:
        case Scalar() if node.text.strip():
            return discreet_script(node.text.strip().split("\n")[0])
        case Broken():
            return discreet_script(node.text.strip().split("\n")[0])
        case Alias():
            return f"*{node.name}"
        case Sequence() if 0 < len(node.items) <= 3:
            texts = (item.text for item in node.items if isinstance(item, Scalar))
            return ", ".join(map(discreet_script, texts))
        case _:
            return ""
