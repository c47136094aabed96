"""The effective pipeline as plain data, shaped as GitLab's own classes hold it."""

from collections.abc import Iterable, Mapping

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.effective import EDGES
from uvci.pipeline.model import Phase, Pipeline, Problem
from uvci.pipeline.shapes import (
    Json,
    allow_failure_in_full,
    artifacts_in_full,
    expanded_shapes,
    job_shape,
    retry_in_full,
    to_json,
    variables_shape,
)
from uvci.pipeline.sources import Files, Settings
from uvci.syntax.tree import Document

_MOST_FAULTS = 3


def resolve(
    root: str, files: Files, documents: Mapping[str, Document] | None = None
) -> dict[str, Json]:
    """What GitLab makes of the pipeline at `root`: see `expected`.

    As in GitLab's linter, variables that nothing sets are empty where they decide on includes.
    """
    return expected(build_pipeline(root, files, Settings(undefined_is_empty=True), documents))


def expected(pipeline: Pipeline) -> dict[str, Json]:
    """`{valid, errors, warnings, merged, stages, root_variables, jobs, expanded_jobs}`.

    A pipeline that GitLab refuses has no `stages` and what follows; without a readable
    configuration, no `merged` either. `valid` is null and `unread` is added where includes cannot
    be read. `expanded_jobs` is there only where a job uses `parallel`.
    """
    errors = refusals(pipeline)
    warnings = [problem.message for problem in pipeline.problems if problem.warning]
    if not _is_readable(pipeline) or _has_unfit(pipeline.problems):
        warnings = []  # of jobs that GitLab never looks into
    result: dict[str, Json] = {"valid": not errors, "errors": [*errors], "warnings": [*warnings]}
    if pipeline.unread:
        result["valid"] = False if errors else None
        result["unread"] = [unknown.why for unknown in pipeline.unread]
    if _is_readable(pipeline):
        result["merged"] = merged_shape(pipeline)
    if errors:
        return result
    jobs = {job.name: job for job in pipeline.jobs}
    result["stages"] = [*pipeline.stages]
    result["root_variables"] = variables_shape(pipeline.merged.entries.get("variables"))
    result["jobs"] = {name: job_shape(job) for name, job in jobs.items()}
    if expanded := expanded_shapes(jobs):
        result["expanded_jobs"] = expanded
    return result


def refusals(pipeline: Pipeline) -> list[str]:
    """What GitLab's linter refuses the pipeline for: the first step that fails ends its work.

    Only the check of keywords names everything it finds, and that of inputs three faults of a file.
    """
    problems = [problem for problem in pipeline.problems if not problem.warning]
    for phase in Phase:
        found = [problem for problem in problems if problem.phase is phase]
        if found and phase is Phase.VALIDATE:
            return _named(found)
        if found and phase is not Phase.CREATE:
            return [_joined(found)]
    return []


def _joined(problems: list[Problem]) -> str:
    first = problems[0]
    if first.file is None:
        return first.message
    start = first.file
    faults = [one.message.removeprefix(start) for one in problems if one.file == start]
    return start + ", ".join(faults[:_MOST_FAULTS])


def _named(problems: list[Problem]) -> list[str]:
    """What the check of keywords names: it looks into jobs only where all of them are jobs."""
    unfit = _has_unfit(problems)
    return [
        problem.message
        for problem in problems
        if not unfit or not problem.jobs or problem.message.startswith("jobs ")
    ]


def _has_unfit(problems: Iterable[Problem]) -> bool:
    """Whether something at the root is no job: GitLab looks into none then."""
    return any(problem.message.startswith("jobs ") for problem in problems)


def _is_readable(pipeline: Pipeline) -> bool:
    late = (Phase.VALIDATE, Phase.JOBS, Phase.CREATE)
    return all(problem.warning or problem.phase in late for problem in pipeline.problems)


def merged_shape(pipeline: Pipeline) -> dict[str, Json]:
    """The merged configuration; jobs and `default` show what GitLab rewrites in place.

    It does so as it reads jobs, which it does once its check of keywords finds nothing.
    """
    rewritten = {job.name for job in pipeline.jobs} | {"default"}
    if any(one.phase is Phase.VALIDATE and not one.warning for one in pipeline.problems):
        rewritten.clear()
    shape: dict[str, Json] = {}
    for name, value in pipeline.merged.entries.items():
        read = to_json(value)
        if name in rewritten and isinstance(read, dict):
            read = _rewritten(read)
        elif name == "stages" and isinstance(read, list) and read:
            read = [EDGES[0], *[stage for stage in read if stage not in EDGES], EDGES[1]]
        shape[name] = read
    return shape


def _rewritten(shape: dict[str, Json]) -> dict[str, Json]:
    if "allow_failure" in shape:
        shape["allow_failure"] = allow_failure_in_full(shape["allow_failure"])
    if "artifacts" in shape:
        shape["artifacts"] = artifacts_in_full(shape["artifacts"])
    if "retry" in shape:
        shape["retry"] = retry_in_full(shape["retry"])
    return shape
