"""A call of uv in every job that has it from the same line of a file."""

from collections.abc import Iterator

from uvci.pipeline.scripts import JobCommand
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import UvRun, uv_runs


def shared_runs(call: JobCommand, context: Context) -> Iterator[UvRun]:
    """The call as it is typed, in each job that it reaches, once for each set of variables."""
    node, span = call.line.plain.origin.node, call.command.span
    for job in context.pipeline.jobs:
        if any(line.plain.origin.node is node for line in job.scripts):
            for run in uv_runs(job, context):
                if run.call.line.plain.origin.node is node and run.call.command.span == span:
                    yield run
