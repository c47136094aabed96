"""Pieces of a document that can be parsed apart, and the memory of those already parsed.

A pipeline is a mapping whose keys stand at column 0. A run of lines that begins at such a key and
parses alone, as a mapping at column 0, leaves libyaml where the next key of the root mapping is
expected; so a text whose sections all do that means the same as its sections put together.
"""

from functools import lru_cache, partial
from typing import TypeAlias

from msgspec import Struct, field

from uvci.syntax.build import build, readable, unreadable
from uvci.syntax.events import StreamError
from uvci.syntax.repair import NO_COLON_HERE, broken_nodes, mend
from uvci.syntax.tree import Alias, Broken, Mapping, Node, Scalar, Sequence, Style, SyntaxProblem
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

# A line at column 0 that looks like `key:`. What can also be the rest of something that began on a
# line before (`- item`, `]`, a comment) never begins a section; missing a key is harmless. `mark`:
# what may end a YAML document there; a text that holds such a line is parsed as a whole.
_KEY_LINE = lazy_re(
    r"\n(?![ \t\r\n#])(?:(?=[^\s#\-\[\]{},?:%&!*|>@`~=+<.][^:\n]*:(?:[ \t\r\n\x85\u2028\u2029]|\Z))"
    r"|(?=\.[^:\n.][^:\n]*:(?:[ \t\r\n\x85\u2028\u2029]|\Z))"
    r"|(?=<<[ \t]*:[ \t])"
    r"|(?P<mark>---|\.\.\.|%))"
)
_UNFINISHED = {
    "while scanning a simple key",
    "while scanning a quoted scalar",
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while parsing a flow node",
}
Words: TypeAlias = tuple[str, str, int]
"""What libyaml says: the problem, what was being read, and where that began."""

_NO_WORDS: Words = ("", "", 0)
_LONG = 1 << 15
_REMEMBERED = 4096


class Parsed(Struct, frozen=True, eq=False):
    """One section; spans count from its own start.

    `error` tells where it stops being YAML; `open_end` that this is at its end, so that more text
    might complete it. `holds_pairs` tells that it is pairs of a mapping at column 0, or nothing.
    `notable`: there is more to say of it than what its nodes are. `placed` remembers the last place
    it was put at.
    """

    root: Node | None
    anchors: tuple[tuple[str, Node], ...] = ()
    loose: tuple[Alias, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    broken: tuple[Broken, ...] = ()
    error: StreamError | None = None
    open_end: bool = False
    holds_pairs: bool = False
    notable: bool = False
    placed: list[object] = field(default_factory=list)


def key_lines(text: str, piece: Span) -> list[int]:
    """Where the sections of `piece` may begin; the first is its start."""
    starts = [piece.start]
    if text.startswith(("---", "...", "%"), piece.start):
        return starts
    for found in _KEY_LINE.finditer(text, piece.start, piece.end):
        if found.lastindex:
            return [piece.start]
        starts.append(found.end())
    return starts


def read_section(text: str) -> Parsed:
    """`text` as one section, not repaired: what it holds, or why it does not parse."""
    return _read_cached(text) if len(text) < _LONG else _read(text)


def mend_section(text: str, *, as_pairs: bool, told: StreamError | None = None) -> Parsed:
    """`text` as one section, repaired; where told so, into pairs of a mapping at column 0.

    `told` is what libyaml says where the text goes on, if that is something else.
    """
    words = (told.problem, told.context, told.context_index) if told else _NO_WORDS
    if len(text) < _LONG:
        return _mend_cached(text, words, as_pairs=as_pairs)
    return _mend(text, words, as_pairs=as_pairs)


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
        notable=bool(problems or built.anchors or built.loose),
    )


def _mend(text: str, words: Words, *, as_pairs: bool) -> Parsed:
    clean = readable(text)
    mended = mend(clean, partial(holds_pairs, clean) if as_pairs else _holds_anything)
    built = mended.built
    problem = unreadable(text) or _first_problem(text, words, as_pairs=as_pairs)
    problems = (problem, *built.problems) if problem else built.problems
    return Parsed(
        built.root,
        built.anchors,
        built.loose,
        problems,
        mended.broken,
        holds_pairs=as_pairs,
        notable=True,
    )


def _first_problem(text: str, words: Words, *, as_pairs: bool) -> SyntaxProblem | None:
    parsed = read_section(text)
    if (error := parsed.error) is not None:
        own = (error.problem, error.context, error.context_index)
        problem, context, began = words if words[0] else own
        return SyntaxProblem(problem, _place(text, error), context, began)
    if as_pairs and parsed.root is not None and not parsed.holds_pairs:
        return _stray_problem(text, parsed.root)
    return None


def _stray_problem(text: str, root: Node) -> SyntaxProblem:
    """What is wrong with a text before the first key, depending on how it goes on from there.

    GitLab reads one YAML document and never looks behind it. An indented mapping before the first
    key is such a document: GitLab would take it for all there is, so libyaml's words are given.
    """
    is_behind_comment = bool(text[root.span.end :].strip())
    match root:
        case Scalar(style=Style.PLAIN) if not is_behind_comment:
            return SyntaxProblem(NO_COLON_HERE, root.span)
        case Sequence(flow=False) if text[root.span.start - 1 : root.span.start] in {"", "\n"}:
            message = "did not find expected '-' indicator"
            return SyntaxProblem(message, root.span, "while parsing a block collection")
        case Mapping(flow=False):
            return SyntaxProblem("did not find expected <document start>", root.span)
        case _:
            return SyntaxProblem("Invalid configuration format", root.span)


def _place(text: str, error: StreamError) -> Span:
    """Where to look: where the thing began that was never finished, else where reading stopped."""
    if error.context in _UNFINISHED and error.context_index < error.index:
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
