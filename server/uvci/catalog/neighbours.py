"""Which published tags come nearest to one that is not published, or to one to move away from."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from uvci.catalog.image_facts import Base, Registry, VariantRecord, image_facts
from uvci.catalog.publication import (
    Missing,
    Published,
    publication,
    published_series,
    published_versions,
    variant_range,
)
from uvci.catalog.tags import CODENAMES, Tag, numbers_in, parse_tag
from uvci.catalog.versions import UvSeries, UvVersion, releases

_Release = TypeVar("_Release", UvVersion, UvSeries)
_MOVING = frozenset({"debian", "alpine"})
_FAR = 100.0
_ALL = 100


@lru_cache(maxsize=512)
def nearest_tags(registry: Registry, tag: Tag, count: int = 3) -> tuple[Tag, ...]:
    """The published tags nearest to `tag`, best first, `tag` itself left out.

    A pinned tag stays pinned, a floating one floating. The Python is kept if at all possible, then
    the size, then the release; a newer operating system is nearer than an older one.

    >>> nearest_tags(Registry.GHCR, parse_tag("0.11.16-bookworm"))[0].text
    '0.11.16-trixie'
    """
    scored = {
        candidate: _distance(registry, tag, candidate)
        for candidate in _candidates(registry, tag)
        if candidate != tag
    }
    return tuple(sorted(scored, key=lambda each: (scored[each], each.text))[:count])


def neighbours(missing: Missing, count: int = 3) -> tuple[Tag, ...]:
    """The published tags nearest to what was meant; the exact reading alone where that exists."""
    if missing.tag is None:
        return ()
    if isinstance(publication(missing.registry, missing.tag.text), Published):
        return (missing.tag,)
    return nearest_tags(missing.registry, missing.tag, count)


def elsewhere(missing: Missing) -> Registry | None:
    """The other registry, where that one has the very tag that is missing here."""
    found = (
        registry
        for registry in Registry
        if isinstance(publication(registry, missing.text), Published)
    )
    return next(found, None)


def newest_pin(registry: Registry, tag: Tag) -> Tag | None:
    """`tag` pinned to the newest release its variant is published for; None if it never was."""
    span = variant_range(registry, tag.variant)
    return tag.with_release(span.last or releases().newest) if span else None


def current_variant(registry: Registry, tag: Tag) -> Tag | None:
    """The nearest tag whose variant is still published, for one whose variant has ended.

    The Python stays the same (a release candidate becomes its release); None where uv publishes
    no images with it any more.
    """
    python = tag.python.removesuffix("-rc") if tag.python else None
    current = (
        other
        for other in nearest_tags(registry, tag, _ALL)
        if other.python == python and _is_current(registry, other.variant)
    )
    return next(current, None)


def _is_current(registry: Registry, variant: str) -> bool:
    span = variant_range(registry, variant)
    return span is not None and span.last is None


@cache
def variant_tags() -> tuple[Tag, ...]:
    """Every variant on record as a tag without release."""
    parsed = (parse_tag(suffix) for suffix in image_facts().variants)
    return tuple(tag for tag in parsed if isinstance(tag, Tag))


def _candidates(registry: Registry, tag: Tag) -> Iterator[Tag]:
    variants = (Tag(),) if tag.is_distroless else variant_tags()
    for variant in variants:
        for release in _releases_near(registry, variant.variant, tag.release):
            yield variant.with_release(release)


def _releases_near(
    registry: Registry, variant: str, release: UvVersion | UvSeries | None
) -> Sequence[UvVersion | UvSeries | None]:
    """`release` where it has the variant, else the nearest ones below and above that do."""
    match release:
        case UvVersion():
            return _around(published_versions(registry, variant), release)
        case UvSeries():
            return _around(published_series(registry, variant), release)
        case None:
            return (None,) if published_versions(registry, variant) else ()


def _around(known: tuple[_Release, ...], wanted: _Release) -> tuple[_Release, ...]:
    """`wanted` itself where it is among the ordered `known`, else its neighbours."""
    position = bisect_left(known, wanted)
    if known[position : position + 1] == (wanted,):
        return (wanted,)
    return known[max(position - 1, 0) : position + 1]


def _distance(registry: Registry, wanted: Tag, other: Tag) -> float:
    leaves = other.hardened and not wanted.hardened
    frozen = not other.is_pinned and not _is_current(registry, other.variant)
    return (
        _release_distance(wanted.release, other.release)
        + _python_distance(wanted.python, other.python)
        + _base_distance(wanted, other)
        + 3 * (wanted.slim != other.slim)
        + (_FAR if leaves else 7 * (wanted.hardened != other.hardened))
        + 20 * frozen
    )


def _release_distance(
    wanted: UvVersion | UvSeries | None, other: UvVersion | UvSeries | None
) -> float:
    match wanted, other:
        case UvVersion(), UvVersion() if wanted.series == other.series:
            patches = other.patch - wanted.patch
            return 2 + abs(patches - 0.5) / 1000 if patches else 0
        case UvVersion() | UvSeries(), UvVersion() | UvSeries() if wanted != other:
            return 4 + abs(wanted.minor - other.minor) / 10
        case _:
            return 0


def _python_distance(wanted: str | None, other: str | None) -> float:
    if wanted == other:
        return 0
    if not wanted or not other:
        return _FAR
    before, after = numbers_in(wanted), numbers_in(other)
    return 8 * (before != after) + abs(before[-1] - after[-1]) + (0.5 if after > before else 1)


def _base_distance(wanted: Tag, other: Tag) -> float:
    if wanted.base == other.base:
        return 0
    moves = (wanted.base in _MOVING) != (other.base in _MOVING)
    return _system_distance(_system(wanted), _system(other)) + 0.05 * moves


def _system(tag: Tag) -> str:
    """The release of the operating system that a tag's base means: `trixie`, `alpine3.22`."""
    moving = image_facts().variants.get(tag.base or "debian")
    if moving is None or moving.suffix not in _MOVING:
        return tag.base or ""
    release = _base_at(moving, tag.release).os_release or ""
    return release if moving.suffix == "debian" else f"alpine{release}"


def _base_at(record: VariantRecord, release: UvVersion | UvSeries | None) -> Base:
    begun = [base for base in record.bases if _began(base.first, release)]
    return begun[-1] if begun else record.bases[0]


def _began(first: UvVersion, release: UvVersion | UvSeries | None) -> bool:
    match release:
        case UvVersion():
            return first <= release
        case UvSeries():
            return first.series <= release
        case None:
            return True


def _system_distance(wanted: str, other: str) -> float:
    """From 0; a newer release of the same system is nearer than an older one."""
    if wanted == other:
        return 0
    if wanted.startswith("alpine") != other.startswith("alpine"):
        return 6
    steps = _age(other) - _age(wanted)
    return 1 + steps / 10 if steps >= 0 else 5 - steps / 10


def _age(system: str) -> int:
    return CODENAMES.index(system) if system in CODENAMES else (numbers_in(system) or (0,))[-1]
