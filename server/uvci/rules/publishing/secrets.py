"""Which of uv's settings are secrets, and texts without the secrets in them."""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from uvci.catalog.tokens import MASK, find_maskable, is_placeholder, is_written_out, masked, without
from uvci.catalog.variables import find_variable
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.pipeline.shell.uv_commands import find_uv_commands
from uvci.rules.rule import Finding
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
    r"(?:UV|PYX)_\w*(?:TOKEN|PASSWORD|KEY)|--(?:token|password)|\bpublish\b[^#]*[ \t]-[tp]"
    r"|gl[a-z]+-|pypi-|gh[a-z]_|github_pat_|hf_|://[^/\s]*@"
)
_HINTS = (
    *("TOKEN", "PASSWORD", "_KEY", "--token", "--password", "publish", "://"),
    *("gl", "pypi-", "gh", "hf_"),
)
"""One of these is in every text that the pattern fits."""
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
    text, spans = document.text, secret_spans(document, known)
    words = any_of({span.of(text) for span in spans}.union(others))
    if words is not None:
        spans += [Span(*match.span()) for match in words.finditer(text)]
    letters = list(text) if spans else []
    for span in spans:
        letters[span.start : span.end] = _BLACK.sub("*", span.of(text))
    return "".join(letters) if spans else text


def secret_spans(document: Document, known: Iterable[Span] = ()) -> list[Span]:
    """Where secrets stand in a document, and what may be one."""
    spans, text = list(known), document.text
    if not may_hold_secret(text):
        return spans
    spans += find_maskable(text)
    for root in (document.header, document.root):
        if root is not None:
            spans += [source_map(text, node).span(span) for node, span in _in_tree(root)]
    return spans


def discreet_script(script: str) -> str:
    """A script, or a line of one, without the secrets in it."""
    inside = _in_script(script) if _IN_SCRIPT.search(script) else ()
    return without(script, [*find_maskable(script), *inside])


def secret_words(document: Document) -> Iterator[str]:
    """The secrets in a document, and what may be one, as they read there."""
    if not may_hold_secret(document.text):
        return
    for root in (document.header, document.root):
        if root is None:
            continue
        yield from (span.of(scalar.text) for scalar, span in _in_tree(root))
        for node in walk(root):
            if isinstance(node, Scalar):
                yield from (span.of(node.text) for span in find_maskable(node.text))


def may_hold_secret(text: str) -> bool:
    """A cheap first look at the text of a file."""
    return any(hint in text for hint in _HINTS) and _MAY_HOLD_SECRET.search(text) is not None


def _in_tree(root: Node) -> Iterator[tuple[Scalar, Span]]:
    """The scalars that hold secrets, and where in what they read."""
    for node in walk(root):
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
