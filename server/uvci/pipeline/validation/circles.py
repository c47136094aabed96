"""Jobs that wait for each other, and variables that refer to each other, in circles."""

from collections.abc import Iterator, Mapping, Sequence

from uvci.pipeline.expansion import Place, names_in
from uvci.pipeline.job_list import JobList
from uvci.pipeline.model import Job, Phase, Problem, Variable
from uvci.pipeline.ruby import inspect
from uvci.pipeline.stamps import Memory

_straight: Memory[bool] = Memory(8192)


def circles_in(waits: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The groups of names that wait for each other (Tarjan, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for start in waits:
        work = [] if start in order else [(start, iter(waits[start]))]
        while work:
            name, rest = work[-1]
            if name not in order:
                order[name] = low[name] = len(order)
                stack.append(name)
            for needed in rest:
                if needed not in order:
                    work.append((needed, iter(waits[needed])))
                    break
                if needed in stack:
                    low[name] = min(low[name], order[needed])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == order[name]:
                    at = stack.index(name)
                    group, stack = stack[at:], stack[:at]
                    if len(group) > 1:
                        yield group


def variable_problems(jobs: JobList) -> Iterator[Problem]:
    """Variables of jobs that GitLab cannot expand, because they refer to each other.

    A job is left alone where a rule may take it out of the circle. A variable that refers to
    itself is none: GitLab leaves such a name to the runner.
    """
    for job in jobs.stamped(_straight.missing(jobs.stamp_set)):
        found = _circles(job)
        if not found:
            _straight.keep(job.stamp, True)  # noqa: FBT003  what is kept
        for names, variable in found.items():
            origin = variable.origin or job.name_origin
            shown = f"[{', '.join(map(inspect, names))}]"
            said = f"circular variable reference detected: {shown}"
            yield Problem(said, origin.path, origin.span, phase=Phase.CREATE, jobs=(job.name,))


def _circles(job: Job) -> dict[tuple[str, ...], Variable]:
    """The circles that are there whichever rule the job runs by, each with its first variable."""
    found: dict[tuple[str, ...], Variable] = {}
    for number, variant in enumerate(job.variants):
        variables = variant.variables
        waits = {name: _references(one, variables) for name, one in variables.items()}
        circles = {tuple(group): variables[group[0]] for group in circles_in(waits)}
        found = circles if not number else {key: found[key] for key in found if key in circles}
        if not found:
            break
    return found


def _references(variable: Variable, variables: Mapping[str, Variable]) -> list[str]:
    """The variables in a variable's value, in order."""
    raw = variable.raw
    if raw is None or not variable.expand or not ("$" in raw or "%" in raw):
        return []
    named = names_in(raw, Place.GITLAB)
    return [name for name in named if name in variables and name != variable.name]
