"""Pieces of a document that can be parsed apart, and the memory of those already parsed.

A pipeline is a mapping whose keys stand at column 0. A run of lines that begins at such a key and
parses alone, as a mapping at column 0, leaves libyaml where the next key of the root mapping is
expected; so a text whose sections all do that means the same as its sections put together.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache, partial

from uvci.syntax.build import build, readable, unreadable
from uvci.syntax.events import StreamError
from uvci.syntax.repair import OPENED_BEFORE, broken_nodes, mend
from uvci.syntax.tree import Alias, Broken, Mapping, Node, SyntaxProblem
from uvci.text.span import Span

# A line at column 0 that looks like `key:`. What can also be the rest of something that began on a
# line before (`- item`, `]`, a comment) never begins a section; missing a key is harmless.
_KEY_LINE = re.compile(
    r"\n(?=[^\s#\-\[\]{},?:%&!*|>@`~=+<][^:\n]*:(?:[ \t\r\n\x85\u2028\u2029]|\Z)|<<[ \t]*:[ \t])"
)
_LONG = 1 << 15
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """One section; spans count from its own start.

    `error` tells where it stops being YAML; `open_end` that this is at its end, so that more text
    might complete it. `holds_pairs` tells that it is pairs of a mapping at column 0, or nothing.
    `placed` remembers the last place it was put at.
    """

    root: Node | None
    anchors: tuple[tuple[str, Node], ...] = ()
    loose: tuple[Alias, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    broken: tuple[Broken, ...] = ()
    error: StreamError | None = None
    open_end: bool = False
    holds_pairs: bool = False
    placed: list[object] = field(default_factory=list)


def key_lines(text: str, piece: Span) -> list[int]:
    """Where the sections of `piece` may begin; the first is its start."""
    if "\n---" in text or "\n..." in text:
        body = piece.of(text)
        if "\n---" in body or "\n..." in body:
            return [piece.start]
    starts = [found.end() for found in _KEY_LINE.finditer(text, piece.start, piece.end)]
    return [piece.start, *starts]


def read_section(text: str) -> Parsed:
    """`text` as one section, not repaired: what it holds, or why it does not parse."""
    return _read_cached(text) if len(text) < _LONG else _read(text)


def mend_section(text: str, *, as_pairs: bool) -> Parsed:
    """`text` as one section, repaired; where told so, into pairs of a mapping at column 0."""
    return _mend_cached(text, as_pairs) if len(text) < _LONG else _mend(text, as_pairs)


def _read(text: str) -> Parsed:
    clean = readable(text)
    control = unreadable(text) if clean != text else None
    try:
        built = build(clean)
    except StreamError as error:
        return Parsed(None, error=error, open_end=error.index >= len(clean.rstrip()))
    problems = (control, *built.problems) if control else built.problems
    broken = broken_nodes(built.root) if problems else ()
    return Parsed(
        built.root,
        built.anchors,
        built.loose,
        problems,
        broken,
        holds_pairs=holds_pairs(clean, built.root),
    )


def _mend(text: str, as_pairs: bool) -> Parsed:  # noqa: FBT001  lru_cache keeps it apart
    clean = readable(text)
    mended = mend(clean, partial(holds_pairs, clean) if as_pairs else _holds_anything)
    built = mended.built
    problem = unreadable(text) or _first_problem(text, as_pairs=as_pairs)
    problems = (problem, *built.problems) if problem else built.problems
    return Parsed(
        built.root, built.anchors, built.loose, problems, mended.broken, holds_pairs=as_pairs
    )


def _first_problem(text: str, *, as_pairs: bool) -> SyntaxProblem | None:
    parsed = read_section(text)
    if (error := parsed.error) is not None:
        return SyntaxProblem(error.problem, _place(text, error), error.context)
    if as_pairs and parsed.root is not None and not parsed.holds_pairs:
        return SyntaxProblem(
            "could not find expected ':'", parsed.root.span, "while scanning a simple key"
        )
    return None


def _place(text: str, error: StreamError) -> Span:
    """Where to look: where the thing began that was never finished, else where reading stopped."""
    if error.context.startswith(OPENED_BEFORE) and error.context_index < error.index:
        start = error.context_index
        line = text[start : error.index].splitlines()[0].rstrip()
        return Span(start, start + max(len(line), 1))
    start = min(error.index, len(text))
    return Span(start, min(start + 1, len(text)))


def holds_pairs(text: str, root: Node | None) -> bool:
    """Whether `root` is nothing, or a bare block mapping at column 0."""
    if root is None:
        return True
    if not isinstance(root, Mapping) or root.flow or root.tag or root.anchor:
        return False
    line = text.rfind("\n", 0, root.span.start) + 1
    return text[line : line + 1] not in {" ", "\t"}


def _holds_anything(root: Node | None) -> bool:
    return root is None or root.span.start >= 0


_read_cached = lru_cache(_REMEMBERED)(_read)
_mend_cached = lru_cache(_REMEMBERED)(_mend)
