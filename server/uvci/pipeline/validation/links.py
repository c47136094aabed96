"""What jobs say about each other: stages, `needs`, `dependencies`, environments to stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from uvci.pipeline.matrix import MOST_JOBS, matrix_entries, parallel_names
from uvci.pipeline.model import Job, Phase, Problem
from uvci.pipeline.stamps import Memory
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains

_MATRIX = "$[[ matrix."


@dataclass(frozen=True, slots=True)
class Need:
    """One need as typed; `matrix` is the value of its `parallel`."""

    name: str
    optional: bool = False
    matrix: Value | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """What one job says about others, wherever it stands.

    `names` are those after `parallel`, `variables` the matrix variables of each of them.
    `generators` are jobs that write the configuration of a child pipeline.
    """

    stage: str | None
    needs: tuple[Need, ...] | None
    rule_needs: tuple[tuple[Need, ...], ...] = ()
    dependencies: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    variables: tuple[Mapping[str, str], ...] = ()


@dataclass(slots=True)
class _Expanded:
    """One job after `parallel`."""

    name: str
    job: Job
    stage: str | None
    needs: list[Need] = field(default_factory=list)


_kept: Memory[Links] = Memory(8192)


def link_problems(
    jobs: Sequence[Job], stages: Sequence[str] | None, *, complete: bool
) -> Iterator[Problem]:
    """What GitLab says about stages, needs and dependencies of jobs, in its order.

    Where not all is known (`complete`), a job that is missing may be elsewhere; `stages` is None
    where they are not known.
    """
    links = {job.name: _links(job) for job in jobs}
    expanded = {one.name: one for job in jobs for one in _expanded(job, links[job.name])}
    checker = _Checker(links, expanded, stages, complete)
    for one in expanded.values():
        yield from checker.check(one)
    if complete:
        yield from checker.circles()


def _links(job: Job) -> Links:
    kept = _kept.get(job.stamp)
    return kept if kept is not None else _kept.keep(job.stamp, _read(job))


def _read(job: Job) -> Links:
    entries = job.keywords.entries
    stage = entries.get("stage")
    parallel = entries.get("parallel")
    rules = entries.get("rules")
    found = _flat(rules) if rules is not None else []
    matrix = [variables for label, variables in matrix_entries(parallel) if label]
    return Links(
        None if isinstance(stage, Unknown) else job.stage,
        _needs(entries.get("needs")),
        tuple(
            needs
            for rule in found
            if isinstance(rule, Table) and (needs := _needs(rule.entries.get("needs")))
        ),
        tuple(plain.text for plain in plains(entries.get("dependencies"))),
        tuple(_generators(entries.get("trigger"))),
        parallel_names(job.name, parallel),
        tuple({name: one.raw or "" for name, one in variables.items()} for variables in matrix),
    )


def _generators(trigger: Value | None) -> Iterator[str]:
    include = trigger.entries.get("include") if isinstance(trigger, Table) else None
    for entry in _flat(include) if include is not None else ():
        job = entry.entries.get("job") if isinstance(entry, Table) else None
        if isinstance(job, Plain):
            yield job.text


def _needs(value: Value | None) -> tuple[Need, ...] | None:
    if not isinstance(value, Items):
        return None
    needs: list[Need] = []
    for item in _flat(value):
        if isinstance(item, Plain) and isinstance(item.value, str):
            needs.append(Need(item.value))
        elif isinstance(item, Table) and not item.entries.keys() & {"pipeline", "project"}:
            name, optional = item.entries.get("job"), item.entries.get("optional")
            if isinstance(name, Plain):
                is_optional = isinstance(optional, Plain) and optional.value is True
                needs.append(Need(name.text, is_optional, item.entries.get("parallel")))
    return tuple(needs)


def _flat(value: Value) -> list[Value]:
    if isinstance(value, Items):
        return [below for item in value.values for below in _flat(item)]
    return [value]


def _expanded(job: Job, links: Links) -> Iterator[_Expanded]:
    if not links.names:
        yield _Expanded(job.name, job, links.stage)
    for name in links.names:
        yield _Expanded(name, job, links.stage)


@dataclass(slots=True)
class _Checker:
    links: Mapping[str, Links]
    expanded: Mapping[str, _Expanded]
    stages: Sequence[str] | None
    complete: bool

    def check(self, one: _Expanded) -> Iterator[Problem]:
        links = self.links[one.job.name]
        if self.stages is not None and one.stage is not None and one.stage not in self.stages:
            shown = ", ".join(self.stages)
            yield _problem(
                f"{one.name} job: chosen stage {one.stage} does not exist;"
                f" available stages are {shown}",
                one.job,
                "stage",
            )
            return
        for name in links.dependencies:
            yield from self.check_link(one, "dependency", "dependencies", Need(name))
        one.needs = self.needs(one, links)
        for need in one.needs:
            yield from self.check_link(one, "need", "needs", need)
        names = [need.name for need in one.needs]
        twice = list(dict.fromkeys(name for name in names if names.count(name) > 1))
        if twice:
            shown = ", ".join(twice)
            yield _problem(
                f"{one.name} has the following needs duplicated: {shown}.", one.job, "needs"
            )
        for needs in links.rule_needs:
            for need in needs:
                yield from self.check_link(one, "need", "rules", need)
        for name in links.generators:
            yield from self.check_link(one, "dependency", "trigger", Need(name))

    def check_link(self, one: _Expanded, kind: str, keyword: str, need: Need) -> Iterator[Problem]:
        """One job that another one waits for, or takes artifacts from."""
        names = [need.name] if need.name in self.expanded else self.names_of(need.name)
        if not names:
            if not need.optional and self.complete and "$[[" not in need.name:
                yield _problem(
                    f"{one.name} job: undefined {kind}: {need.name}", one.job, keyword, need.name
                )
            return
        for name in names:
            stage = self.expanded[name].stage
            if self.is_later(stage, one.stage):
                yield _problem(
                    f"{one.name} job: {kind} {name} is not defined in current or prior stages",
                    one.job,
                    keyword,
                    need.name,
                )

    def is_later(self, stage: str | None, other: str | None) -> bool:
        """Whether `stage` comes after `other`, as far as both are known."""
        stages = self.stages or ()
        if stage not in stages or other not in stages:
            return False
        return stages.index(stage) > stages.index(other)

    def names_of(self, name: str) -> list[str]:
        links = self.links.get(name)
        return list(links.names) if links else []

    def needs(self, one: _Expanded, links: Links) -> list[Need]:
        """The needs of one job after `parallel`: of all jobs made of one, or of those it names."""
        needs: list[Need] = []
        for need in links.needs or ():
            names = self.names_of(need.name)
            if names and need.matrix is not None:
                own = self.matrix_of(one, links)
                names = [_filled(name, own) for name in parallel_names(need.name, need.matrix)]
            needs += [Need(name, need.optional) for name in names] if names else [need]
        return needs[: MOST_JOBS * 2]

    def matrix_of(self, one: _Expanded, links: Links) -> Mapping[str, str]:
        index = links.names.index(one.name) if one.name in links.names else -1
        return links.variables[index] if 0 <= index < len(links.variables) else {}

    def circles(self) -> Iterator[Problem]:
        """Jobs that wait for each other."""
        waits = {
            name: [need.name for need in one.needs if need.name in self.expanded]
            for name, one in self.expanded.items()
        }
        for name, needed in waits.items():
            if name in needed:
                yield _circle(f"self-dependency: {name}", self.expanded[name].job)
                return
        for circle in _circles(waits):
            shown = ", ".join(f'"{name}"' for name in circle)
            yield _circle(f"topological sort failed: [{shown}]", self.expanded[circle[0]].job)
            return


def _circle(message: str, job: Job) -> Problem:
    return _problem(f"The pipeline has circular dependencies: {message}", job, "needs")


def _filled(name: str, variables: Mapping[str, str]) -> str:
    """A name with `$[[ matrix.X ]]` replaced by the job's own matrix values."""
    if _MATRIX not in name:
        return name
    for key, value in variables.items():
        name = name.replace(f"$[[ matrix.{key} ]]", value).replace(f"$[[matrix.{key}]]", value)
    return name


def _circles(waits: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The groups of jobs that wait for each other (Tarjan, without recursion)."""
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


def _problem(message: str, job: Job, keyword: str, name: str = "") -> Problem:
    value = job.keywords.entries.get(keyword)
    origin = job.name_origin if value is None else value.origin
    path, span = origin.path, origin.span
    for plain in _plains_below(value):
        if name and plain.text == name:
            path, span = plain.origin.path, plain.origin.span
    return Problem(message, path, span, phase=Phase.JOBS, jobs=(job.name,))


def _plains_below(value: Value | None) -> Iterator[Plain]:
    match value:
        case Plain():
            yield value
        case Items():
            for item in value.values:
                yield from _plains_below(item)
        case Table():
            for below in value.entries.values():
                yield from _plains_below(below)
        case _:
            return
