"""What stands above an entry: who uses it, who shares its cache."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.features.caching import shared_by
from uvci.features.entries import ROOT_KEYS
from uvci.features.naming.index import occurrences
from uvci.features.naming.symbols import Role, SymbolKind
from uvci.features.view import Place, View
from uvci.pipeline.model import Job
from uvci.text.span import Span

_NAMED = 3


class CodeLens(Struct, frozen=True):
    """A line above what begins at `span`; `places` are what it speaks of."""

    span: Span
    title: str
    places: tuple[Place, ...]


def code_lenses(view: View) -> tuple[CodeLens, ...]:
    """The lenses of the view's file, by place."""
    found = {(lens.span, lens.title): lens for lens in (*_users(view), *_caches(view))}
    return tuple(sorted(found.values(), key=lambda lens: (lens.span, lens.title)))


def _users(view: View) -> Iterator[CodeLens]:
    direct = _direct_users(view)
    visible = {job.name: job for job in view.pipeline.jobs}
    for job in _all(view):
        if job.name_origin.path != view.path:
            continue
        names = _all_users(job.name, direct) if job.hidden else direct.get(job.name, set())
        if names & ROOT_KEYS:
            continue  # what `default` takes, every job may have
        users = [each for name, each in visible.items() if name in names and each is not job]
        if users or job.hidden:
            count = f"{len(users)} job{'s' if len(users) > 1 else ''}" if users else "no job"
            yield CodeLens(job.name_origin.span, f"used by {count}", _places(users))


def _direct_users(view: View) -> dict[str, set[str]]:
    """For each entry the root keys under which it is named, or an anchor of it is used."""
    found: dict[str, set[str]] = {}
    every = occurrences(view)
    homes = {
        each.symbol: each.entry
        for each in every
        if each.symbol.kind is SymbolKind.ANCHOR and each.role is Role.DEFINITION
    }
    for each in every:
        if each.role is Role.USE:
            is_entry = each.symbol.kind is SymbolKind.ENTRY
            name = each.symbol.name if is_entry else homes.get(each.symbol)
            if name:
                found.setdefault(name, set()).add(each.entry)
    return found


def _all_users(name: str, direct: dict[str, set[str]]) -> set[str]:
    """Who uses an entry, directly or through other templates."""
    users: set[str] = set()
    waiting = [name]
    while waiting:
        new = direct.get(waiting.pop(), set()) - users
        users |= new
        waiting += [one for one in new if one.startswith(".")]
    return users


def _caches(view: View) -> Iterator[CodeLens]:
    for job in _all(view):
        for cache in job.caches:
            origin = cache.value.origin
            if origin.path != view.path:
                continue
            names = shared_by(view, job, cache)
            others = [name for name in names if name != job.name] if not origin.chain else names
            if len(names) < 2 or not others:
                continue
            shown = ", ".join(others[:_NAMED])
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            jobs = [each for each in view.pipeline.jobs if each.name in names]
            span = origin.key or origin.span
            yield CodeLens(span, f"cache shared with {shown}{more}", _places(jobs))


def _all(view: View) -> tuple[Job, ...]:
    return (*view.pipeline.jobs, *view.pipeline.hidden)


def _places(jobs: list[Job]) -> tuple[Place, ...]:
    return tuple(Place(job.name_origin.path, job.name_origin.span) for job in jobs)
