"""From files to a pipeline: everything GitLab does with a `.gitlab-ci.yml`, in its order.

Load, inputs, includes, `extends`, `!reference`, `default` and root keywords, `parallel`.
"""

from collections.abc import Mapping

from msgspec import Struct

from uvci.pipeline.caches import read_caches
from uvci.pipeline.config import Config
from uvci.pipeline.effective import DEFAULT_STAGE, Effective
from uvci.pipeline.images import read_image
from uvci.pipeline.includes import Gathered, gather
from uvci.pipeline.job_list import JobList
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
    maker = _Maker(root, gathered)
    effective, visible = maker.effective, maker.listed(hidden=False)
    pipeline = Pipeline(
        gathered.sources,
        effective.stages,
        effective.root_variables,
        visible,
        maker.listed(hidden=True),
        tuple(gathered.unread),
        _Parts(effective, gathered, visible),
    )
    _previous.keep(root, maker)
    return pipeline


class _Maker:
    """Makes the jobs of a pipeline; those that did not change and did not move are the last ones.

    `made` holds the jobs of all pipelines of one root file, each with what it was built from.
    """

    def __init__(self, root: str, gathered: Gathered) -> None:
        last = _previous.get(root)
        config = Config(gathered.layers, complete=gathered.complete)
        self.effective: Effective = Effective(config, last.effective if last else None)
        self.documents = gathered.files
        self.made: dict[str, tuple[object, Job]] = last.made if last else {}
        self.asked: dict[str, Job] = {}
        self.lists: dict[bool, tuple[object, object, list[str]]] = dict(last.lists) if last else {}
        self.age: int = last.age + 1 if last else 0
        if self.age == _VERSIONS or len(self.made) > 2 * len(config.entries) + 64:
            self.made, self.age = {}, 0

    def listed(self, *, hidden: bool) -> JobList:
        """The jobs, or the hidden ones."""
        standings, names = self.effective.standings, self.effective.config.entries.names
        found = self.lists.get(hidden)
        if found is None or found[0] is not names or found[1] is not standings.kinds:
            kinds = (JobKind.HIDDEN,) if hidden else (JobKind.SCRIPT, JobKind.TRIGGER)
            chosen = [name for name in names if standings.kinds[name] in kinds]
            self.lists[hidden] = found = (names, standings.kinds, chosen)
        stamps = list(map(standings.stamps.__getitem__, found[2]))
        return JobList(found[2], stamps, self.job)

    def job(self, name: str) -> Job:
        """The job of that name, which there must be; always the same."""
        asked = self.asked.get(name)
        return asked if asked is not None else self.asked.setdefault(name, self._job(name))

    def _job(self, name: str) -> Job:
        basis = self.effective.basis(name)
        known = self.made.get(name)
        if known is not None and known[0] == basis:
            return known[1]
        effective = self.effective
        kind, stamp = effective.standings.kinds[name], effective.standings.stamps[name]
        entry = effective.config.entries[name][-1]
        origin = Origin(entry.layer.path, entry.key, chain=entry.layer.chain)
        parts = _JobParts(name, effective, self.documents)
        job = Job(name, kind or JobKind.SCRIPT, origin, parts, stamp)
        self.made[name] = (basis, job)
        return job


_previous: Memory[_Maker] = Memory(8)
_VERSIONS = 16
"""Over how many versions jobs are kept: each holds the whole version that it was made for."""


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
    jobs: JobList

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
