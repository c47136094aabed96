"""The effective pipeline, as rules and editor features see it."""

from collections.abc import Mapping as MappingOf
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from uvci.catalog.versions import UvVersion
from uvci.pipeline.values import Origin, Plain, Table, Unknown, Value
from uvci.syntax.tree import Document
from uvci.text.span import Span

if TYPE_CHECKING:
    from uvci.pipeline.job_list import JobList


class SourceFile(Struct, frozen=True, eq=False):
    """One file of the pipeline: `path` is posix and relative to the repository."""

    path: str
    document: Document


class Phase(Enum):
    """The steps of GitLab's work in which it may refuse a pipeline; each stops the later ones.

    `CREATE` comes after all that its linter does: when jobs are made for a commit.
    """

    LOAD = "load"
    INCLUDE = "include"
    EXTENDS = "extends"
    REFERENCE = "reference"
    DEFAULT = "default"
    VALIDATE = "validate"
    JOBS = "jobs"
    CREATE = "create"


class Problem(Struct, frozen=True):
    """What GitLab refuses or warns about, in GitLab's words (`warning` marks the latter).

    `jobs` are the visible jobs that it is about, as far as GitLab names them. What is wrong with
    the inputs of one file is said in one breath: `file` is what GitLab begins with then.
    """

    message: str
    path: str
    span: Span
    warning: bool = False
    phase: Phase = Phase.VALIDATE
    jobs: tuple[str, ...] = ()
    file: str | None = None


# ---------------------------------------------------------------- variables


class Scope(Enum):
    """Where a variable is set, lowest precedence first (GitLab docs: CI/CD variable precedence)."""

    PREDEFINED = "predefined"
    ROOT = "root"
    WORKFLOW_RULE = "workflow:rules"
    JOB = "job"
    MATRIX = "parallel:matrix"
    RULE = "rules"
    SCRIPT = "script"


class Variable(Struct, frozen=True, eq=False, gc=False):
    """One variable as a job sees it. `raw` is its unexpanded text, None when unknown."""

    name: str
    raw: str | None
    scope: Scope
    origin: Origin | None
    expand: bool = True


class Variant(Struct, frozen=True, eq=False, dict=True):
    """One set of variables a job may run with: a matrix entry, combined with `rules:variables`.

    `matrix` holds the entry's own names and values; `label` reads `[3.12, linux]` as GitLab names
    the job, empty without a matrix. `closed` is False where more variables may come from places
    that cannot be read (an include that was not found); names that are not in `variables` may
    always be set in the project's settings, and are unknown.
    """

    variables: MappingOf[str, Variable]
    matrix: MappingOf[str, str] = field(default_factory=dict)
    label: str = ""
    closed: bool = True


class Part(Enum):
    """What a piece of an expanded text is."""

    LITERAL = "literal"
    VARIABLE = "variable"


class Piece(Struct, frozen=True, gc=False):
    """A piece of a text with variables: `span` is relative to the text before expansion.

    `value` is what it expands to, None when unknown. `variable` is the definition used.
    """

    part: Part
    span: Span
    name: str
    value: str | None
    variable: Variable | None = None


class Expansion(Struct, frozen=True):
    """A text after its variables are replaced for one variant; `text` is None when unknown."""

    text: str | None
    pieces: tuple[Piece, ...]
    variant: Variant


# ---------------------------------------------------------------- parts of a job


class ImageUse(Struct, frozen=True, eq=False):
    """A job's image. `name` is the scalar that names it; `value` the whole `image:` value.

    `entrypoint` is None when not set, Unknown when set to something unreadable.
    """

    name: Plain
    value: Value
    expansions: tuple[Expansion, ...]
    entrypoint: tuple[str, ...] | Unknown | None = None


class TextUse(Struct, frozen=True, eq=False):
    """A text with variables at a place (a cache path, a key), expanded per variant."""

    plain: Plain
    expansions: tuple[Expansion, ...]


class KeyKind(Enum):
    """The forms of `cache:key`."""

    DEFAULT = "default"
    TEXT = "text"
    FILES = "files"
    UNKNOWN = "unknown"


class CacheKey(Struct, frozen=True, eq=False):
    """`cache:key`: a text, or files with an optional prefix."""

    kind: KeyKind
    origin: Origin | None
    text: TextUse | None = None
    files: tuple[Plain, ...] = ()
    prefix: TextUse | None = None


class CacheUse(Struct, frozen=True, eq=False):
    """One cache of a job; `value` is its whole entry. `policy` is None when unknown."""

    key: CacheKey
    paths: tuple[TextUse, ...]
    value: Table
    policy: str | None = "pull-push"
    when: str | None = "on_success"
    untracked: bool = False
    complete: bool = True


class Section(Enum):
    """The script keywords, in the order they run; AFTER runs in a shell of its own."""

    BEFORE = "before_script"
    MAIN = "script"
    AFTER = "after_script"


class ScriptLine(Struct, frozen=True, eq=False):
    """One item of a script: `text` is what the shell gets, `plain` the scalar it is typed in.

    `index` counts the flattened items of its section. Spans of commands in it are relative to
    `text`; `uvci.pipeline.scripts.span_in_file` turns them into spans of the origin's file.
    `file_text` is the text of that file.
    """

    section: Section
    index: int
    text: str
    plain: Plain
    file_text: str = ""


class UvRelease(Struct, frozen=True):
    """The uv a job runs: from its image's tag, an installer, or the settings."""

    version: UvVersion
    source: str
    origin: Origin | None


class JobKind(Enum):
    """What GitLab makes of a root entry."""

    SCRIPT = "script"
    TRIGGER = "trigger"
    HIDDEN = "hidden"


class JobParts(Protocol):
    """Works out what is asked for about one job, once."""

    def keywords(self) -> Table:
        """See `Job.keywords`."""

    def stage(self) -> str:
        """See `Job.stage`."""

    def variants(self) -> tuple[Variant, ...]:
        """See `Job.variants`."""

    def image(self) -> ImageUse | Unknown | None:
        """See `Job.image`."""

    def caches(self) -> tuple[CacheUse, ...]:
        """See `Job.caches`."""

    def scripts(self) -> tuple[ScriptLine, ...]:
        """See `Job.scripts`."""

    def complete(self) -> bool:
        """See `Job.complete`."""


class Job(Struct, frozen=True, eq=False, dict=True, weakref=True):
    """One job (or hidden entry) with its effective keywords, each worked out when asked for.

    `name_origin` is where its name is typed. `stamp` is equal for jobs whose effective content is
    equal, wherever it stands: results about a job may be kept under it over edits elsewhere.
    """

    name: str
    kind: JobKind
    name_origin: Origin
    parts: JobParts
    stamp: int = 0

    @cached_property
    def keywords(self) -> Table:
        """Its keywords with `extends`, `!reference`, `default` and root keywords applied."""
        return self.parts.keywords()

    @cached_property
    def stage(self) -> str:
        """The stage it runs in."""
        return self.parts.stage()

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The sets of variables it may run with; never empty."""
        return self.parts.variants()

    @cached_property
    def image(self) -> ImageUse | Unknown | None:
        """Its image, None where it has none."""
        return self.parts.image()

    @cached_property
    def caches(self) -> tuple[CacheUse, ...]:
        """Its caches."""
        return self.parts.caches()

    @cached_property
    def scripts(self) -> tuple[ScriptLine, ...]:
        """The items of its scripts, in the order they run."""
        return self.parts.scripts()

    @cached_property
    def complete(self) -> bool:
        """Whether all its keywords are known.

        False when something that cannot be read may add some (an unreadable include with a base it
        extends): rules about absence are silent then.
        """
        return self.parts.complete()

    @property
    def hidden(self) -> bool:
        """Whether it is a template: its name starts with a dot."""
        return self.kind is JobKind.HIDDEN


class PipelineParts(Protocol):
    """Works out what is asked for about a pipeline, once."""

    def merged(self) -> Table:
        """See `Pipeline.merged`."""

    def problems(self) -> tuple[Problem, ...]:
        """See `Pipeline.problems`."""


class Pipeline(Struct, frozen=True, eq=False, dict=True):
    """All of one pipeline: its files (the root first) and jobs.

    `jobs` are the visible ones in GitLab's order, `hidden` the templates. `unread` are includes
    that cannot be read offline; where there are any, what is missing may still be there.
    """

    files: tuple[SourceFile, ...]
    stages: tuple[str, ...]
    root_variables: MappingOf[str, Variable]
    jobs: "JobList"
    hidden: "JobList"
    unread: tuple[Unknown, ...]
    parts: PipelineParts

    @cached_property
    def merged(self) -> Table:
        """The configuration of all files after inputs, includes, `extends` and `!reference`."""
        return self.parts.merged()

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What GitLab refuses or warns about."""
        return self.parts.problems()

    def file(self, path: str) -> SourceFile | None:
        """The file at `path`, if the pipeline has it."""
        return next((file for file in self.files if file.path == path), None)

    def job(self, name: str) -> Job | None:
        """The job or hidden entry of that name."""
        return self.jobs.get(name) or self.hidden.get(name)
