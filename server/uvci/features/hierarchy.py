"""Who uses what, step by step: jobs and templates each other, and jobs their caches."""

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from uvci.features.caching import shared_by, texts_in
from uvci.features.discretion import discretion
from uvci.features.naming.index import occurrence_at, occurrences
from uvci.features.naming.symbols import Role, SymbolKind
from uvci.features.view import Place, View
from uvci.pipeline.model import CacheUse, Job, KeyKind
from uvci.syntax.paths import locate


class MemberKind(Enum):
    """What takes part."""

    JOB = "job"
    TEMPLATE = "template"
    CACHE = "cache"


class Member(Struct, frozen=True):
    """A job, a template or a cache.

    `name` is what is shown. `job` is the job it is, or one whose cache it is: its `index`th.
    `place` is where it is named.
    """

    kind: MemberKind
    name: str
    job: str
    place: Place
    index: int = 0


class Relation(Struct, frozen=True):
    """Another member, and where it is said that one uses the other."""

    other: Member
    places: tuple[Place, ...]


def member_at(view: View, offset: int) -> Member | None:
    """The job or template whose name, or the cache which, is at `offset`."""
    at = occurrence_at(view, offset)
    if at is not None:
        return member(view, at.symbol.name) if at.symbol.kind is SymbolKind.ENTRY else None
    found = locate(view.document.root, offset)
    if found is None or "cache" not in found.path:
        return None
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        for index, cache in enumerate(job.caches):
            origin = cache.value.origin
            here = origin.span.covers(found.node.span) or origin.key == found.node.span
            if origin.path == view.path and here:
                return _cache(view, job, index)
    return None


def member(view: View, name: str, index: int | None = None) -> Member | None:
    """The job or template of that name, or with an index one of its caches."""
    job = view.pipeline.job(name)
    if job is None:
        return None
    if index is not None:
        return _cache(view, job, index) if index < len(job.caches) else None
    kind = MemberKind.TEMPLATE if job.hidden else MemberKind.JOB
    return Member(kind, name, name, Place(job.name_origin.path, job.name_origin.span))


def users_of(view: View, used: Member) -> tuple[Relation, ...]:
    """Who uses a member: extends, needs or refers to it, or shares the cache."""
    if used.kind is MemberKind.CACHE:
        return tuple(_cache_users(view, used))
    places: dict[str, list[Place]] = {}
    for each in occurrences(view):
        is_use = each.symbol.kind is SymbolKind.ENTRY and each.role is Role.USE
        if is_use and each.symbol.name == used.name and each.entry != used.name:
            places.setdefault(each.entry, []).append(Place(each.path, each.span))
    return tuple(_relations(view, places))


def used_by(view: View, user: Member) -> tuple[Relation, ...]:
    """What a member uses: entries that it names, and its caches; a cache uses nothing."""
    job = view.pipeline.job(user.name) if user.kind is not MemberKind.CACHE else None
    if job is None:
        return ()
    places: dict[str, list[Place]] = {}
    for each in occurrences(view):
        is_use = each.symbol.kind is SymbolKind.ENTRY and each.role is Role.USE
        if is_use and each.entry == user.name and each.symbol.name != user.name:
            places.setdefault(each.symbol.name, []).append(Place(each.path, each.span))
    caches = (_cache(view, job, index) for index in range(len(job.caches)))
    return (
        *_relations(view, places),
        *(Relation(cache, (cache.place,)) for cache in caches),
    )


def _relations(view: View, places: dict[str, list[Place]]) -> Iterator[Relation]:
    for name, found in places.items():
        other = member(view, name)
        if other is not None:
            yield Relation(other, tuple(found))


def _cache_users(view: View, used: Member) -> Iterator[Relation]:
    owner = view.pipeline.job(used.job)
    if owner is None:
        return
    for name in shared_by(view, owner, owner.caches[used.index]):
        other = member(view, name)
        if other is not None:
            yield Relation(other, (other.place,))


def _cache(view: View, job: Job, index: int) -> Member:
    cache = job.caches[index]
    origin = cache.key.origin or cache.value.origin
    place = Place(origin.path, origin.span)
    name = f"cache {discretion(view.pipeline).quiet(_key(cache, job))}"
    return Member(MemberKind.CACHE, name, job.name, place, index)


def _key(cache: CacheUse, job: Job) -> str:
    key = cache.key
    match key.kind:
        case KeyKind.TEXT if key.text:
            return ", ".join(texts_in(key.text, job))
        case KeyKind.FILES:
            return f"of {', '.join(file.text for file in key.files)}"
        case KeyKind.DEFAULT:
            return "default"
        case _:
            return "of an unknown key"
