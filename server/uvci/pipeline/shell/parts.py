"""The words of one simple command, read off its node in the syntax tree."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from uvci.pipeline.shell.grammar import Source, Text
from uvci.pipeline.shell.model import Assignment, Expansion, Word
from uvci.pipeline.shell.words import UNKNOWN, read_parts, read_pieces, split_assignment

if TYPE_CHECKING:
    from tree_sitter import Node

REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
BRACES = frozenset({"{", "}"})
_NO_WORDS = frozenset({*REDIRECTS, "comment", "subshell", "ERROR"})
_WORDS_BEHIND_HEREDOC = frozenset(
    {"ansi_c_string", "command_substitution", "concatenation", "expansion", "number"}
    | {"raw_string", "simple_expansion", "string", "translated_string", "word"}
)


class Typed(Struct, frozen=True):
    """A word, and where it stands in the text it was read from."""

    word: Word
    start: int
    end: int


class Parts(Struct):
    """What a simple command consists of; `inner` are the nodes that may hold more commands."""

    words: list[Typed] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    inner: "list[Node]" = field(default_factory=list)


def read_command(source: Source, node: "Node", redirects: "Sequence[Node]") -> Parts:
    """The parts of a command; assignments count as words where a declaration lists them."""
    parts = Parts()
    bounds: list[tuple[int, int]] = []
    assigned: list[tuple[int, int]] = []
    for child in node.children:
        if child.type == "variable_assignment" and node.type == "command":
            assigned.append(source.bounds(child))
        elif child.type not in _NO_WORDS:
            bounds.append(source.bounds(child))
        if child.child_count:
            parts.inner.append(child)
    parts.inner += redirects
    for redirect in parts.inner:
        if redirect.type == "file_redirect":
            # The grammar counts words behind a redirection's target as more targets.
            targets = redirect.children_by_field_name("destination")
            bounds += [source.bounds(target) for target in targets[1:]]
    bounds += _words_around_heredocs(source, node, redirects)
    parts.words = _words(source, bounds)
    _complete(assigned, parts.words, source)
    found = (read_assignment(source, *each) for each in assigned)
    parts.assignments = [assignment for assignment in found if assignment]
    return parts


def _complete(assigned: list[tuple[int, int]], words: list[Typed], source: Source) -> None:
    """Give assignments back what the grammar takes for the command: `A=$B:$C/d` ends at `$C`."""
    if not assigned or not words or words[0].start != assigned[-1][1]:
        return
    assigned[-1] = (assigned[-1][0], words.pop(0).end)
    while words and read_assignment(source, words[0].start, words[0].end):
        word = words.pop(0)
        assigned.append((word.start, word.end))


def _words_around_heredocs(
    source: Source, node: "Node", redirects: "Sequence[Node]"
) -> Iterator[tuple[int, int]]:
    """Words that the grammar keeps from the command: a `-` in front of `<<`, any behind it."""
    for redirect in redirects:
        if redirect.type != "heredoc_redirect":
            continue
        end, start = source.bounds(node)[1], source.bounds(redirect)[0]
        between = source.text.text[end:start]
        if between.strip() == "-":
            dash = end + between.index("-")
            yield dash, dash + 1
        for child in redirect.children[2:]:  # behind `<<` and its word
            if child.type in _WORDS_BEHIND_HEREDOC:
                yield source.bounds(child)
            elif child.type != "file_redirect":
                break


def _words(source: Source, bounds: list[tuple[int, int]]) -> list[Typed]:
    """Words from the places of their pieces: pieces without a blank between are one word."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(bounds):
        if merged and merged[-1][1] >= start:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return [Typed(_word(source, start, end), start, end) for start, end in merged]


def _word(source: Source, start: int, end: int) -> Word:
    span = source.span(start, end)
    return Word(span, span.of(source.script), read_parts(source.text.text[start:end]))


def split_at_braces(words: Sequence[Typed]) -> Iterator[list[Typed]]:
    """The words between braces that stand alone, those stretches left out that have none."""
    block: list[Typed] = []
    for item in words:
        if item.word.raw not in BRACES:
            block.append(item)
        elif block:
            yield block
            block = []
    if block:
        yield block


def read_assignment(source: Source, start: int, end: int) -> Assignment | None:
    """The assignment that `text[start:end]` spells, None where it spells none."""
    raw = source.text.text[start:end]
    parsed = split_assignment(raw)
    if parsed is None:
        return None
    name, appends, at = parsed
    value = _word(source, start + at, end)
    known, template = value.value, value.template
    if appends and template is not None:
        known, template = None, f"${{{name}}}{template}"
    if raw.startswith("(", at):
        known = template = None
    return Assignment(name, known, template, source.span(start, end), value.span)


def _still_open(expansion: Expansion) -> str:
    """An expansion as the inner shell sees it: the outer one has run what was a command."""
    return UNKNOWN if expansion.name is None else f"${{{expansion.name}}}"


def unquoted(source: Source, words: Sequence[Typed]) -> Text:
    """The text that the words hold once their quotes are off, with each character's place."""
    text = source.text
    chars: list[str] = []
    places: list[int] = []
    end = text.place(words[0].start)
    for word in words:
        if chars:
            chars.append(" ")
            places.append(end)
        raw = text.text[word.start : word.end]
        for piece in read_pieces(raw):
            part = piece.part
            content = part if isinstance(part, str) else _still_open(part)
            if content:
                chars.append(content)
                stop = word.start + piece.end
                typed = range(word.start + piece.start, word.start + piece.start + len(content))
                places += [text.place(min(at, stop)) for at in typed]
                end = text.place(stop)
    return Text("".join(chars), [*places, end])
