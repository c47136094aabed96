"""Which of uv's settings are secrets, and texts without the secrets in them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from uvci.catalog.tokens import (
    MASK,
    TOKEN_PREFIXES,
    find_maskable,
    is_placeholder,
    is_written_out,
    masked,
    without,
)
from uvci.catalog.variables import find_variable
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.pipeline.shell.uv_commands import find_uv_commands
from uvci.rules.rule import Finding
from uvci.syntax.sources import source_map
from uvci.syntax.tree import Alias, Document, Mapping, Node, Scalar, Sequence, walk
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_FLAGS = {
    ("publish",): frozenset({"--token", "-t", "--password", "-p"}),
    ("auth", "login"): frozenset({"--token", "-t", "--password"}),
    ("self", "update"): frozenset({"--token"}),
}
_HINTS = (
    *("_TOKEN", "_PASSWORD", "_KEY", "--token", "--password", "publish", "login"),
    *TOKEN_PREFIXES,
)
"""What every scalar that holds a secret holds too, or the name that it stands under."""
_LONGEST_USER = 200
_BLACK = lazy_re(r"\S")
_LONG = 6
"""A secret of so many characters is looked for everywhere; a shorter one may be a word."""

_HELD = ("value", "options")
_IN_SCRIPT = lazy_re(r"\buv|(?:UV|PYX)_\w*(?:TOKEN|PASSWORD|KEY)")


def is_secret_variable(name: str) -> bool:
    """Whether it is a variable of uv's own whose value is a secret by nature."""
    if not name.startswith(("UV_", "PYX_")):
        return False
    variable = find_variable(name)
    return variable is not None and variable.secret


def is_secret_flag(name: str, subcommand: tuple[str, ...]) -> bool:
    """Whether a flag of a uv command takes a secret."""
    return name in _FLAGS.get(subcommand, ())


def any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for those secrets that are long and odd enough to be looked for everywhere."""
    odd = [word for word in words if len(word) >= _LONG and not is_placeholder(word)]
    longest = sorted(odd, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))) if longest else None


def quieted(finding: Finding, words: re.Pattern[str] | None) -> Finding:
    """The finding without secrets in what it says; `words` are those that are known."""
    message = _quiet(finding.message, words)
    related = tuple(
        replace(one, message=_quiet(one.message, words)) if one.message else one
        for one in finding.related
    )
    if message == finding.message and related == finding.related:
        return finding
    return replace(finding, message=message, related=related)


def _quiet(text: str, words: re.Pattern[str] | None) -> str:
    shown = masked(text)
    return words.sub(MASK, shown) if words else shown


def concealed(document: Document, known: Iterable[Span] = (), others: Iterable[str] = ()) -> str:
    """The document's text with a `*` for every character of a secret, `known` ones included.

    `others` are secrets of which nobody knows where they stand. Reports quote lines around what
    they are about, and may be seen by more people than the file.
    """
    text, known = document.text, tuple(known)
    spans = secret_spans(document, known)
    words = any_of({*secret_words(document), *(span.of(text) for span in known), *others})
    if words is not None:
        spans += [Span(*match.span()) for match in words.finditer(text)]
    letters = list(text) if spans else []
    for span in spans:
        letters[span.start : span.end] = _BLACK.sub("*", span.of(text))
    return "".join(letters) if spans else text


def secret_spans(document: Document, known: Iterable[Span] = ()) -> list[Span]:
    """Where secrets stand in a document, and what may be one."""
    text = document.text
    inside = (source_map(text, node).span(span) for node, span in _in_tree(_hinted(document)))
    return [*known, *find_maskable(text), *inside]


def discreet_script(script: str) -> str:
    """A script, or a line of one, without the secrets in it."""
    inside = _in_script(script) if _IN_SCRIPT.search(script) else ()
    return without(script, [*find_maskable(script), *inside])


def secret_words(document: Document) -> Iterator[str]:
    """The secrets in a document, and what may be one, as they read there."""
    nodes = _hinted(document)
    yield from (span.of(scalar.text) for scalar, span in _in_tree(nodes))
    for node in nodes:
        if isinstance(node, Scalar):
            words = (span.of(node.text) for span in find_maskable(node.text))
            yield from filter(_is_odd, words)


def _is_odd(word: str) -> bool:
    """Whether a password is no name that stands elsewhere too, as `postgres` does."""
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _hinted(document: Document) -> list[Node]:
    """The parts of a document, each before those in it, that something hints at."""
    hints = _hints(document.text)
    found: list[Node] = []
    left = [root for root in (document.root, document.header) if root is not None]
    while hints and left:
        node = left.pop()
        at = bisect_left(hints, node.span.start)
        if at == len(hints) or hints[at] > node.span.end:
            continue
        found.append(node)
        if isinstance(node, Mapping):
            left += [part for pair in node.pairs for part in (pair.key, pair.value)]
        elif isinstance(node, Sequence):
            left += node.items
    return found


def _hints(text: str) -> list[int]:
    """Where something in a text hints at a secret; searches for words cost a tenth of a pattern."""
    found = [at for word in _HINTS for at in _places(word, text)]
    addresses = (at for at in _places("@", text) if "://" in text[max(at - _LONGEST_USER, 0) : at])
    return sorted([*found, *addresses])


def _places(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _in_tree(nodes: list[Node]) -> Iterator[tuple[Scalar, Span]]:
    """The scalars that hold secrets, and where in what they read."""
    for node in nodes:
        if isinstance(node, Mapping):
            for pair in node.pairs:
                if isinstance(pair.key, Scalar) and is_secret_variable(pair.key.text):
                    yield from _in_value(pair.value)
        elif isinstance(node, Scalar) and _IN_SCRIPT.search(node.text):
            yield from ((node, span) for span in _in_script(node.text))


def _in_value(value: Node) -> Iterator[tuple[Scalar, Span]]:
    """What a variable holds, which may also be written as `value` beside a `description`."""
    target = value.target if isinstance(value, Alias) and value.target else value
    if isinstance(target, Mapping):
        held = [pair.value for key in _HELD if (pair := target.pair(key)) is not None]
    else:
        held = [target]
    for node in (node for one in held for node in walk(one)):
        if isinstance(node, Scalar) and node.text and is_written_out(node.text):
            yield node, Span(0, len(node.text))


def _in_script(script: str) -> Iterator[Span]:
    for command in find_uv_commands(script):
        for flag in command.all_flags:
            if flag.value_span and is_secret_flag(flag.name, command.subcommand):
                yield from _unless_variable(script, flag.value_span)
    for name, span in _assigned(script):
        if is_secret_variable(name):
            yield from _unless_variable(script, span)


def _assigned(script: str) -> Iterator[tuple[str, Span]]:
    for export in find_exports(script):
        if export.value_span:
            yield export.name, export.value_span
    for command in find_commands(script):
        yield from ((one.name, one.value_span) for one in command.assignments)


def _unless_variable(script: str, span: Span) -> Iterator[Span]:
    if is_written_out(span.of(script)):
        yield span
