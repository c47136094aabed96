"""What a pipeline starts others from, and what is said of a file on its own."""

from collections.abc import Iterator
from enum import Enum

from uvci.pipeline.model import Pipeline
from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.text.patterns import lazy_re
from uvci.workspace.disk import normal

# What GitLab says of a file on its own, and would not where another file brings the missing part.
_MAY_BE_ELSEWHERE = lazy_re(
    r"at least one visible job|should implement the script|unknown keys in `extends`"
    r"|could not be found|chosen stage .* does not exist|undefined (?:need|dependency)"
    r"|is not defined in current or prior stages|required value has not been provided"
    r"|Please provide content|script can't be blank|is needed by|but it is not"
    r"|Local file `.*` does not exist"
)


class Standing(Enum):
    """How a file begins a pipeline.

    PIPELINE: GitLab starts pipelines from it. TEMPLATE: it is meant to be included, by nobody that
    can be seen: what it lacks may be elsewhere.
    """

    PIPELINE = "pipeline"
    TEMPLATE = "template"


def child_roots(pipeline: Pipeline) -> tuple[str, ...]:
    """The repository's own files that the pipeline's trigger jobs start child pipelines from."""
    found: dict[str, None] = {}
    for job in pipeline.jobs:
        trigger = job.keywords.get("trigger", "include")
        found |= dict.fromkeys(path for path in _local_files(trigger) if path)
    return tuple(found)


def is_of_parts_elsewhere(message: str) -> bool:
    """Whether GitLab would not say this where another file includes the one it says it of."""
    return _MAY_BE_ELSEWHERE.search(message) is not None


def _local_files(value: Value | None) -> Iterator[str | None]:
    match value:
        case Plain():
            if "://" not in value.text and "$" not in value.text:
                yield normal(value.text)
        case Items():
            for item in value.values:
                yield from _local_files(item)
        case Table():
            yield from _local_files(value.get("local"))
        case _:
            return
