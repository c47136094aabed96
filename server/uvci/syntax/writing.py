"""Writing values as YAML that GitLab reads back as the same values."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from uvci.syntax.build import build, readable
from uvci.syntax.events import StreamError
from uvci.syntax.scalars import read_plain
from uvci.syntax.tree import Mapping, Node, Scalar, Sequence, Style
from uvci.text.patterns import lazy_re


class Quoted(str):
    """A text that is always written in double quotes."""

    __slots__ = ()


class Verbatim(str):
    """YAML that is written as it is: `true`, `*anchor`, `!reference [.job, script]`."""

    __slots__ = ()


Block: TypeAlias = "str | list[Block] | dict[str, Block]"
"""A small tree of values: texts (quoted where needed), lists, and mappings in the order wanted."""


class Indents(Struct, frozen=True):
    """How a file indents: mappings by `step` columns, the items of a list by `dash` columns."""

    step: int = 2
    dash: int = 2


_SURELY_TEXT = lazy_re(r"[A-Za-z_/$][A-Za-z0-9_/$-]{5,}")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_ESCAPED = lazy_re('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')


# Texts to GitLab, but numbers or booleans to other readers of YAML, editors' schemas among them.
_NUMBER_ELSEWHERE = lazy_re(
    r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|0o[0-7]+|[-+]?(?:\.\d+)(?:[eE][-+]?\d+)?|[yYnN]"
)


def quote_if_needed(text: str, *, flow: bool = False) -> str:
    """`text` as a value that GitLab reads as this very text, quoted only where it must be.

    `flow` tells that brackets or braces surround it.

    >>> quote_if_needed("3.10"), quote_if_needed("3.10.1"), quote_if_needed("uv:")
    ('"3.10"', '3.10.1', '"uv:"')
    """
    return text if _reads_plain(text, flow=flow) else quote(text)


def quote_key_if_needed(text: str) -> str:
    """`text` as a key that GitLab reads as this very text, quoted only where it must be."""
    if text != "<<" and _reads_plain(text, flow=True) and _only_scalar(f"{text}: 1\n") == text:
        return text
    return quote(text)


def quote(text: str) -> str:
    """`text` in double quotes, or in single ones where that spares escapes."""
    escapes = _ESCAPED.findall(text)
    if escapes and "'" not in text and set(escapes) <= {"\\", '"'}:
        return f"'{text}'"
    return double_quoted(text)


def double_quoted(text: str) -> str:
    """`text` in double quotes."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def single_quoted(text: str) -> str | None:
    """`text` in single quotes; None where it holds what only double quotes can escape."""
    if set(_ESCAPED.findall(text)) - {"\\", '"'}:
        return None
    return "'" + text.replace("'", "''") + "'"


def written_pair(key: str, value: Block, indents: Indents) -> list[str]:
    """The lines of `key: value`, the first at column 0 and the others relative to it."""
    name = quote_key_if_needed(key)
    match value:
        case str():
            head, *rest = _written_text(value, indents)
            return [f"{name}: {head}", *rest]
        case []:
            return [f"{name}: []"]
        case list():
            return [f"{name}:", *_indented(written_items(value, indents), indents.dash)]
        case {}:
            if not value:
                return [f"{name}: {{}}"]
            return [f"{name}:", *_indented(written_pairs(value, indents), indents.step)]


def written_pairs(value: dict[str, Block], indents: Indents) -> list[str]:
    """The lines of a block mapping."""
    return [line for key, below in value.items() for line in written_pair(key, below, indents)]


def written_items(values: list[Block], indents: Indents) -> list[str]:
    """The lines of a block sequence."""
    return [line for value in values for line in written_item(value, indents)]


def written_item(value: Block, indents: Indents) -> list[str]:
    """The lines of one `- item`."""
    match value:
        case str():
            head, *rest = _written_text(value, indents)
            return [f"- {head}", *rest]
        case list() if value:
            head, *rest = written_items(value, indents)
        case dict() if value:
            head, *rest = written_pairs(value, indents)
        case _:
            return ["- []" if isinstance(value, list) else "- {}"]
    return [f"- {head}", *_indented(rest, 2)]


def written_flow(value: Block) -> str:
    """`value` on one line, as it stands between brackets or braces."""
    match value:
        case Verbatim():
            return str(value)
        case Quoted():
            return double_quoted(value)
        case str():
            return quote_if_needed(value, flow=True)
        case list():
            return f"[{', '.join(map(written_flow, value))}]"
        case dict():
            pairs = (f"{quote_key_if_needed(k)}: {written_flow(v)}" for k, v in value.items())
            return f"{{{', '.join(pairs)}}}"


def written_literal(text: str, indent: str) -> list[str] | None:
    """The header and lines of a literal block; None where `text` cannot be written as one.

    Nor where it ends in blank lines: it would keep those that follow it in the file as its own.
    """
    if _needs_escapes(text) or text[:1] in {"", " ", "\n"} or text.endswith("\n\n"):
        return None
    chomp = "" if text.endswith("\n") else "-"
    lines = text.removesuffix("\n").split("\n")
    return [f"|{chomp}", *(f"{indent}{line}" if line else "" for line in lines)]


def _written_text(text: str, indents: Indents) -> list[str]:
    if isinstance(text, Verbatim):
        return str(text).split("\n")
    if isinstance(text, Quoted):
        return [double_quoted(text)]
    if "\n" in text and (lines := written_literal(text, " " * indents.step)):
        return lines
    return [quote_if_needed(text)]


def _indented(lines: list[str], columns: int) -> Iterator[str]:
    return (f"{' ' * columns}{line}" if line else "" for line in lines)


def _needs_escapes(text: str) -> bool:
    return readable(text) != text or any(mark in text for mark in "\r\x85\u2028\u2029\ufeff")


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


@lru_cache(1024)
def _reads_plain(text: str, *, flow: bool) -> bool:
    """Whether `text` may stand without quotes, as a value and as an item."""
    if _SURELY_TEXT.fullmatch(text):
        return True
    if _NUMBER_ELSEWHERE.fullmatch(text):
        return False
    if _needs_escapes(text) or "\n" in text or read_plain(text) != text:
        return False
    places = ("[{}, 1]\n", "{{k: {}, l: 1}}\n") if flow else ("- {}\n", "k: {}\n")
    return all(_only_scalar(place.format(text)) == text for place in places)


def _only_scalar(yaml: str) -> str | None:
    """The first plain scalar of a collection's value; None where there is no such thing."""
    try:
        root = build(yaml).root
    except StreamError:
        return None
    node: Node | None = None
    match root:
        case Sequence(items=(first, *_)):
            node = first
        case Mapping(pairs=(pair, *_)):
            node = pair.key if yaml.endswith(": 1\n") and not root.flow else pair.value
        case _:
            return None
    if isinstance(node, Scalar) and node.style is Style.PLAIN and not (node.tag or node.anchor):
        return node.text
    return None
