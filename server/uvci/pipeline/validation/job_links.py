"""What one job says about others, as typed: its stage, `needs`, `dependencies`, environment."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.pipeline.job_list import JobList
from uvci.pipeline.matrix import matrix_entries, parallel_names
from uvci.pipeline.model import Job
from uvci.pipeline.stamps import Memory, Stamp, stamp
from uvci.pipeline.validation.stops import Deployment, read_deployment
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains


class Need(Struct, frozen=True):
    """One need as typed; `matrix` is the value of its `parallel`."""

    name: str
    optional: bool = False
    matrix: Value | None = None


class Links(Struct, frozen=True):
    """What one job says about others, wherever it stands.

    `names` are those after `parallel`, `variables` the matrix variables of each of them.
    `generators` are jobs that write the configuration of a child pipeline.
    """

    name: str
    stage: str | None
    is_stage_typed: bool
    needs: tuple[Need, ...] = ()
    rule_needs: tuple[Need, ...] = ()
    dependencies: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    variables: tuple[tuple[tuple[str, str], ...], ...] = ()
    deployment: Deployment | None = None


_kept: Memory[Links] = Memory(8192)
_numbers: Memory[Stamp] = Memory(8192)


def needs_of(job: Job) -> tuple[Need, ...] | None:
    """What the job waits for by `needs`, also that of its rules; None where it has no `needs`.

    A job without `needs` waits for all jobs of earlier stages.
    """
    links = links_of(job)
    if not links.rule_needs and not isinstance(job.keywords.entries.get("needs"), Items):
        return None
    return (*links.needs, *links.rule_needs)


def links_of(job: Job) -> Links:
    """What the job says about others."""
    kept = _kept.get(job.stamp)
    return kept if kept is not None else _kept.keep(job.stamp, _read(job))


def link_stamps(jobs: JobList) -> tuple[Stamp | None, ...]:
    """For each job what is the same for the same links."""
    for job in jobs.stamped(_numbers.missing(jobs.stamp_set)):
        _numbers.keep(job.stamp, stamp("links", links_of(job)))
    known = tuple(_numbers.all(jobs.stamps))
    if None in known:  # more jobs than are remembered
        return tuple([stamp("links", links_of(job)) for job in jobs])
    return known


def _read(job: Job) -> Links:
    entries = job.keywords.entries
    stage = entries.get("stage")
    parallel = entries.get("parallel")
    rules = entries.get("rules")
    tables = [rule for rule in _flat(rules) if isinstance(rule, Table)]
    matrix = [variables for label, variables in matrix_entries(parallel) if label]
    return Links(
        job.name,
        None if isinstance(stage, Unknown) else job.stage,
        stage is not None,
        tuple(_needs(entries.get("needs"))),
        tuple(need for rule in tables for need in _needs(rule.entries.get("needs"))),
        tuple(plain.text for plain in plains(entries.get("dependencies"))),
        tuple(_generators(entries.get("trigger"))),
        parallel_names(job.name, parallel),
        tuple(tuple((name, one.raw or "") for name, one in each.items()) for each in matrix),
        read_deployment(entries.get("environment")),
    )


def _generators(trigger: Value | None) -> Iterator[str]:
    include = trigger.entries.get("include") if isinstance(trigger, Table) else None
    for entry in _flat(include):
        job = entry.entries.get("job") if isinstance(entry, Table) else None
        if isinstance(job, Plain):
            yield job.text


def _needs(value: Value | None) -> Iterator[Need]:
    for item in _flat(value) if isinstance(value, Items) else ():
        if isinstance(item, Plain) and isinstance(item.value, str):
            yield Need(item.value)
        elif isinstance(item, Table) and not item.entries.keys() & {"pipeline", "project"}:
            name, optional = item.entries.get("job"), item.entries.get("optional")
            if isinstance(name, Plain):
                is_optional = isinstance(optional, Plain) and optional.value is True
                yield Need(name.text, is_optional, item.entries.get("parallel"))


def _flat(value: Value | None) -> list[Value]:
    if isinstance(value, Items):
        return [below for item in value.values for below in _flat(item)]
    return [] if value is None else [value]
