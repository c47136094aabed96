"""Jobs that a fix reaches although they never had the mistake, as where several share a line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from uvci.catalog.variables import find_variable
from uvci.pipeline.model import Job, JobKind, Pipeline, Variable
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.rules.rule import is_ever_run
from uvci.rules.uv_jobs import runs_unseen_commands

Difference: TypeAlias = tuple[str, tuple[str, ...]]
"""A job's name (empty: the root) and the keys below it."""
_FOR_ALL = (("variables",), ("workflow",))
"""The root keywords that set variables of jobs."""


def reached(differences: Iterable[Difference], old: Pipeline, new: Pipeline) -> Iterator[str]:
    """The jobs of the old pipeline for which the new one does anything else.

    A variable that nothing in a job may read makes no difference to it.
    """
    found = tuple(differences)
    shared = any(not name and path[:1] in _FOR_ALL for name, path in found)
    for job in filter(is_ever_run, old.jobs):
        paths = [path for name, path in found if name == job.name]
        names = {path[1] for path in paths if _is_variable(path)}
        if shared:
            names.update(_other_variables(job, new.job(job.name)))
        is_changed = not all(map(_is_variable, paths))
        if is_changed or any(may_read(job, name) for name in names):
            yield job.name


def _is_variable(path: tuple[str, ...]) -> bool:
    return path[:1] == ("variables",) and len(path) > 1


def _other_variables(old: Job, new: Job | None) -> Iterator[str]:
    """The names of the variables that a job holds otherwise than before."""
    before, after = ([one.variables for one in job.variants] if job else [] for job in (old, new))
    for name in {name for one in (*before, *after) for name in one}:
        if _raw(name, before) != _raw(name, after):
            yield name


def _raw(name: str, variants: Iterable[Mapping[str, Variable]]) -> list[tuple[str | None, ...]]:
    return [(one[name].raw,) if name in one else () for one in variants]


def may_read(job: Job, name: str) -> bool:
    """Whether uv or anything else in a job may look at the variable `name`."""
    if job.kind is not JobKind.SCRIPT or not job.complete:
        return True
    if uv_commands(job) and (name.startswith("UV_") or find_variable(name)):
        return True
    if runs_unseen_commands(job) or _mentions(job.keywords, name):
        return True
    held = (one.raw for variant in job.variants for one in variant.variables.values())
    return any(raw is not None and name in raw for raw in held)


def _mentions(value: Value, name: str) -> bool:
    match value:
        case Table():
            return any(_mentions(below, name) for below in value.entries.values())
        case Items():
            return any(_mentions(item, name) for item in value.values)
        case Plain():
            return name in value.text
        case _:
            return True
