"""What a source of YAML parse events offers to the builder of our own nodes."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

from msgspec import Struct


class StreamError(Exception):
    """The text stops being YAML at `index`.

    `problem` and `context` are the parser's words; indices count code points of the text given.
    `context_index` is where the construct being read began, or `index` where that is not told.
    """

    def __init__(self, problem: str, index: int, context: str, context_index: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.index = index
        self.context = context
        self.context_index = context_index


class EventKinds(Struct, frozen=True):
    """The event classes of one parser; classes not named here carry nothing we need."""

    scalar: type[Any]
    alias: type[Any]
    mapping_start: type[Any]
    sequence_start: type[Any]
    mapping_end: type[Any]
    sequence_end: type[Any]
    document_end: type[Any]


class EventSource(Protocol):
    """A module that parses: PyYAML's and ruamel.yaml's events share names and attributes."""

    KINDS: EventKinds

    def events(self, text: str) -> Iterator[Any]:
        """The events of `text`, which holds printable characters only and no byte-order mark.

        Raises:
            StreamError: where the text stops being YAML, after the events before that place.
        """


@cache
def event_source() -> EventSource:
    """The parser to use: libyaml where PyYAML has it, else ruamel.yaml's own."""
    try:
        from uvci.syntax import events_libyaml  # noqa: PLC0415  only one source is ever needed
    except ImportError:
        from uvci.syntax import events_ruamel  # noqa: PLC0415  only one source is ever needed

        return events_ruamel
    return events_libyaml
