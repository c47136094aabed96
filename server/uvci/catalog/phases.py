"""Behaviour that moves between releases, as it was seen at the releases that were tried."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from msgspec import Struct

from uvci.catalog.versions import UvVersion, stored_version

Outcome = TypeVar("Outcome")
OLDEST_TRIED = UvVersion(0, 4, 30)


class Phase(Struct, Generic[Outcome], frozen=True):
    """One outcome, seen from `first` to `last`; None leaves that end open."""

    outcome: Outcome
    first: UvVersion | None
    last: UvVersion | None

    def holds(self, version: UvVersion) -> bool:
        """Whether `version` lies in this phase."""
        return (self.first is None or self.first <= version) and (
            self.last is None or version <= self.last
        )


class Phases(Struct, Generic[Outcome], frozen=True):
    """What is known of one behaviour over time, oldest phase first.

    Between two phases that differ the change happened at a release nobody tried: what holds there
    is not known, and neither is what held before the oldest release tried, 0.4.30.
    """

    phases: tuple[Phase[Outcome], ...]

    def at(self, version: UvVersion | None) -> Outcome | None:
        """What holds at `version`; for an unknown version, what holds at all. None: not known."""
        if version is None:
            outcomes = {phase.outcome for phase in self.phases}
            return outcomes.pop() if len(outcomes) == 1 else None
        if version < OLDEST_TRIED:
            return None
        return next((phase.outcome for phase in self.phases if phase.holds(version)), None)


def stored_range(text: str) -> tuple[UvVersion | None, UvVersion | None]:
    """The two ends of a range as a data file writes it: `0.5.0..0.8.24`, `0.9.30..` or `..`.

    Raises:
        ValueError: when it is not one.
    """
    first, dots, last = text.partition("..")
    if not dots:
        raise ValueError(f"not a range of versions: {text!r}")
    return (stored_version(first) if first else None, stored_version(last) if last else None)


def stored_phases(entries: Iterable[tuple[str, Outcome]]) -> Phases[Outcome]:
    """The phases that a data file lists as pairs of a range and an outcome.

    Raises:
        ValueError: when a range is not one.
    """
    return Phases(tuple(Phase(outcome, *stored_range(text)) for text, outcome in entries))
