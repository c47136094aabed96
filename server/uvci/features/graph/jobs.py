"""The graph of a pipeline's jobs: stages, `needs`, and the uv and Python of each."""

from collections.abc import Iterator, Sequence

from uvci.features.graph.model import JobGraph, JobNode, StageColumn, Wait
from uvci.features.graph.tools import python_of, uv_of
from uvci.pipeline.matrix import parallel_names
from uvci.pipeline.model import Job, JobKind
from uvci.pipeline.validation.job_links import needs_of
from uvci.rules.rule import Context


def job_graph(context: Context) -> JobGraph:
    """The visible jobs of the pipeline by stage; jobs of a stage that nobody lists come last."""
    pipeline = context.pipeline
    names = dict.fromkeys((*pipeline.stages, *(job.stage for job in pipeline.jobs)))
    columns = (
        StageColumn(
            stage, tuple(job_node(job, context) for job in pipeline.jobs if job.stage == stage)
        )
        for stage in names
    )
    stages = tuple(column for column in columns if column.jobs)
    return JobGraph(stages, tuple(_waits(pipeline.jobs)))


def job_node(job: Job, context: Context) -> JobNode:
    """A job as pictures show it."""
    return JobNode(
        job.name,
        uv_of(job, context),
        python_of(job, context),
        max(1, len(_copies(job))),
        at_once=needs_of(job) == (),
        is_trigger=job.kind is JobKind.TRIGGER,
    )


def _copies(job: Job) -> tuple[str, ...]:
    return parallel_names(job.name, job.keywords.entries.get("parallel"))


def _waits(jobs: Sequence[Job]) -> Iterator[Wait]:
    """Each pair of jobs once; one copy of a job is drawn as the job."""
    owners = {name: job.name for job in jobs for name in (*_copies(job), job.name)}
    found: dict[tuple[str, str], Wait] = {}
    for job in jobs:
        for need in needs_of(job) or ():
            first = owners.get(need.name)
            if first is not None and first != job.name:
                found.setdefault((first, job.name), Wait(first, job.name, need.optional))
    yield from found.values()
