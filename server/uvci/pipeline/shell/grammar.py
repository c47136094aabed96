"""Shell text to syntax tree, on broken text too, with offsets of the script as typed."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

from msgspec import Struct

from uvci.text.patterns import lazy_re
from uvci.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node

# What a tolerant reader looks at to see which quotes and brackets stay open. Groups: a piece
# without meaning here, an opening `$(`, a quote, a closing bracket.
_TOKENS = lazy_re(
    r"(\\.|'[^']*'|(?<![^\s;&|(])\#[^\n]*)|(\$\()|([\"'])|(\))|[^\\'\"$)#\s]+|.", re.DOTALL
)
_MOST_ENDS = 8  # each costs one look at the text; nobody types with more strings open
_IN_DOUBLE = lazy_re(r"(\\.)|(\$\()|(\")|[^\\\"$]+|.", re.DOTALL)

_FOREIGN = lazy_re(r"[^\x00-\x7f]")


class Text(Struct, frozen=True):
    """A text cut out of a script: character `i` stands at `places[i]` there.

    `places` has one entry more than the text has characters; None: the text is the script.
    """

    text: str
    places: Sequence[int] | None = None

    def place(self, offset: int) -> int:
        """Where the character at `offset` stands in the script."""
        return offset if self.places is None else self.places[offset]


class Source:
    """A parsed text: its tree, and what each node covers."""

    def __init__(self, script: str, text: Text) -> None:
        self.script = script
        closed = text.text
        root = _parser()(_safe(closed))
        if root.has_error and (closers := _open_ends(closed)):
            text = _with_closers(text, closers)
            root = _parser()(_safe(text.text))
        self.text = text
        self.root = root
        self._offsets = None if text.text.isascii() else _code_points(text.text)

    def bounds(self, node: "Node") -> tuple[int, int]:
        """Start and end of a node in `text`, blanks that the grammar counts in left out."""
        start, end = node.start_byte, node.end_byte
        if self._offsets is not None:
            start, end = self._offsets[start], self._offsets[end]
        text = self.text.text
        while start < end and text[start] in " \t":
            start += 1
        return start, end

    def span(self, start: int, end: int) -> Span:
        """The span in the script of `text[start:end]`."""
        first = self.text.place(start)
        return Span(first, max(first, self.text.place(end)))


def flat_list(node: "Node") -> "list[tuple[str, Node]]":
    """The commands of `a && b || c`, each with the operator before it; the tree leans left."""
    items: list[tuple[str, Node]] = []
    while node.type == "list":
        children = [child for child in node.children if child.type != "comment"]
        operator = ""
        rest: list[tuple[str, Node]] = []
        for child in children[1:]:
            if child.type in ("&&", "||"):
                operator = child.type
            elif child.is_named:
                rest.append((operator, child))
        items += reversed(rest)
        node = children[0]
    items.append(("", node))
    return items[::-1]


@cache
def _parser() -> "Callable[[bytes], Node]":
    # Imported at first use: most runs of the checker never see a shell command worth parsing.
    import tree_sitter  # noqa: PLC0415  see above

    parser = tree_sitter.Parser(tree_sitter.Language(_bash()))
    return lambda data: parser.parse(data).root_node


def _bash() -> object:
    """The grammar, without the Python around it.

    Its package reads in `importlib.resources`, for a file that nobody asks for here; that takes as
    long as a dozen scripts. Where its binding is not found on its own, the package is asked.
    """
    package = PathFinder.find_spec("tree_sitter_bash")
    places = package.submodule_search_locations if package else None
    binding = PathFinder.find_spec("tree_sitter_bash._binding", places) if places else None
    if binding is None or binding.loader is None:
        return import_module("tree_sitter_bash").language()
    module = module_from_spec(binding)
    binding.loader.exec_module(module)
    return module.language()


def _safe(text: str) -> bytes:
    """The text as the grammar is given it.

    The grammar asks C's `isalnum`, which looks up any code point in a table of 256 and may crash
    on others; to a shell, all that is not ASCII is the same: a letter of a word.
    """
    return _FOREIGN.sub("é", text).encode()


def _code_points(text: str) -> list[int]:
    """For each byte of the text as `_safe` gives it, and for its end, the code point it is of."""
    offsets: list[int] = []
    for index, char in enumerate(text):
        offsets.extend([index] * (1 if char.isascii() else 2))
    offsets.append(len(text))
    return offsets


def _open_ends(text: str) -> list[tuple[int, str]]:
    r"""Where quotes and `$(` that never close end best, with their line, and what closes them.

    >>> _open_ends('uv run "a $(b\nuv sync')
    [(13, ')"')]
    """
    ends: list[tuple[int, str]] = []
    at = 0
    while len(ends) < _MOST_ENDS and (opened := _first_open(text, at)):
        start, stack = opened
        line_end = text.find("\n", start)
        at = len(text) if line_end < 0 else line_end
        ends.append((at, "".join(reversed(stack))))
        if at == len(text):
            break
    return ends


def _first_open(text: str, at: int) -> tuple[int, list[str]] | None:
    stack: list[tuple[int, str]] = []
    while at < len(text):
        in_double = bool(stack) and stack[-1][1] == '"'
        match = (_IN_DOUBLE if in_double else _TOKENS).match(text, at)
        if match is None:
            break
        if match[2]:
            stack.append((at, ")"))
        elif match[3] and in_double:
            stack.pop()
        elif match[3]:
            stack.append((at, match[3]))
            if match[3] == "'":
                break
        elif not in_double and match[4] and stack:
            stack.pop()
        at = match.end()
    if not stack:
        return None
    return stack[0][0], _closers_on_first_line(text, stack)


def _closers_on_first_line(text: str, stack: list[tuple[int, str]]) -> list[str]:
    line_end = text.find("\n", stack[0][0])
    end = len(text) if line_end < 0 else line_end
    return [closer for start, closer in stack if start < end]


def _with_closers(text: Text, closers: Iterable[tuple[int, str]]) -> Text:
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for offset, closer in closers:
        pieces += (text.text[done:offset], closer)
        places += [text.place(i) for i in range(done, offset)]
        places += [text.place(offset)] * len(closer)
        done = offset
    pieces.append(text.text[done:])
    places += [text.place(i) for i in range(done, len(text.text) + 1)]
    return Text("".join(pieces), places)
