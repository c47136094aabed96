"""From files to a pipeline: everything GitLab does with a `.gitlab-ci.yml`, in its order.

Load, inputs, includes, `extends`, `!reference`, `default` and root keywords, `parallel`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from uvci.pipeline.caches import read_caches
from uvci.pipeline.config import Config
from uvci.pipeline.effective import DEFAULT_STAGE, Effective
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
from uvci.pipeline.stamps import Memory, Stamp
from uvci.pipeline.validation.links import link_problems
from uvci.pipeline.validation.loaded import date_problems, interpolation_problems, merging_problems
from uvci.pipeline.validation.root import keyword_problems
from uvci.pipeline.values import Origin, Plain, Table, Unknown
from uvci.pipeline.variables import build_variants, inherited, read_variables, rule_variables
from uvci.syntax.tree import Document
from uvci.text.span import Span

_previous: Memory[dict[str, tuple[Stamp, Job]]] = Memory(8)


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


def _jobs(root: str, effective: Effective, documents: Mapping[str, Document]) -> list[Job]:
    """All jobs; those that did not change and did not move are the ones of the last time."""
    before = _previous.get(root) or {}
    jobs: dict[str, tuple[Stamp, Job]] = {}
    for name in effective.config.entries:
        kind = effective.kind(name)
        if kind is None:
            continue
        content, placed = effective.stamps(name)
        known = before.get(name)
        if known is None or known[0] != placed:
            known = placed, _job(name, kind, content, effective, documents)
        jobs[name] = known
    _previous.keep(root, jobs)
    return [job for _, job in jobs.values()]


def _job(
    name: str,
    kind: JobKind,
    content: Stamp,
    effective: Effective,
    documents: Mapping[str, Document],
) -> Job:
    path, span = effective.config.where(name)
    chain = effective.config.entries[name][-1].layer.chain
    return Job(
        name, kind, Origin(path, span, chain=chain), _JobParts(name, effective, documents), content
    )


@dataclass(slots=True, eq=False)
class _JobParts:
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


@dataclass(slots=True, eq=False)
class _Parts:
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
            *interpolation_problems(self.gathered.layers),
            *date_problems(effective),
            *merging,
            *keyword_problems(effective),
            *link_problems(self.jobs, effective.known_stages, complete=effective.config.complete),
        )
