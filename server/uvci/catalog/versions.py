"""uv's versions: their order, their releases, and how far the record of them reaches."""

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cache, cached_property

from msgspec import Struct

from uvci.catalog.package_data import CatalogError, load_json
from uvci.text.patterns import lazy_re

_NUMBER = "(0|[1-9][0-9]{0,5})"
_VERSION = lazy_re(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")
_SERIES = lazy_re(rf"{_NUMBER}\.{_NUMBER}")


class UvSeries(Struct, frozen=True, order=True):
    """A minor series of uv, `0.9`: what a tag without a patch number follows."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> "UvSeries | None":
        """The series that `text` writes exactly, None for anything else.

        >>> UvSeries.parse("0.9"), UvSeries.parse("0.9.1")
        (UvSeries(major=0, minor=9), None)
        """
        match = _SERIES.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else None

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


class UvVersion(Struct, frozen=True, order=True):
    """One version of uv; versions order as releases do.

    >>> UvVersion.parse("0.9.17") < UvVersion.parse("0.10.0")
    True
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "UvVersion | None":
        """The version that `text` writes exactly (`0.12.5`), None for anything else."""
        match = _VERSION.fullmatch(text)
        return cls(int(match[1]), int(match[2]), int(match[3])) if match else None

    @property
    def series(self) -> UvSeries:
        """The minor series it belongs to."""
        return UvSeries(self.major, self.minor)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


class Releases(Struct, frozen=True, dict=True):
    """Every release of uv on record, oldest first.

    `dates` has None where the day is not on record. Up to `newest_read` it is known which images
    each release published; for the later ones it is assumed that nothing changed. For `unrecorded`
    releases it is not known whether any image was published.
    """

    dates: dict[UvVersion, date | None]
    newest_read: UvVersion
    unrecorded: frozenset[UvVersion]

    @cached_property
    def versions(self) -> tuple[UvVersion, ...]:
        """All released versions, oldest first."""
        return tuple(sorted(self.dates))

    @property
    def newest(self) -> UvVersion:
        """The newest release on record."""
        return self.versions[-1]

    @cached_property
    def series(self) -> tuple[UvSeries, ...]:
        """All minor series, oldest first."""
        return tuple(self._by_series)

    @cached_property
    def _by_series(self) -> dict[UvSeries, tuple[UvVersion, ...]]:
        members: dict[UvSeries, tuple[UvVersion, ...]] = {}
        for version in self.versions:
            members[version.series] = (*members.get(version.series, ()), version)
        return members

    def __contains__(self, version: UvVersion) -> bool:
        return version in self.dates

    def is_assumed(self, version: UvVersion) -> bool:
        """Whether what is said about the images of `version` is assumed rather than known."""
        return version > self.newest_read

    def is_too_new(self, version: UvVersion) -> bool:
        """Whether `version` may have been released after this record was made."""
        return version > self.newest_read and version not in self.dates

    def of(self, series: UvSeries) -> tuple[UvVersion, ...]:
        """The releases of one series, oldest first; empty for a series not on record."""
        return self._by_series.get(series, ())

    def between(self, first: UvVersion, last: UvVersion | None) -> tuple[UvVersion, ...]:
        """The releases from `first` to `last`, both included; None reaches to the newest."""
        start = bisect_left(self.versions, first)
        end = len(self.versions) if last is None else bisect_right(self.versions, last)
        return self.versions[start:end]

    def before(self, version: UvVersion) -> UvVersion | None:
        """The release just before `version`, which itself need not be one."""
        position = bisect_left(self.versions, version)
        return self.versions[position - 1] if position else None

    def after(self, version: UvVersion) -> UvVersion | None:
        """The release just after `version`, which itself need not be one."""
        position = bisect_right(self.versions, version)
        return self.versions[position] if position < len(self.versions) else None


@cache
def releases() -> Releases:
    """The record of uv's releases (uv's repository and package index).

    Raises:
        CatalogError: when the package's data is corrupt.
    """
    data = load_json("images.json")
    try:
        dates = {
            stored_version(text): date.fromisoformat(day) if day else None
            for text, day in data["releases"].items()
        }
        return Releases(
            dates,
            stored_version(data["newest_read"]),
            frozenset(map(stored_version, data["unrecorded"])),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"images.json has no readable releases: {error!r}") from error


def stored_version(text: str) -> UvVersion:
    """The version a data file writes.

    Raises:
        ValueError: when it is not one.
    """
    if version := UvVersion.parse(text):
        return version
    raise ValueError(f"not a version of uv: {text!r}")


def newest() -> UvVersion:
    """The newest release of uv on record."""
    return releases().newest


def release_date(version: UvVersion) -> date | None:
    """The day `version` was released, None where that is not on record."""
    return releases().dates.get(version)
