"""Where a completion is asked for: the cursor, the job around it, and the text that gives way."""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.versions import UvVersion
from uvci.features.completion.items import Slot
from uvci.features.entries import below_entry, entry_of
from uvci.features.uv_release import uv_version
from uvci.features.view import View
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.syntax.cursor import Cursor, Side
from uvci.syntax.layout import column_of, file_indents, line_end, line_start
from uvci.syntax.tree import Scalar, Sequence, Style
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_BLOCK_HEADER = lazy_re(r"(?:^|[:-][ \t]+)(?:[&!]\S+[ \t]+)*[|>][-+0-9]*[ \t]*$")


class Place(Struct, frozen=True, dict=True):
    """A cursor in a view, as the contexts of completion ask about it."""

    view: View
    offset: int
    cursor: Cursor
    given_slot: Slot | None = None

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys above what is typed; positions in lists are left out."""
        return tuple(step for step in self.cursor.path if isinstance(step, str))

    @cached_property
    def entry(self) -> str | None:
        """The job or template around the cursor."""
        return entry_of(self.keys)

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The keys without the job's name or `default`."""
        return below_entry(self.keys)

    @cached_property
    def job(self) -> Job | None:
        """The effective job around the cursor, where there is one."""
        return self.view.pipeline.job(self.entry) if self.entry is not None else None

    @cached_property
    def uv_version(self) -> UvVersion | None:
        """The uv that the job runs."""
        return uv_version(self.view, self.job)

    @cached_property
    def uses_uv_pip(self) -> bool:
        """Whether the job works with `uv pip` rather than with a project."""
        calls = uv_commands(self.job) if self.job else ()
        words = {call.command.subcommand[:1] for call in calls}
        return ("pip",) in words and ("sync",) not in words

    @cached_property
    def slot(self) -> Slot:
        """What a completion replaces: the value, item or key at the cursor."""
        if self.given_slot:
            return self.given_slot
        cursor = self.cursor
        typed = self.view.document.text[cursor.insert.start : cursor.insert.end]
        return Slot(
            cursor.replace,
            typed,
            cursor.style or Style.PLAIN,
            whole=cursor.style not in (Style.LITERAL, Style.FOLDED),
            flow=cursor.in_flow,
            lead=cursor.lead,
            indent=self._moved(cursor),
        )

    @cached_property
    def list_slot(self) -> Slot:
        """The same where a list is wanted: directly behind the key it gets its brackets."""
        wrapped = self.cursor.side is Side.VALUE and self.slot.style is Style.PLAIN
        return replace(self.slot, listed=True, flow=True) if wrapped else self.slot

    @property
    def in_list(self) -> bool:
        """Whether an item of a list is typed."""
        return self.cursor.side is Side.ITEM

    @property
    def takes_key(self) -> bool:
        """Whether a key can be typed where a value is: in a list, or alone on a line."""
        return self.in_list or self.line_before.strip() == self.slot.typed

    @cached_property
    def siblings(self) -> frozenset[str]:
        """The other keys of the mapping, or the other items of the list."""
        if self.in_list:
            return frozenset(self._other_items())
        return self.cursor.siblings

    @cached_property
    def line_before(self) -> str:
        """The text of the cursor's line up to the cursor."""
        text = self.view.document.text
        return text[line_start(text, self.offset) : self.offset]

    @property
    def is_in_block_header(self) -> bool:
        """Whether the cursor is behind the `|` or `>` of a block, where no content may stand."""
        return _BLOCK_HEADER.search(self.line_before) is not None

    @cached_property
    def line_end(self) -> int:
        """Where the cursor's line ends."""
        return line_end(self.view.document.text, self.offset)

    @cached_property
    def is_name_only(self) -> bool:
        """Whether a key is written without what follows it: its colon is there, or quotes are."""
        if self.slot.style in (Style.DOUBLE_QUOTED, Style.SINGLE_QUOTED):
            return True
        rest = self.view.document.text[self.slot.replace.end : self.line_end]
        return rest.lstrip("\"' ").startswith(":")

    @cached_property
    def newline(self) -> str:
        """How the file ends its lines."""
        return "\r\n" if "\r\n" in self.view.document.text else "\n"

    @cached_property
    def key_column(self) -> int:
        """The column of the key at the cursor."""
        if self.cursor.side is Side.KEY:
            return self.cursor.indent
        lead = len(self.slot.lead) if self.slot.lead.startswith("-") else 0
        return column_of(self.view.document.text, self.slot.replace.start) + lead

    @cached_property
    def step_indent(self) -> str:
        """What a nested mapping has more than its key."""
        return " " * file_indents(self.view.document, self.offset).step

    @cached_property
    def below_indent(self) -> str:
        """The indentation of what is nested under the key at the cursor."""
        return " " * self.cursor.indent + self.step_indent

    @cached_property
    def dash_indent(self) -> str:
        """What a list's dash has more than its key."""
        return " " * file_indents(self.view.document, self.offset).dash

    def is_at(self, origin: Origin) -> bool:
        """Whether a value is typed at the cursor."""
        if origin.path != self.view.path:
            return False
        if origin.span.touches(self.offset):
            return True
        text = self.view.document.text
        start = line_start(text, self.offset)
        return origin.key is not None and start <= origin.key.start <= self.offset

    def with_slot(self, slot: Slot) -> "Place":
        """The same place with another piece of text giving way."""
        return replace(self, given_slot=slot)

    def _moved(self, cursor: Cursor) -> tuple[TextEdit, ...]:
        """What brings a key typed in no mapping's column into the one it belongs to."""
        text, start = self.view.document.text, cursor.replace.start
        column = start - (line := line_start(text, start))
        is_alone = not text[line:start].strip()
        if cursor.side is not Side.KEY or cursor.in_flow or not is_alone or cursor.indent == column:
            return ()
        return (TextEdit(Span(line, start), " " * cursor.indent),)

    def _other_items(self) -> Iterator[str]:
        parent = self.cursor.parent
        if not isinstance(parent, Sequence):
            return
        for item in parent.items:
            if isinstance(item, Scalar) and not item.span.touches(self.offset):
                yield item.text
