"""Which of uv's settings are secrets, and texts without the secrets in them."""

import re
from collections.abc import Iterable, Iterator

from uvci.catalog.tokens import find_maskable, is_written_out, without
from uvci.catalog.variables import find_variable
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.pipeline.shell.uv_commands import find_uv_commands
from uvci.syntax.sources import source_map
from uvci.syntax.tree import Alias, Document, Mapping, Node, Scalar, walk
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_FLAGS = {
    ("publish",): frozenset({"--token", "-t", "--password", "-p"}),
    ("auth", "login"): frozenset({"--token", "-t", "--password"}),
    ("self", "update"): frozenset({"--token"}),
}
_MAY_HOLD_SECRET = lazy_re(
    r"(?:UV|PYX)_\w*(?:TOKEN|PASSWORD|KEY)|--token|--password|[ \t]-[tp]"
    r"|gl[a-z]+-|pypi-|gh[a-z]_|github_pat_|hf_|://[^/\s]*@"
)
_BLACK = lazy_re(r"\S")
_LONG = 6
"""A secret of so many characters is looked for everywhere; a shorter one may be a word."""

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


def concealed(document: Document, known: Iterable[Span] = (), others: Iterable[str] = ()) -> str:
    """The document's text with a `*` for every character of a secret, `known` ones included.

    `others` are secrets of which nobody knows where they stand. Reports quote lines around what
    they are about, and may be seen by more people than the file.
    """
    text, spans = document.text, secret_spans(document, known)
    words = {span.of(text) for span in spans}.union(others)
    long = sorted((word for word in words if len(word) >= _LONG), key=len, reverse=True)
    if long:
        spans += [Span(*m.span()) for m in re.finditer("|".join(map(re.escape, long)), text)]
    letters = list(text) if spans else []
    for span in spans:
        letters[span.start : span.end] = _BLACK.sub("*", span.of(text))
    return "".join(letters) if spans else text


def secret_spans(document: Document, known: Iterable[Span] = ()) -> list[Span]:
    """Where secrets stand in a document, and what may be one."""
    spans, text = list(known), document.text
    if _MAY_HOLD_SECRET.search(text) is None:
        return spans
    spans += find_maskable(text)
    for root in (document.header, document.root):
        spans += _in_tree(root, text) if root is not None else ()
    return spans


def discreet_script(script: str) -> str:
    """A script, or a line of one, without the secrets in it."""
    inside = _in_script(script) if _IN_SCRIPT.search(script) else ()
    return without(script, [*find_maskable(script), *inside])


def _in_tree(root: Node, text: str) -> Iterator[Span]:
    for node in walk(root):
        if isinstance(node, Mapping):
            for pair in node.pairs:
                if isinstance(pair.key, Scalar) and is_secret_variable(pair.key.text):
                    yield from _in_value(pair.value, text)
        elif isinstance(node, Scalar) and _IN_SCRIPT.search(node.text):
            yield from map(source_map(text, node).span, _in_script(node.text))


def _in_value(value: Node, text: str) -> Iterator[Span]:
    target = value.target if isinstance(value, Alias) and value.target else value
    for node in walk(target):
        if isinstance(node, Scalar) and node.text and is_written_out(node.text):
            yield source_map(text, node).content


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
