"""Events of ruamel.yaml's pure parser: the second source, for places without a C extension."""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ruamel_events
from ruamel.yaml.error import MarkedYAMLError

from uvci.syntax.events import EventKinds, StreamError

KINDS = EventKinds(
    scalar=ruamel_events.ScalarEvent,
    alias=ruamel_events.AliasEvent,
    mapping_start=ruamel_events.MappingStartEvent,
    sequence_start=ruamel_events.SequenceStartEvent,
    mapping_end=ruamel_events.MappingEndEvent,
    sequence_end=ruamel_events.SequenceEndEvent,
    document_end=ruamel_events.DocumentEndEvent,
)


def events(text: str) -> Iterator[Any]:
    """See `uvci.syntax.events.EventSource`."""
    parser = YAML(typ="safe", pure=True)
    parser.version = (1, 1)
    try:
        yield from parser.parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        index = mark.index if mark else 0
        context_mark = error.context_mark
        raise StreamError(
            error.problem or "",
            index,
            error.context or "",
            context_mark.index if context_mark else index,
        ) from None
