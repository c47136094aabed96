"""GitLab's check of what jobs say about each other: stages, `needs`, environments to stop."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from uvci.pipeline.job_list import JobList
from uvci.pipeline.matrix import MOST_JOBS, parallel_names
from uvci.pipeline.model import Job, Phase, Problem
from uvci.pipeline.stamps import Memory
from uvci.pipeline.validation.circles import circles_in
from uvci.pipeline.validation.job_links import Links, Need, link_stamps, links_of
from uvci.pipeline.validation.stops import stop_fault
from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.text.patterns import lazy_re

_MATRIX = lazy_re(r"\$\[\[\s*matrix\.([a-zA-Z0-9_-]+)\s*\]\]")


class _Expanded(Struct):
    """One job after `parallel`."""

    name: str
    job: Job
    links: Links
    needs: list[Need] = field(default_factory=list)


_faultless: Memory[bool] = Memory(64)


def link_problems(
    jobs: JobList, stages: Sequence[str] | None, *, complete: bool
) -> tuple[Problem, ...]:
    """What GitLab says about stages, needs and dependencies of jobs, in its order.

    Where not all is known (`complete`), a job that is missing may be elsewhere; `stages` is None
    where they are not known. Of the jobs that `parallel` makes of one, the first is named.
    """
    key = (complete, stages and tuple(stages), link_stamps(jobs))
    if _faultless.get(key):
        return ()
    known = {job.name: _Expanded(job.name, job, links_of(job)) for job in jobs}
    checker = _Checker(known, stages, complete)
    problems = tuple(checker.problems())
    if not problems:
        _faultless.keep(key, True)  # noqa: FBT003  what is kept
    return problems


class _Checker(Struct):
    """Checks the jobs of one pipeline; `known` are they, then also those `parallel` makes."""

    known: dict[str, _Expanded]
    stages: Sequence[str] | None
    complete: bool
    checked: list[_Expanded] = field(default_factory=list)

    def problems(self) -> Iterator[Problem]:
        for one in list(self.known.values()):
            for name in one.links.names:
                self.known.setdefault(name, _Expanded(name, one.job, one.links))
        for one in list(self.known.values()):
            if one.name == one.job.name and one.links.names:
                continue  # `parallel` puts others in its place
            found = list(self.check(one))
            if one.name in (one.job.name, *one.links.names[:1]):
                yield from found
        if self.complete:
            yield from self.circles()

    def check(self, one: _Expanded) -> Iterator[Problem]:
        links = one.links
        if self.stages is not None and self.stage(links) not in (None, *self.stages):
            shown = ", ".join(self.stages)
            said = f"chosen stage {links.stage} does not exist; available stages are {shown}"
            yield _problem(f"{one.name} job: {said}", one.job, "stage")
            return
        for name in links.dependencies:
            yield from self.check_link(one, "dependency", "dependencies", Need(name))
        one.needs = self.needs(one)
        for name in self.unset_matrix_names(one):
            said = f"{one.job.name} job: '{name}' does not exist in matrix configuration"
            yield _problem(said, one.job, "needs")
        for need in one.needs:
            yield from self.check_link(one, "need", "needs", need)
        names = [need.name for need in one.needs]
        twice = list(dict.fromkeys(name for name in names if names.count(name) > 1))
        if twice:
            said = f"{one.name} has the following needs duplicated: {', '.join(twice)}."
            yield _problem(said, one.job, "needs")
        for need in links.rule_needs:
            yield from self.check_link(one, "need", "rules", need)
        for name in links.generators:
            yield from self.check_link(one, "dependency", "trigger", Need(name))
        yield from self.check_stop(one)

    def check_stop(self, one: _Expanded) -> Iterator[Problem]:
        """The job that stops this one's environment."""
        mine = one.links.deployment
        if mine is None or not mine.on_stop:
            return
        stopper = self.known.get(mine.on_stop)
        if stopper is None or (stopper.name == stopper.job.name and stopper.links.names):
            fault = "is not defined" if self.complete else None
        else:
            fault = stop_fault(mine, stopper.links.deployment)
        if fault is not None and (self.complete or stopper is None or stopper.links.deployment):
            said = f"{one.name} job: on_stop job {mine.on_stop} {fault}"
            yield _problem(said, one.job, "environment", mine.on_stop)

    def check_link(self, one: _Expanded, kind: str, keyword: str, need: Need) -> Iterator[Problem]:
        """One job that another one waits for, or takes artifacts from."""
        other = self.known.get(need.name)
        if other is None:
            if not need.optional and self.complete and "$[[" not in need.name:
                said = f"{one.name} job: undefined {kind}: {need.name}"
                yield _problem(said, one.job, keyword, need.name)
            return
        if self.is_later(self.stage(other.links), self.stage(one.links)):
            name = (
                next(iter(other.links.names), other.name)
                if other.name == other.job.name
                else other.name
            )
            said = f"{one.name} job: {kind} {name} is not defined in current or prior stages"
            yield _problem(said, one.job, keyword, need.name)

    def stage(self, links: Links) -> str | None:
        """The stage that is surely the job's: one nobody typed may be set in an unread file."""
        return links.stage if self.complete or links.is_stage_typed else None

    def is_later(self, stage: str | None, other: str | None) -> bool:
        """Whether `stage` comes after `other`, as far as both are known."""
        stages = self.stages or ()
        if stage not in stages or other not in stages:
            return False
        return stages.index(stage) > stages.index(other)

    def needs(self, one: _Expanded) -> list[Need]:
        """The needs of one job after `parallel`: of all jobs made of one, or of those it names."""
        needs: list[Need] = []
        for need in one.links.needs:
            other = self.known.get(need.name)
            names = other.links.names if other and other.name == other.job.name else ()
            if names and need.matrix is not None:
                own = dict(self.matrix_of(one))
                names = tuple(_filled(name, own) for name in parallel_names(need.name, need.matrix))
            needs += [Need(name, need.optional) for name in names] if names else [need]
        return needs[: MOST_JOBS * 2]

    def unset_matrix_names(self, one: _Expanded) -> list[str]:
        """What needs take from the job's own matrix although it is not there."""
        if not self.complete or not one.links.names:
            return []
        found = (name[1] for need in one.needs for name in _MATRIX.finditer(need.name))
        return list(dict.fromkeys(found))

    def matrix_of(self, one: _Expanded) -> Sequence[tuple[str, str]]:
        links = one.links
        index = links.names.index(one.name) if one.name in links.names else -1
        return links.variables[index] if 0 <= index < len(links.variables) else ()

    def circles(self) -> Iterator[Problem]:
        """Jobs that wait for each other."""
        waits = {
            name: [need.name for need in one.needs if need.name in self.known]
            for name, one in self.known.items()
        }
        for name, needed in waits.items():
            if name in needed:
                yield _circle(f"self-dependency: {name}", self.known[name].job)
                return
        for circle in circles_in(waits):
            shown = ", ".join(f'"{name}"' for name in circle)
            yield _circle(f"topological sort failed: [{shown}]", self.known[circle[0]].job)
            return


def _circle(message: str, job: Job) -> Problem:
    return _problem(f"The pipeline has circular dependencies: {message}", job, "needs")


def _filled(name: str, variables: Mapping[str, str]) -> str:
    """A name with `$[[ matrix.X ]]` replaced by the job's own matrix values."""
    return _MATRIX.sub(lambda found: variables.get(found[1], found[0]), name)


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
