"""Which files a job gets from other jobs (GitLab docs: `artifacts`, `dependencies`, `needs`)."""

from collections.abc import Iterator

from uvci.pipeline.caches import Side, place_path
from uvci.pipeline.model import Job, JobKind, Pipeline, Variant
from uvci.pipeline.values import Items, Plain, Table, Value, plains

_PATTERN = ("*", "?", "[", "{")


def senders(job: Job, pipeline: Pipeline) -> tuple[Job, ...] | None:
    """The jobs whose artifacts the job gets; None where that is not known.

    `dependencies` say which; without them `needs`; without both it is every job of the stages
    before.
    """
    entries = job.keywords.entries
    named = entries.get("dependencies") or entries.get("needs")
    if named is None:
        return _earlier(job, pipeline)
    names = list(_names(named))
    found = [pipeline.job(name) if name else None for name in names]
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(names) else None


def _earlier(job: Job, pipeline: Pipeline) -> tuple[Job, ...] | None:
    if job.stage not in pipeline.stages:
        return None
    before = pipeline.stages[: pipeline.stages.index(job.stage)]
    return tuple(one for one in pipeline.jobs if one.stage in before)


def _names(value: Value) -> Iterator[str | None]:
    """The names of the jobs in a list; None for what is no job of this pipeline."""
    match value:
        case Plain(value=None):
            return
        case Plain():
            yield value.text if "$" not in value.text else None
        case Items():
            for item in value.values:
                yield from _names(item)
        case Table():
            name, takes = value.entries.get("job"), value.entries.get("artifacts")
            if not isinstance(name, Plain) or value.entries.keys() & {"pipeline", "project"}:
                yield None
            elif not (isinstance(takes, Plain) and takes.value is False):
                yield from _names(name)
        case _:
            yield None


def may_send(job: Job, folder: str) -> bool:
    """Whether the artifacts of a job may hold anything in a folder of the project."""
    if job.kind is not JobKind.SCRIPT or not job.complete:
        return True
    artifacts = job.keywords.entries.get("artifacts")
    if not isinstance(artifacts, Table):
        return artifacts is not None
    untracked = artifacts.entries.get("untracked")
    if untracked is not None and not (isinstance(untracked, Plain) and untracked.value is False):
        return True
    return _may_list(artifacts.entries.get("paths"), job, folder)


def sends(job: Job, folder: str) -> bool:
    """Whether the artifacts of a job surely are a folder of the project, or files in it."""
    paths = plains(job.keywords.get("artifacts", "paths"))
    return any(path.text.removeprefix("./").partition("/")[0] == folder for path in paths)


def _may_list(paths: Value | None, job: Job, folder: str) -> bool:
    if paths is None:
        return False
    if isinstance(paths, Plain):
        return any(may_cover(paths.text, variant, folder) for variant in job.variants)
    if not isinstance(paths, Items):
        return True
    return any(_may_list(item, job, folder) for item in paths.values)


def may_cover(path: str, variant: Variant, folder: str) -> bool:
    """Whether a path of artifacts or of a cache may have files in a folder of the project."""
    place = place_path(path, variant)
    if place.side is Side.OUTSIDE:
        return False
    first = place.relative.partition("/")[0]
    return first in ("", ".", folder) or any(sign in first for sign in _PATTERN)
