"""Files and pages that a pipeline names, to be opened with a click."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.features.definition import included_paths
from uvci.features.entries import ROOT_KEYS
from uvci.features.naming.scan import scan
from uvci.features.naming.symbols import SymbolKind
from uvci.features.naming.texts import TypedText
from uvci.features.view import View
from uvci.syntax.paths import key_text
from uvci.syntax.tree import Mapping, Node, Scalar, Sequence
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_USER = lazy_re(r"(?<=://)[^/@\s]*@")
"""Credentials in an address, which editors show and browsers keep."""


class FileLink(Struct, frozen=True):
    """A link; either `path`, a file of the repository, or `url` is set."""

    span: Span
    path: str = ""
    url: str = ""


def links(view: View) -> tuple[FileLink, ...]:
    """Included files and addresses, and files that decide a cache key, where they exist."""
    return tuple(sorted((*_included(view), *_key_files(view)), key=lambda link: link.span))


def _included(view: View) -> Iterator[FileLink]:
    for each in scan(view.path, view.document):
        if each.symbol.kind is not SymbolKind.FILE:
            continue
        if each.symbol.name.startswith(("https://", "http://")):
            yield FileLink(each.span, url=_USER.sub("", each.symbol.name))
            continue
        paths = included_paths(view, each.symbol.name)
        if len(paths) == 1:
            yield FileLink(each.span, path=paths[0])


def _key_files(view: View) -> Iterator[FileLink]:
    root = view.document.mapping
    for pair in root.pairs if root else ():
        name = key_text(pair.key)
        caches = pair.value if name == "cache" else _get(pair.value, "cache")
        if name in ROOT_KEYS and name not in ("cache", "default"):
            continue
        for cache in caches.items if isinstance(caches, Sequence) else (caches,):
            yield from _files_of(view, _get(_get(cache, "key"), "files"))


def _files_of(view: View, files: Node | None) -> Iterator[FileLink]:
    for item in files.items if isinstance(files, Sequence) else ():
        if isinstance(item, Scalar) and "$" not in item.text:
            path = item.text.removeprefix("./")
            if path and view.files.exists(path):
                yield FileLink(TypedText(view.document.text, item).whole, path=path)


def _get(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None
