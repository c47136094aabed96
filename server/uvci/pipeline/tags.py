"""Tags that stand for Ruby's own classes, which GitLab's loader refuses (Ruby's Psych, safe_load).

Other tags of one's own (`!foo x`) are passed over: the value counts as if it had none.
"""

import re
from collections.abc import Iterator

from uvci.syntax.tree import Document, Mapping, Node, Scalar, Sequence
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_ANY = lazy_re(r"!(?:ruby/|!?set|!?omap|map:|seq:|str:|<)")
_YAML = "tag:yaml.org,2002:"
_SCALAR = lazy_re(
    r"!(?:str|ruby/string):(?P<name>.+)|!ruby/object:(?P<object>BigDecimal|DateTime|Complex|Rational)"
)
_SEQUENCE = lazy_re(r"!(?:seq|ruby/array):(?P<name>.+)")
_MAPPING = lazy_re(
    r"!(?:map|str|ruby/(?:string|array|hash|hash-with-ivars)):(?P<name>.+)"
    r"|!ruby/(?P<kind>struct|object|exception):?(?P<of>.*)"
)
_FIXED = {"!ruby/regexp": "Regexp", "!ruby/range": "Range"}
_COLLECTIONS = {"set": "Psych::Set", "omap": "Psych::Omap"}


def refused_classes(document: Document) -> Iterator[tuple[str, Span]]:
    """The Ruby class that GitLab will not load, with its place: the first, where it stops."""
    if "!" not in document.text or _ANY.search(document.text) is None:
        return
    for root in (document.header, document.root):
        for node in _nodes(root):
            name = _refused(node)
            if name:
                yield name, node.span
                return


def _nodes(root: Node | None) -> Iterator[Node]:
    stack = [] if root is None else [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Mapping):
            for pair in reversed(node.pairs):
                stack += (pair.value, pair.key)
        elif isinstance(node, Sequence):
            stack += reversed(node.items)


def _refused(node: Node) -> str | None:
    """The class that a node's tag asks for, None where GitLab reads the node."""
    match node:
        case Scalar(tag=str() as tag):
            if tag in ("!ruby/class", "!ruby/module"):
                return node.text
            return _FIXED.get(tag) or _named(_SCALAR, tag)
        case Sequence(tag=str() as tag):
            return _named(_SEQUENCE, tag)
        case Mapping(tag=str() as tag):
            collection = _COLLECTIONS.get(tag.removeprefix(_YAML).removeprefix("!"))
            return collection or _of_mapping(tag)
        case _:
            return None


def _named(pattern: re.Pattern[str], tag: str) -> str | None:
    found = pattern.fullmatch(tag)
    return next((name for name in found.groups() if name), None) if found else None


def _of_mapping(tag: str) -> str | None:
    if tag == "!ruby/range":
        return _FIXED[tag]
    found = _MAPPING.fullmatch(tag)
    if found is None or tag == "!ruby/object:Hash":
        return None
    return found["name"] or found["of"] or found["kind"].capitalize()
