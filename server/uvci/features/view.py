"""What a feature is given and what it answers, in offsets and plain values."""

from collections.abc import Callable, Mapping
from enum import Enum

from msgspec import Struct, field

from uvci.pipeline.model import Pipeline
from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.sources import Files, Settings
from uvci.rules.rule import FileEdit, Finding
from uvci.syntax.tree import Document
from uvci.text.edits import TextEdit
from uvci.text.span import Span


class View(Struct, frozen=True, eq=False):
    """One open file within its pipeline. `path` is posix and relative to the repository.

    `document` is the text as it is in the editor now; `pipeline` was built from the same snapshot
    (the root's pipeline, so `path` may be an included file). `findings` are those of this file,
    `findings_after` those once some files, by path, have other texts.
    """

    path: str
    document: Document
    pipeline: Pipeline
    project: PythonProject
    files: Files
    settings: Settings = field(default_factory=Settings)
    findings: Callable[[], tuple[Finding, ...]] = tuple
    gitlab_keywords: bool = True
    findings_after: Callable[[Mapping[str, str]], tuple[Finding, ...]] | None = None


class ItemKind(Enum):
    """What a completion item stands for."""

    IMAGE = "image"
    TAG = "tag"
    VARIABLE = "variable"
    VALUE = "value"
    KEYWORD = "keyword"
    COMMAND = "command"
    FLAG = "flag"
    FILE = "file"
    JOB = "job"
    REFERENCE = "reference"
    SNIPPET = "snippet"


class CompletionItem(Struct, frozen=True):
    """One completion. `edit.span` (what replacing replaces) starts where `insert` starts.

    `insert` is the shorter span, up to the cursor, for editors that insert. `edit.content` is
    plain text, except where `snippet` is set: then that holds `${1:…}` placeholders and
    `edit.content` the same text with their defaults. `filter` is matched against what is typed
    from `edit.span.start` on. Items come best first; `sort` keeps that order for editors.
    `documentation` is Markdown and may be costly, hence a call. `detail` is a short note.
    """

    label: str
    kind: ItemKind
    edit: TextEdit
    insert: Span
    filter: str
    sort: str
    detail: str = ""
    description: str = ""
    documentation: Callable[[], str] | None = None
    snippet: str | None = None
    additional: tuple[TextEdit, ...] = ()
    deprecated: bool = False
    preselect: bool = False
    retrigger: bool = False


class CompletionList(Struct, frozen=True):
    """All items for a place; `incomplete` only when the list was cut."""

    items: tuple[CompletionItem, ...] = ()
    incomplete: bool = False


class Hover(Struct, frozen=True):
    """A hover: Markdown whose first line answers, and the span it speaks of."""

    markdown: str
    span: Span


class Annotation(Struct, frozen=True):
    """What an edit of an action is for, to be shown beside it before it is made.

    `confirm`: the author should look at it first.
    """

    label: str
    description: str = ""
    confirm: bool = False


class CodeAction(Struct, frozen=True):
    """Something to press. `kind` is dotted as editors know it (`quickfix`, `refactor.extract`).

    `findings` are those it removes. `disabled` says why it cannot be pressed here. `edits` are
    computed on request, and `annotate` says of each what it is for.
    """

    title: str
    kind: str
    edits: Callable[[], tuple[FileEdit, ...]]
    findings: tuple[Finding, ...] = ()
    preferred: bool = False
    disabled: str = ""
    annotate: Callable[[FileEdit], Annotation] | None = None


class Place(Struct, frozen=True):
    """A range of a file of the repository."""

    path: str
    span: Span
