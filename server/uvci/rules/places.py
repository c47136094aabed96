"""Where in a file new keywords go: a job, a template, `default`, or the root."""

from msgspec import Struct

from uvci.pipeline.model import Job
from uvci.pipeline.values import Origin
from uvci.rules.edits import job_pair, setting_changes, typed_pair
from uvci.rules.rule import Change, Context, FileEdit
from uvci.syntax.layout import file_indents, newline_of
from uvci.syntax.patch import Block, append_root, insert_item, insert_pair, set_value
from uvci.syntax.tree import Document, Mapping, Pair, Scalar, Sequence
from uvci.syntax.writing import written_pair
from uvci.text.edits import TextEdit


class Owner(Struct, frozen=True, eq=False):
    """A mapping of keywords: that of the root entry `name`, or the root itself (`name` empty)."""

    path: str
    document: Document
    name: str
    mapping: Mapping

    @property
    def is_shared(self) -> bool:
        """Whether every job gets its keywords: it is `default` or the root."""
        return self.name in ("", "default")

    def get(self, keyword: str) -> Pair | None:
        """The pair of a keyword, as typed."""
        return self.mapping.pair(keyword)

    def add(
        self, keyword: str, value: Block, *, before: Pair | None = None, after: Pair | None = None
    ) -> tuple[FileEdit, ...]:
        """The edits that add a keyword it does not have."""
        edits = insert_pair(self.document, self.mapping, keyword, value, before=before, after=after)
        return self._edits(self._spaced(edits) if before and not self.name else edits)

    def add_below(self, pair: Pair, keyword: str, value: Block) -> tuple[FileEdit, ...]:
        """The edits that add a keyword to the mapping that is the value of one of its pairs."""
        below = pair.value
        if isinstance(below, Mapping) and below.pair(keyword):
            return ()
        return self._edits(insert_pair(self.document, pair, keyword, value))

    def append_root(self, name: str, value: dict[str, Block]) -> tuple[FileEdit, ...]:
        """The edits that add a root entry at the end of its file."""
        lines = written_pair(name, value, file_indents(self.document, self.mapping.span.start))
        return self._edits(append_root(self.document, "\n".join(lines)))

    def append(self, keyword: str, value: Block) -> tuple[FileEdit, ...]:
        """The edits that add an item to a list of it, which may not be there yet."""
        pair = self.get(keyword)
        if pair is None:
            return self.add(keyword, [value], after=_last_script(self.mapping))
        if not isinstance(pair.value, Scalar | Sequence):
            return ()
        return self._edits(insert_item(self.document, pair, value))

    def set_variable(self, name: str, value: str, before: str = "script") -> tuple[FileEdit, ...]:
        """The edits after which it sets a variable; for `default`, the root does."""
        mapping = self.document.mapping if self.is_shared else self.mapping
        if mapping is None:
            return ()
        variables = mapping.pair("variables")
        if variables is None:
            place = self._first_of(before) if not self.is_shared else mapping.pairs[0]
            block: Block = {name: value}
            edits = insert_pair(self.document, mapping, "variables", block, before=place)
            return self._edits(self._spaced(edits) if self.is_shared else edits)
        if not isinstance(variables.value, Mapping | Scalar):
            return ()
        known = variables.value.pair(name) if isinstance(variables.value, Mapping) else None
        if known is not None:
            return self._edits(set_value(self.document, known, value))
        return self._edits(insert_pair(self.document, variables, name, value))

    def _first_of(self, name: str) -> Pair | None:
        """The pair of that name, or `before_script` where that stands before it."""
        pairs = filter(None, (self.mapping.pair("before_script"), self.mapping.pair(name)))
        return min(pairs, key=lambda pair: pair.key.span.start, default=None)

    def variable_changes(self, name: str) -> tuple[Change, ...]:
        """The promise to set a variable."""
        return setting_changes(name)

    def _spaced(self, edits: tuple[TextEdit, ...]) -> tuple[TextEdit, ...]:
        """A new root entry with a blank line behind it."""
        newline = newline_of(self.document.text)
        return tuple(TextEdit(edit.span, edit.content + newline) for edit in edits)

    def _edits(self, edits: tuple[TextEdit, ...]) -> tuple[FileEdit, ...]:
        return tuple(FileEdit(self.path, edit) for edit in edits)


def job_owner(job: Job, context: Context) -> Owner | None:
    """The mapping that a job is typed as; None where it is something else."""
    pair = job_pair(job, context)
    if pair is None or not isinstance(pair.pair.value, Mapping):
        return None
    return Owner(pair.path, pair.document, job.name, pair.pair.value)


def owner_of(origin: Origin, context: Context) -> Owner | None:
    """The mapping in which the keyword stands whose value is typed at `origin`."""
    typed = typed_pair(origin, context)
    root = typed.document.mapping if typed else None
    if typed is None or root is None:
        return None
    if typed.mapping is root:
        return Owner(typed.path, typed.document, "", root)
    for pair in root.pairs:
        if pair.value is typed.mapping and isinstance(pair.key, Scalar):
            return Owner(typed.path, typed.document, pair.key.text, typed.mapping)
    return None


def root_owner(context: Context) -> Owner | None:
    """The root mapping of the pipeline's root file."""
    file = context.pipeline.files[0]
    mapping = file.document.mapping
    return Owner(file.path, file.document, "", mapping) if mapping else None


def _last_script(mapping: Mapping) -> Pair | None:
    return mapping.pair("script") or mapping.pair("before_script")
