"""From which release on, and up to which, uv knows something."""

from enum import Enum
from functools import cache

from msgspec import Struct

from uvci.catalog.versions import UvVersion, stored_version


class Availability(Enum):
    """Whether a version of uv knows a variable, a command or a flag."""

    KNOWN = "known"
    TOO_NEW = "too new"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class Stretch(Struct, frozen=True):
    """Releases that know something: from `first` to `last`, None leaving the end open.

    Where the exact release is not on record, `absent_before` is the newest earlier release known to
    lack it and `absent_after` the oldest later one; in between nobody looked. With `dim_past` it is
    not known how far back it goes.
    """

    first: UvVersion
    last: UvVersion | None
    absent_before: UvVersion | None = None
    absent_after: UvVersion | None = None
    dim_past: bool = False


class Lifetime(Struct, frozen=True):
    """All the stretches of something, oldest first.

    >>> stored_lifetime("0.5.0..0.6.3 0.8.0..").at(UvVersion.parse("0.7.0")).value
    'removed'
    """

    stretches: tuple[Stretch, ...]

    @property
    def since(self) -> UvVersion:
        """The first release that is known to have it."""
        return self.stretches[0].first

    @property
    def until(self) -> UvVersion | None:
        """The last release that is known to have it; None while it is there."""
        return self.stretches[-1].last

    def at(self, version: UvVersion | None) -> Availability:
        """Whether `version` knows it; for an unknown version only what holds for all of them."""
        if version is None:
            return Availability.UNKNOWN
        answer = Availability.TOO_NEW
        for stretch in self.stretches:
            if version < stretch.first:
                before = stretch.absent_before
                dim = stretch.dim_past or (before is not None and version > before)
                return Availability.UNKNOWN if dim else answer
            if stretch.last is None or version <= stretch.last:
                return Availability.KNOWN
            if stretch.absent_after is not None and version < stretch.absent_after:
                return Availability.UNKNOWN
            answer = Availability.REMOVED
        return answer


@cache
def stored_lifetime(text: str) -> Lifetime:
    """The lifetime that a data file writes: stretches `0.5.0..0.8.24`, separated by spaces.

    `0.12.5~0.12.12..` began after 0.12.5 and by 0.12.12, `..0.12.12~0.13.9` ended after 0.12.12 and
    by 0.13.9, and `~0.4.30..` began at an unknown release up to 0.4.30.

    Raises:
        ValueError: when it is not one.
    """
    return Lifetime(tuple(_stretch(part) for part in text.split()))


def _stretch(text: str) -> Stretch:
    start, dots, end = text.partition("..")
    before, dim, first = start.rpartition("~")
    last, _, after = end.partition("~")
    if not dots:
        raise ValueError(f"not a stretch of versions: {text!r}")
    return Stretch(
        first=stored_version(first),
        last=stored_version(last) if last else None,
        absent_before=stored_version(before) if before else None,
        absent_after=stored_version(after) if after else None,
        dim_past=bool(dim) and not before,
    )
