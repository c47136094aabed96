"""Which rules look at which jobs: a rule is not asked again what it has answered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress

from msgspec import Struct, field
from msgspec.structs import replace

from uvci.pipeline.job_list import JobList
from uvci.pipeline.model import Job
from uvci.pipeline.stamps import Stamp
from uvci.rules.rule import Context, Finding, Rule, is_ever_run

_MOST_JOBS = 50_000


class Looked(Struct):
    """What is known of jobs that the same rules have looked at with the same settings.

    `again` holds, by the stamp of a job, the codes of the rules that have something to do with it;
    the others find nothing there for as long as nothing but the texts of pipelines changes.
    `left_out` are those that are in no pipeline. Pipelines of one repository share it: a job that
    is the same in two of them is looked at once.
    """

    again: dict[Stamp, tuple[str, ...]] = field(default_factory=dict)
    left_out: set[Stamp] = field(default_factory=set)

    def run_ever(self, jobs: JobList, new: Iterable[Job]) -> JobList:
        """Those of `jobs` that may be in a pipeline; `new` are those never looked at before."""
        never = [job.stamp for job in new if not is_ever_run(job)]
        self.left_out.update(never)
        self.again.update(dict.fromkeys(never, ()))
        return jobs.without(self.left_out)


def go_on() -> None:
    """The pause before a rule that is none."""


def ask(
    rules: Sequence[Rule], context: Context, looked: Looked, pause: Callable[[], None] = go_on
) -> Iterator[Finding]:
    """What the rules find in a pipeline, rule by rule; `looked` is read and added to.

    `pause` is called before each rule; an exception of its own ends the work.
    """
    if len(looked.again) > _MOST_JOBS:
        looked.again, looked.left_out = {}, set()
    jobs, known = context.pipeline.jobs, looked.again
    new = jobs.stamped(jobs.stamp_set.difference(known))
    again = _by_rule(jobs, known)
    context = replace(context, judged=looked.run_ever(jobs, new))
    new = [job for job in new if job.stamp not in looked.left_out]
    kept: dict[str, list[str]] = {job.name: [] for job in new}
    all_new = jobs.chosen(kept)
    for rule in rules:
        pause()
        if rule.whole and rule.concerns is None:
            yield from rule.check(context)
            continue
        concerned, others = _concerned(rule, new, context), again.get(rule.code)
        if not concerned and not others:
            continue
        judged = all_new
        if others or concerned is not new:
            judged = jobs.chosen({*[job.name for job in concerned], *(others or ())})
        found = tuple(rule.check(replace(context, judged=judged)))
        yield from found
        for name in {job.name for job in concerned} if rule.whole else _names(found):
            if name in kept:
                kept[name].append(rule.code)
    known.update((job.stamp, tuple(kept[job.name])) for job in new)


def _by_rule(jobs: JobList, known: Mapping[Stamp, tuple[str, ...]]) -> dict[str, list[str]]:
    """The names of the jobs that each rule has to look at again, by its code."""
    again: dict[str, list[str]] = {}
    codes = list(map(known.get, jobs.stamps))
    for name, told in compress(zip(jobs.names, codes, strict=True), codes):
        for code in told or ():
            again.setdefault(code, []).append(name)
    return again


def _concerned(rule: Rule, jobs: list[Job], context: Context) -> list[Job]:
    concerns = rule.concerns
    return jobs if concerns is None else [job for job in jobs if concerns(job, context)]


def _names(found: tuple[Finding, ...]) -> set[str]:
    return {job for finding in found for job in finding.jobs}
