"""Where a name at a cursor is defined."""

from collections.abc import Iterator

from uvci.features.context import document_of
from uvci.features.naming.index import occurrence_at, occurrences
from uvci.features.naming.symbols import Occurrence, Role, Symbol, SymbolKind
from uvci.features.view import Place, View
from uvci.pipeline.globs import include_pattern, is_bounded
from uvci.pipeline.values import Origin
from uvci.text.span import Span


def definitions(view: View, offset: int) -> tuple[Place, ...]:
    """The places that define the name at `offset`, those that count first; empty where none does.

    A variable leads to the settings that its job sees, then to those they win over.
    """
    at = occurrence_at(view, offset)
    return tuple(dict.fromkeys(definitions_of(view, at))) if at else ()


def definitions_of(view: View, at: Occurrence) -> Iterator[Place]:
    """The same for a known name."""
    match at.symbol.kind:
        case SymbolKind.FILE:
            yield from included_files(view, at.symbol.name)
        case SymbolKind.KEYWORD:
            yield from _keyword(view, at.symbol)
        case SymbolKind.VARIABLE:
            yield from _variable(view, at)
        case _:
            yield from _defined(view, at)


def included_files(view: View, pattern: str) -> Iterator[Place]:
    """The beginnings of the local files that an `include` names."""
    for path in included_paths(view, pattern):
        yield Place(path, Span(0, 0))


def included_paths(view: View, pattern: str) -> tuple[str, ...]:
    """The files of the repository that an `include` names; none while variables are in it."""
    wanted = pattern.lstrip("/")
    if "$" in wanted or "://" in wanted or not is_bounded(wanted):
        return ()
    if "*" not in wanted:
        return (wanted,) if wanted and view.files.exists(wanted) else ()
    match = include_pattern(wanted).fullmatch
    return tuple(path for path in view.files.paths() if match(path))


def _defined(view: View, at: Occurrence) -> Iterator[Place]:
    for each in occurrences(view):
        if each.symbol == at.symbol and each.role is Role.DEFINITION:
            yield Place(each.path, each.span)


def _keyword(view: View, symbol: Symbol) -> Iterator[Place]:
    """The key that a step of a `!reference` leads to, which its job may have from elsewhere."""
    value = view.pipeline.merged.get(*symbol.keys)
    if value is not None:
        yield from _key_of(view, value.origin)


def _variable(view: View, at: Occurrence) -> Iterator[Place]:
    if at.role is Role.DEFINITION:
        yield Place(at.path, at.span)
        return
    job = view.pipeline.job(at.entry)
    name = at.symbol.name
    seen = [one.variables[name] for one in job.variants if name in one.variables] if job else []
    if not seen and (root := view.pipeline.root_variables.get(name)):
        seen = [root]
    keys = [
        origin
        for variable in seen
        if variable.origin is not None
        for origin in (variable.origin, *variable.origin.shadows)
        if origin.key is not None
    ]
    for origin in keys:
        yield from _key_of(view, origin)
    defined = [
        each
        for each in occurrences(view)
        if each.symbol == at.symbol and each.role is Role.DEFINITION
    ]
    # What the job's own matrix or scripts set.
    own = [each for each in defined if each.entry == at.entry and each.path == at.path]
    found = own or ([] if keys else defined)
    yield from (Place(each.path, each.span) for each in found)


def _key_of(view: View, origin: Origin) -> Iterator[Place]:
    if document_of(view, origin.path) is not None:
        yield Place(origin.path, origin.key or origin.span)
