"""A picture of a pipeline in one of the forms that can be shown."""

from collections.abc import Iterator
from enum import Enum

from uvci.features.discretion import discretion
from uvci.features.graph.caches import cache_map
from uvci.features.graph.jobs import job_graph
from uvci.rules.rule import Context


class Form(Enum):
    """How a picture is written."""

    TEXT = "text"
    SVG = "svg"
    MERMAID = "mermaid"


class Subject(Enum):
    """What a picture shows: the jobs and what they wait for, the caches and who uses them."""

    PIPELINE = "pipeline"
    CACHES = "caches"


ALL = frozenset(Subject)


def picture(context: Context, form: Form, subjects: frozenset[Subject] = ALL) -> Iterator[str]:
    """The lines of the picture of a pipeline; secrets read `…` in it."""
    hidden = discretion(context.pipeline)
    graph = hidden.shown(job_graph(context)) if Subject.PIPELINE in subjects else None
    caches = hidden.shown(cache_map(context)) if Subject.CACHES in subjects else None
    match form:
        case Form.SVG:
            from uvci.features.graph.svg import svg  # noqa: PLC0415  one form is asked for

            yield from svg(graph, caches)
        case Form.MERMAID:
            from uvci.features.graph.mermaid import mermaid  # noqa: PLC0415  as above

            yield from mermaid(graph, caches)
        case Form.TEXT:
            from uvci.features.graph.text import picture_text  # noqa: PLC0415  as above

            yield from picture_text(graph, caches)
