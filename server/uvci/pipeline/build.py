"""From files to a pipeline: everything GitLab does with a `.gitlab-ci.yml`, in its order.

Load, inputs, includes, `extends`, `!reference`, `default` and root keywords, `parallel`.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from uvci.pipeline.caches import read_caches
from uvci.pipeline.config import Config
from uvci.pipeline.dependencies import Comparison
from uvci.pipeline.effective import DEFAULT_STAGE, SURROUNDINGS, Effective
from uvci.pipeline.images import read_image
from uvci.pipeline.includes import Gathered, gather
from uvci.pipeline.matrix import matrix_entries
from uvci.pipeline.model import (
    CacheUse,
    ImageUse,
    Job,
    JobKind,
    Pipeline,
    Problem,
    Scope,
    ScriptLine,
    Variant,
)
from uvci.pipeline.scripts import read_scripts
from uvci.pipeline.sources import Files, Settings
from uvci.pipeline.stamps import Memory
from uvci.pipeline.validation.circles import variable_problems
from uvci.pipeline.validation.links import link_problems
from uvci.pipeline.validation.loaded import (
    date_problems,
    interpolation_problems,
    merging_problems,
    size_problems,
)
from uvci.pipeline.validation.root import keyword_problems
from uvci.pipeline.values import Origin, Plain, Table, Unknown
from uvci.pipeline.variables import build_variants, inherited, read_variables, rule_variables
from uvci.syntax.tree import Document
from uvci.text.span import Span


def build_pipeline(
    root: str,
    files: Files,
    settings: Settings | None = None,
    documents: Mapping[str, Document] | None = None,
) -> Pipeline:
    """The pipeline whose root file is at `root`. Never raises.

    `documents` are texts as they are in an editor, parsed; all other files come from `files`.
    """
    gathered = gather(root, files, settings or Settings(), documents or {})
    effective = Effective(Config(gathered.layers, complete=gathered.complete))
    jobs = _jobs(root, effective, gathered.files)
    visible = tuple(job for job in jobs if not job.hidden)
    return Pipeline(
        gathered.sources,
        effective.stages,
        effective.root_variables,
        visible,
        tuple(job for job in jobs if job.hidden),
        tuple(gathered.unread),
        _Parts(effective, gathered, visible),
    )


class _Previous(Struct, frozen=True, eq=False):
    """The last pipeline of a root file: what did not change since is taken from it."""

    effective: Effective
    jobs: Mapping[str, Job]


_previous: Memory[_Previous] = Memory(8)


def _jobs(root: str, effective: Effective, documents: Mapping[str, Document]) -> Iterable[Job]:
    """All jobs; those that did not change and did not move are the ones of the last time."""
    previous = _previous.get(root)
    before = _unmoved(previous, effective)
    last = previous.jobs if previous else {}
    jobs: dict[str, Job] = {}
    for name in effective.config.entries:
        job = before(name)
        if job is None:
            known = last.get(name)
            moved = known is not None and known.stamp == effective.stamp(name)
            kind = known.kind if known and moved else effective.kind(name)
            job = None if kind is None else _job(name, kind, effective, documents)
        if job is not None:
            jobs[name] = job
            effective.known_stamps[name] = job.stamp
    _previous.keep(root, _Previous(effective, jobs))
    return jobs.values()


def _unmoved(previous: _Previous | None, effective: Effective) -> Callable[[str], Job | None]:
    """What gives a job of the last pipeline where it can be kept."""
    if previous is None or previous.effective.surroundings != effective.surroundings:
        return lambda _: None
    same = Comparison(previous.effective.dependencies, effective.dependencies).is_unmoved
    if not all(map(same, SURROUNDINGS)):
        return lambda _: None
    jobs = previous.jobs
    return lambda name: jobs[name] if name in jobs and same(name) else None


def _job(name: str, kind: JobKind, effective: Effective, documents: Mapping[str, Document]) -> Job:
    entry = effective.config.entries[name][-1]
    origin = Origin(entry.layer.path, entry.key, chain=entry.layer.chain)
    return Job(name, kind, origin, _JobParts(name, effective, documents), effective.stamp(name))


class _JobParts(Struct, eq=False):
    """See `uvci.pipeline.model.JobParts`."""

    name: str
    effective: Effective
    documents: Mapping[str, Document]
    known: tuple[Variant, ...] = ()

    def keywords(self) -> Table:
        return self.effective.keywords(self.name)

    def stage(self) -> str:
        stage = self.keywords().entries.get("stage")
        return stage.text if isinstance(stage, Plain) and stage.value is not None else DEFAULT_STAGE

    def variants(self) -> tuple[Variant, ...]:
        self.known = self.known or self._variants()
        return self.known

    def _variants(self) -> tuple[Variant, ...]:
        entries = self.keywords().entries
        inherit = self.keywords().get("inherit", "variables")
        variables = entries.get("variables")
        closed = self.effective.config.complete and not isinstance(variables, Unknown)
        return build_variants(
            [inherited(one, inherit) for one in self.effective.pipeline_variables],
            read_variables(variables, Scope.JOB),
            matrix_entries(entries.get("parallel")),
            rule_variables(entries.get("rules"), Scope.RULE),
            closed=closed,
        )

    def image(self) -> ImageUse | Unknown | None:
        return read_image(self.keywords().entries.get("image"), self.variants())

    def caches(self) -> tuple[CacheUse, ...]:
        return read_caches(self.keywords().entries.get("cache"), self.variants())

    def scripts(self) -> tuple[ScriptLine, ...]:
        return read_scripts(self.keywords(), self.text_of)

    def text_of(self, path: str) -> str:
        document = self.documents.get(path)
        return document.text if document else ""

    def complete(self) -> bool:
        self.keywords()
        return self.name not in self.effective.extended.incomplete


class _Parts(Struct, eq=False):
    """See `uvci.pipeline.model.PipelineParts`."""

    effective: Effective
    gathered: Gathered
    jobs: tuple[Job, ...]

    def merged(self) -> Table:
        entries = {}
        for name in self.effective.config.entries:
            value = self.effective.value(name)
            if value is not None:
                entries[name] = value
        return Table(entries, Origin("", Span(0, 0)))

    def problems(self) -> tuple[Problem, ...]:
        effective = self.effective
        merging = merging_problems(effective)
        return (
            *self.gathered.problems,
            *size_problems(self.gathered.layers),
            *interpolation_problems(self.gathered.layers),
            *date_problems(effective),
            *merging,
            *keyword_problems(effective),
            *link_problems(self.jobs, effective.known_stages, complete=effective.config.complete),
            *variable_problems(self.jobs),
        )
