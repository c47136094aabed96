"""Events of libyaml, the engine that GitLab uses too: what it refuses, GitLab refuses."""

from collections.abc import Iterator
from typing import Any

import yaml
from yaml import CLoader, MarkedYAMLError

from uvci.syntax.events import EventKinds, StreamError

KINDS = EventKinds(
    scalar=yaml.ScalarEvent,
    alias=yaml.AliasEvent,
    mapping_start=yaml.MappingStartEvent,
    sequence_start=yaml.SequenceStartEvent,
    mapping_end=yaml.MappingEndEvent,
    sequence_end=yaml.SequenceEndEvent,
    document_end=yaml.DocumentEndEvent,
)


def events(text: str) -> Iterator[Any]:
    """See `uvci.syntax.events.EventSource`."""
    try:
        yield from yaml.parse(text, Loader=CLoader)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        index = mark.index if mark else 0
        context = error.context_mark
        raise StreamError(
            error.problem or "", index, error.context or "", context.index if context else index
        ) from None
