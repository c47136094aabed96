"""Whether a tag of uv's image can be pulled, what uv it holds, and why not where it cannot."""

from enum import Enum
from functools import cache, lru_cache

from msgspec import Struct

from uvci.catalog.image_facts import Registry, image_facts
from uvci.catalog.tags import CODENAMES, MalformedTag, Tag, TagSlip, numbers_in, parse_tag
from uvci.catalog.versions import UvSeries, UvVersion, releases

_UNRESOLVED = frozenset("${}[]%")


class TagKind(Enum):
    """How a published tag behaves over time."""

    PINNED = "pinned"
    FLOATING = "floating"
    FROZEN = "frozen"


class Range(Struct, frozen=True):
    """The releases a registry has a variant of; `last` is None while it is still published."""

    first: UvVersion
    last: UvVersion | None

    def contains(self, version: UvVersion) -> bool:
        """Whether `version` lies between both ends."""
        return self.first <= version and (self.last is None or version <= self.last)


class Published(Struct, frozen=True):
    """A tag that can be pulled. `version` is the uv it holds as far as is known.

    `range` is where its variant is published. `assumed`: the version is newer than the newest
    whose images are on record, and nothing is known to have changed since.
    """

    registry: Registry
    tag: Tag
    kind: TagKind
    version: UvVersion
    range: Range
    assumed: bool


class MissingReason(Enum):
    """Why a tag cannot be pulled."""

    NEVER_EXISTED = "never existed"
    NOT_RELEASED = "no such release of uv"
    NOT_YET = "older than the first with this variant"
    ENDED = "newer than the last with this variant"
    GAP = "left out for this release"
    LEADING_V = TagSlip.LEADING_V.value
    LATEST_PREFIX = TagSlip.LATEST_PREFIX.value
    BARE_PYTHON = TagSlip.BARE_PYTHON.value
    PYTHON_PATCH = TagSlip.PYTHON_PATCH.value
    WRONG_ORDER = TagSlip.WRONG_ORDER.value
    NO_BASE = TagSlip.NO_BASE.value


class Missing(Struct, frozen=True):
    """A tag that cannot be pulled.

    `tag` is what was meant, None where even that is unclear; it may be incomplete after a slip in
    its form. `boundary` is the first release with the variant for NOT_YET, the last one for ENDED.
    """

    registry: Registry
    text: str
    tag: Tag | None
    reason: MissingReason
    boundary: UvVersion | None = None


class UnknownReason(Enum):
    """Why it cannot be said whether a tag is published."""

    TOO_NEW = "newer than the record"
    UNRECORDED = "not on record for this release"
    UNRESOLVED = "holds a variable or a template"


class Unknown(Struct, frozen=True):
    """A tag nothing can be said about."""

    registry: Registry
    text: str
    reason: UnknownReason


Publication = Published | Missing | Unknown


@lru_cache(maxsize=4096)
def publication(registry: Registry, text: str) -> Publication:
    """Whether the tag `text` is published at `registry`; total over all texts.

    Source: uv's own publishing workflow as of each release.

    >>> publication(Registry.GHCR, "0.10.0-bookworm").boundary
    UvVersion(major=0, minor=9, patch=30)
    """
    if _UNRESOLVED.intersection(text):
        return Unknown(registry, text, UnknownReason.UNRESOLVED)
    match parse_tag(text):
        case MalformedTag() as malformed:
            return _malformed(registry, malformed)
        case Tag(release=UvVersion() as version) as tag:
            return _pinned(registry, tag, version)
        case Tag(release=UvSeries() as series) as tag:
            return _series(registry, tag, series)
        case Tag() as tag:
            return _bare(registry, tag)


def variant_range(registry: Registry, variant: str) -> Range | None:
    """The releases `registry` has `variant` of (`` is the distroless image); None if it never had.

    Gaps inside are not told apart.
    """
    facts = image_facts()
    record = facts.registries[registry]
    if not variant:
        return Range(record.distroless_first, None)
    if not (known := facts.variants.get(variant)):
        return None
    first = max(known.first, record.derived_first)
    return None if known.last and known.last < first else Range(first, known.last)


@cache
def published_versions(registry: Registry, variant: str) -> tuple[UvVersion, ...]:
    """The releases whose image of `variant` is at `registry`, oldest first.

    Left out are gaps and releases of which that is not on record.
    """
    span = variant_range(registry, variant)
    if span is None:
        return ()
    gaps = image_facts().registries[registry].gaps if variant else frozenset()
    absent = gaps | releases().unrecorded
    return tuple(v for v in releases().between(span.first, span.last) if v not in absent)


@cache
def published_series(registry: Registry, variant: str) -> tuple[UvSeries, ...]:
    """The minor series that have a floating tag of `variant` at `registry`, oldest first."""
    first = image_facts().first_series
    versions = published_versions(registry, variant)
    return tuple(dict.fromkeys(version.series for version in versions if version >= first))


def _published(registry: Registry, tag: Tag, version: UvVersion, span: Range) -> Published:
    kind = TagKind.FLOATING if span.last is None else TagKind.FROZEN
    return Published(
        registry,
        tag,
        TagKind.PINNED if tag.is_pinned else kind,
        version,
        span,
        releases().is_assumed(version),
    )


def _pinned(registry: Registry, tag: Tag, version: UvVersion) -> Publication:
    if releases().is_too_new(version):
        return Unknown(registry, tag.text, UnknownReason.TOO_NEW)
    span = variant_range(registry, tag.variant)
    if span is None:
        return _no_variant(registry, tag)
    if version not in releases():
        return Missing(registry, tag.text, tag, MissingReason.NOT_RELEASED)
    if version in releases().unrecorded:
        return Unknown(registry, tag.text, UnknownReason.UNRECORDED)
    if not span.contains(version):
        return _outside(registry, tag, span, version)
    if version not in published_versions(registry, tag.variant):
        return Missing(registry, tag.text, tag, MissingReason.GAP)
    return _published(registry, tag, version, span)


def _series(registry: Registry, tag: Tag, series: UvSeries) -> Publication:
    members = releases().of(series)
    if not members:
        return _unknown_series(registry, tag, series)
    span = variant_range(registry, tag.variant)
    if span is None:
        return _no_variant(registry, tag)
    if not tag.variant and members[-1] < image_facts().first_series:
        first = max(image_facts().first_series, span.first)
        return Missing(registry, tag.text, tag, MissingReason.NOT_YET, first)
    held = published_versions(registry, tag.variant)
    if inside := [version for version in held if version.series == series]:
        return _published(registry, tag, inside[-1], span)
    return _outside(registry, tag, span, members[-1])


def _unknown_series(registry: Registry, tag: Tag, series: UvSeries) -> Publication:
    if series > releases().newest.series:
        return Unknown(registry, tag.text, UnknownReason.TOO_NEW)
    return Missing(registry, tag.text, tag, MissingReason.NOT_RELEASED)


def _bare(registry: Registry, tag: Tag) -> Publication:
    span = variant_range(registry, tag.variant)
    if span is None:
        return _no_variant(registry, tag)
    return _published(registry, tag, span.last or releases().newest, span)


def _outside(registry: Registry, tag: Tag, span: Range, version: UvVersion) -> Missing:
    if version < span.first:
        return Missing(registry, tag.text, tag, MissingReason.NOT_YET, span.first)
    return Missing(registry, tag.text, tag, MissingReason.ENDED, span.last)


def _no_variant(registry: Registry, tag: Tag) -> Missing | Unknown:
    if _may_be_newer(tag):
        return Unknown(registry, tag.text, UnknownReason.TOO_NEW)
    return Missing(registry, tag.text, tag, MissingReason.NEVER_EXISTED)


def _malformed(registry: Registry, tag: MalformedTag) -> Missing | Unknown:
    if tag.slip is not TagSlip.UNKNOWN_WORD:
        return Missing(registry, tag.text, tag.meant, MissingReason[tag.slip.name])
    has_reading = tag.meant is not None and tag.meant.base is not None
    if not has_reading and _release_is_assumed(tag.release):
        return Unknown(registry, tag.text, UnknownReason.TOO_NEW)
    return Missing(registry, tag.text, tag.meant, MissingReason.NEVER_EXISTED)


def _may_be_newer(tag: Tag) -> bool:
    """Whether a release after the record's end may have brought this variant."""
    if not _release_is_assumed(tag.release):
        return False
    known = [parse_tag(suffix) for suffix in image_facts().variants]
    newest = [_novelty(other) for other in known if isinstance(other, Tag)]
    return any(mine > max(theirs) for mine, *theirs in zip(_novelty(tag), *newest, strict=True))


def _novelty(tag: Tag) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """How new its Python, its Alpine and its Debian are; each orders among tags."""
    base = tag.base or ""
    return (
        numbers_in(tag.python or ""),
        numbers_in(base),
        CODENAMES.index(base) if base in CODENAMES else -1,
    )


def _release_is_assumed(release: UvVersion | UvSeries | None) -> bool:
    match release:
        case UvVersion():
            return releases().is_assumed(release)
        case UvSeries():
            return any(map(releases().is_assumed, releases().of(release)))
        case None:
            return False
