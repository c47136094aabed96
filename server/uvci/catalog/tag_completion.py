"""Which published tags a typed beginning can become, and which values a variable in a tag may take.

Both offer the best first: the newest pinned release, the newest Python, the slim current Debian.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache, lru_cache

from msgspec import Struct

from uvci.catalog.image_facts import Registry, image_facts
from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import (
    Published,
    publication,
    published_series,
    published_versions,
)
from uvci.catalog.tags import CODENAMES, Tag, numbers_in
from uvci.catalog.versions import UvVersion
from uvci.text.patterns import lazy_re

_RELEASE = lazy_re(r"([0-9]+(?:\.[0-9]+){1,2})-")
_SERIES_DOT = lazy_re(r"([0-9]+\.[0-9]+)\.")
_PYTHON = lazy_re(r"python([0-9.]+(?:-rc)?)-")


class TagStep(Struct, frozen=True):
    """One way on from a typed beginning: the whole tag up to the next choice.

    `image` is what the text names, None while it is no published tag; then the text ends in a
    hyphen, and another choice follows.
    """

    text: str
    image: Published | None


class Hole(Enum):
    """The parts of a composed tag that are not known: the one to fill in, and any other."""

    FILL = "fill"
    ANY = "any"


@lru_cache(maxsize=256)
def tag_steps(registry: Registry, typed: str) -> tuple[TagStep, ...]:
    """The next choices after `typed`, best first: release, then Python, then operating system.

    Only tags that exist can be reached. Of the releases just the newest of each series are offered
    until a series is typed (`0.9.`), so ask again as typing goes on. Images that hold nothing but
    uv come last.

    >>> [step.text for step in tag_steps(Registry.GHCR, "0.12.5-python3.13-")][:2]
    ['0.12.5-python3.13-trixie-slim', '0.12.5-python3.13-trixie']
    """
    texts = dict.fromkeys(text for text in _choices(registry, typed) if text.startswith(typed))
    return tuple(_step(registry, text) for text in texts)


@lru_cache(maxsize=256)
def values_for(registry: Registry, parts: Sequence[str | Hole]) -> tuple[str, ...]:
    """The values for the FILL holes of a tag with which the whole tag is published, best first.

    `parts` (a tuple) are the tag's pieces in order. A value is one part of a tag (a release, a
    Python, a base); values that span several are given only where no single part fits.

    >>> values_for(Registry.GHCR, ("0.10.0-python", Hole.FILL, "-bookworm"))
    ()
    >>> values_for(Registry.GHCR, ("0.12.5-python3.14-", Hole.FILL))[:3]
    ('trixie-slim', 'trixie', 'alpine')
    """
    pattern = re.compile(_pattern(parts), re.DOTALL)
    matches = [found for text in _texts(registry) if (found := pattern.fullmatch(text))]
    if not matches or "fill" not in pattern.groupindex:
        return ()
    single = [found["fill"] for found in matches if _is_one_part(found.string, found.span("fill"))]
    return tuple(dict.fromkeys(single or [found["fill"] for found in matches]))


def _step(registry: Registry, text: str) -> TagStep:
    found = publication(registry, text)
    return TagStep(text, found if isinstance(found, Published) else None)


def _choices(registry: Registry, typed: str) -> Iterator[str]:
    variants = _variants_by_release(registry)
    if match := _RELEASE.match(typed):
        rest = typed[match.end() :]
        for variant in variants.get(match[1], ()):
            yield match[0] + _next_choice(variant, rest)
        return
    offered = [release for release in variants if release and _is_offered(registry, release, typed)]
    yield from (f"{release}-" for release in offered if variants[release])
    for variant in variants[""]:
        yield _next_choice(variant, typed)
    yield "latest"
    yield from offered


def _next_choice(variant: str, typed: str) -> str:
    """`variant` up to the choice that follows `typed`."""
    python = _PYTHON.match(variant)
    return variant[: python.end()] if python and len(typed) < python.end() else variant


def _is_offered(registry: Registry, release: str, typed: str) -> bool:
    """Whether a release is worth showing: those of the typed series, the newest of the others."""
    version = UvVersion.parse(release)
    if version is None:
        return True
    if match := _SERIES_DOT.match(typed):
        return str(version.series) == match[1]
    newest = publication(registry, str(version.series))
    return isinstance(newest, Published) and newest.version == version


def _pattern(parts: Sequence[str | Hole]) -> str:
    seen = False
    pattern = ""
    for part in parts:
        match part:
            case Hole.FILL:
                pattern += "(?P=fill)" if seen else "(?P<fill>.+)"
                seen = True
            case Hole.ANY:
                pattern += ".+?"
            case str():
                pattern += re.escape(part)
    return pattern


def _is_one_part(text: str, span: tuple[int, int]) -> bool:
    release = _RELEASE.match(text)
    start = release.end() if release else 0
    python = _PYTHON.match(text, start)
    edges = {start - 1, python.end() - 1} if python else {start - 1}
    return not any(span[0] <= edge < span[1] for edge in edges) and not (
        python and span[0] > start and span[0] < python.start(1)
    )


@cache
def _texts(registry: Registry) -> tuple[str, ...]:
    """Every published tag, best first."""
    variants = _variants_by_release(registry)
    derived = [
        f"{release}-{variant}" if release else variant
        for release, names in variants.items()
        for variant in names
    ]
    return (*derived, *(release or "latest" for release in variants))


@cache
def _variants_by_release(registry: Registry) -> dict[str, tuple[str, ...]]:
    """What follows each release in published tags: pinned ones first, then series, then none.

    A release whose every image has no operating system has nothing after it.
    """
    found: dict[str, list[str]] = {
        str(release): []
        for release in (
            *reversed(published_versions(registry, "")),
            *reversed(published_series(registry, "")),
        )
    }
    ranked = [tag.variant for tag in sorted(variant_tags(), key=_rank)]
    for variant in ranked:
        for version in published_versions(registry, variant):
            found[str(version)].append(variant)
        for series in published_series(registry, variant):
            found[str(series)].append(variant)
    named = {release: tuple(variants) for release, variants in found.items()}
    moving = [variant for variant in ranked if published_versions(registry, variant)]
    ended = image_facts().variants
    return {**named, "": tuple(sorted(moving, key=lambda name: ended[name].last is not None))}


def _rank(tag: Tag) -> tuple[object, ...]:
    """Orders variants, best first: with Python, newest first; then by how widely a base serves."""
    python = tag.python or ""
    major_minor = numbers_in(python)
    return (
        tag.hardened,
        not python,
        python.endswith("-rc"),
        tuple(-number for number in major_minor),
        *_base_rank(tag.base or ""),
        not tag.slim,
    )


def _base_rank(base: str) -> tuple[int, int]:
    if base in CODENAMES:
        is_newest = base == _newest_codename()
        return (0 if is_newest else 4, -CODENAMES.index(base))
    if base == "debian":
        return (1, 0)
    numbers = numbers_in(base)
    return (3, -numbers[-1]) if numbers else (2, 0)


@cache
def _newest_codename() -> str:
    bases = [tag.base for tag in variant_tags() if tag.base in CODENAMES]
    return max((base for base in bases if base), key=CODENAMES.index)
