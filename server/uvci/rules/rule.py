"""What a rule is, what it finds, and what a fix promises."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, IntEnum

from msgspec import Struct, field

from uvci.pipeline.model import Job, Pipeline
from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.sources import Files, Settings
from uvci.pipeline.values import Origin
from uvci.pipeline.variables import never_let_in
from uvci.text.edits import TextEdit
from uvci.text.span import Span


class Severity(IntEnum):
    """How bad it is; higher is worse.

    ERROR: the pipeline or job will fail. WARNING: likely a bug, or silently does nothing.
    INFO: probably not intended. HINT: a better way exists, and a fix does it.
    """

    HINT = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class Applicability(Enum):
    """SAFE: meaning stays, or only the reported defect changes. UNSAFE: the author must agree."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class FindingTag(Enum):
    """How an editor may show it: greyed out, or struck through."""

    UNNECESSARY = "unnecessary"
    DEPRECATED = "deprecated"


class FileEdit(Struct, frozen=True, order=True):
    """An edit of one file of the repository."""

    path: str
    edit: TextEdit


class Change(Struct, frozen=True):
    """A part of the effective pipeline that a fix says it changes.

    `job` is a job's name, `*` for every job, or the empty text for the root; `keys` the path below
    it: `Change("test", ("cache",))` allows any difference in or below the job's `cache`.
    """

    job: str
    keys: tuple[str, ...] = ()


class Fix(Struct, frozen=True):
    """Edits that remove a finding. `declares` is everything the effective pipeline may change.

    `uncovers`: it gives a name to what no rule could read before, as a slip in a command. What
    other rules say of the same jobs then was true all along, and does not speak against it.
    `keeps` must hold of the pipelines before and after, where what changes is not all to be proven.
    """

    title: str
    edits: tuple[FileEdit, ...]
    applicability: Applicability = Applicability.SAFE
    preferred: bool = False
    declares: tuple[Change, ...] = ()
    uncovers: bool = False
    keeps: Callable[[Pipeline, Pipeline], bool] | None = None


class Related(Struct, frozen=True):
    """Another place that belongs to a finding, with a few words on how."""

    path: str
    span: Span
    message: str


class Finding(Struct, frozen=True, eq=False):
    """One mistake at one place. `jobs` are the visible jobs it hits, in pipeline order.

    A rule may find a mistake once for each job: `uvci.rules.check.check` makes one finding of all
    that say the same about the same place, and puts the jobs' names where `message` says `{jobs}`.
    `fixes` makes the candidate fixes, best first; `uvci.rules.proof.proven_fixes` offers only
    those that hold what they declare.
    """

    rule: "Rule"
    message: str
    path: str
    span: Span
    severity: Severity
    jobs: tuple[str, ...] = ()
    fixes: Callable[[], tuple[Fix, ...]] = tuple
    related: tuple[Related, ...] = ()
    tags: tuple[FindingTag, ...] = ()


def is_ever_run(job: Job) -> bool:
    """Whether a job may be in a pipeline: what its `rules` always leave out fails nowhere."""
    return not never_let_in(job.keywords.entries.get("rules"))


class Context(Struct, frozen=True, eq=False):
    """All a rule may look at. A rule judges `jobs`; for the rest it looks at the whole pipeline.

    `judged` narrows `jobs` down to those about which something may be found.
    """

    pipeline: Pipeline
    project: PythonProject
    files: Files
    settings: Settings = field(default_factory=Settings)
    judged: Sequence[Job] | None = None

    @property
    def jobs(self) -> Sequence[Job]:
        """The visible jobs to judge, in GitLab's order."""
        if self.judged is not None:
            return self.judged
        return tuple([job for job in self.pipeline.jobs if is_ever_run(job)])


class Example(Struct, frozen=True):
    """A pipeline that shows the rule: `bad` marks the finding's span with `«…»`.

    `good` is `bad` after the preferred fix; None where there is nothing to fix automatically, and
    then `instead` shows what to write. `files` are other files of the repository.
    """

    bad: str
    good: str | None = None
    instead: str | None = None
    files: dict[str, str] = field(default_factory=dict)


class FixKind(Enum):
    """Whether a rule's findings can be fixed."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


class Rule(Struct, frozen=True, eq=False):
    """One rule: metadata, docs, check and examples together.

    `code` is `UVC101`, `name` its kebab-case name, `since` the first uvci with it. `what` and `why`
    are the texts under *What it does* and *Why it matters*; `references` are addresses. `whole`:
    what it finds about a job depends on other jobs or texts too, not only on the job itself, the
    project's files and the settings. `concerns` tells of one job, by these three alone, whether
    such a rule may have anything to do with it: the other jobs are not shown to it.
    """

    code: str
    name: str
    severity: Severity
    fix: FixKind
    what: str
    why: str
    check: Callable[[Context], Iterable[Finding]]
    examples: tuple[Example, ...]
    references: tuple[str, ...]
    since: str = "0.1.0"
    whole: bool = False
    concerns: Callable[[Job, Context], bool] | None = None

    @property
    def url(self) -> str:
        """The page that explains what the rule is about."""
        return self.references[0]

    def at(  # noqa: PLR0913  a finding has this many parts
        self,
        origin: Origin,
        message: str,
        job: str | None = None,
        *,
        severity: Severity | None = None,
        fixes: Callable[[], tuple[Fix, ...]] = tuple,
        related: tuple[Related, ...] = (),
        tags: tuple[FindingTag, ...] = (),
    ) -> Finding:
        """A finding of this rule at the place of `origin`, in the visible job `job`."""
        return Finding(
            self,
            message,
            origin.path,
            origin.span,
            self.severity if severity is None else severity,
            (job,) if job is not None else (),
            fixes,
            related,
            tags,
        )
