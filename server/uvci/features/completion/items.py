"""Building completion items: where they go, how their text is quoted, in which order they come."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from uvci.features.snippet import plain_text
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.tree import Style
from uvci.syntax.writing import quote_if_needed
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_VERSION = lazy_re(r"[0-9]+(\.[0-9]+)+")
_WORD_START = lazy_re(r"(?<![a-z0-9])[^_]|(?<=_).")
_SYMBOL_AT_END = lazy_re(r"[^.,;:?!#@~^'`\"()\[\]{}\\\s]*\Z")


class Slot(Struct, frozen=True):
    """The piece of a text that a completion takes over.

    `replace` is what replacing takes, `typed` what stands in it up to the cursor. `whole` tells
    that the piece is all of a scalar, so that what is written there may need quotes; `style` is
    how that scalar is quoted so far, `flow` whether brackets or braces surround it. `lead` is
    typed before anything else; `listed` tells that a list is wanted and brackets are missing.
    `indent` moves the line to the column where it belongs.
    """

    replace: Span
    typed: str
    style: Style = Style.PLAIN
    whole: bool = True
    flow: bool = False
    lead: str = ""
    listed: bool = False
    indent: tuple[TextEdit, ...] = ()

    @property
    def insert(self) -> Span:
        """The part of `replace` before the cursor."""
        return Span(self.replace.start, self.replace.start + len(self.typed))

    def skip(self, count: int) -> "Slot":
        """The same place without its first `count` characters, which stay as they are."""
        start = self.replace.start + count
        return replace(
            self, replace=Span(start, self.replace.end), typed=self.typed[count:], whole=False
        )

    def until(self, end: int) -> "Slot":
        """The same place, replacing no further than `end`."""
        end = max(self.insert.end, min(end, self.replace.end))
        return replace(self, replace=Span(self.replace.start, end))

    def write(self, value: str) -> str:
        """`value` as it must be typed here so that GitLab reads exactly this text."""
        match self.style:
            case Style.PLAIN if self.whole:
                return _quoted_version(value) or quote_if_needed(value, flow=self.flow)
            case Style.DOUBLE_QUOTED:
                return value.replace("\\", "\\\\").replace('"', '\\"')
            case Style.SINGLE_QUOTED:
                return value.replace("'", "''")
            case _:
                return value

    def item(  # noqa: PLR0913  the columns of one item, all by name
        self,
        label: str,
        kind: ItemKind,
        *,
        value: str | None = None,
        text: str | None = None,
        snippet: str | None = None,
        detail: str = "",
        description: str = "",
        documentation: Callable[[], str] | None = None,
        additional: tuple[TextEdit, ...] = (),
        filter: str | None = None,  # noqa: A002  the name the protocol and the item use
        deprecated: bool = False,
        retrigger: bool = False,
    ) -> CompletionItem:
        """An item that puts `value` here, quoted as needed; `text` and `snippet` go in as given."""
        value = label if value is None else value
        if text is None:
            text = self.write(value) if snippet is None else plain_text(snippet)
            text = f"[{text}]" if self.listed else text
        item = CompletionItem(
            label=label,
            kind=kind,
            edit=TextEdit(self.replace, self.lead + text),
            insert=self.insert,
            filter=value if filter is None else filter,
            sort="",
            detail=detail,
            description=description,
            documentation=documentation,
            snippet=None if snippet is None else self.lead + snippet,
            additional=(*additional, *self.indent),
            deprecated=deprecated,
            retrigger=retrigger,
        )
        return _narrowed(item, self.typed)


def _quoted_version(value: str) -> str | None:
    """A version in quotes, also where it could do without: the next one may need them."""
    return f'"{value}"' if _VERSION.fullmatch(value) else None


def in_order(items: Iterable[CompletionItem]) -> tuple[CompletionItem, ...]:
    """The items with sort texts that keep their order; of equal ones the first stays."""
    unique: dict[tuple[str, TextEdit], CompletionItem] = {}
    for item in items:
        unique.setdefault((item.label, item.edit), item)
    return tuple(replace(item, sort=f"{rank:04d}") for rank, item in enumerate(unique.values()))


def matching(items: Iterable[CompletionItem], text: str, offset: int) -> list[CompletionItem]:
    """The items that what is typed may become: those that begin so first, then abbreviations."""
    graded = [(_grade(item, text[item.edit.span.start : offset]), item) for item in items]
    return [item for want in (0, 1) for grade, item in graded if grade == want]


def _grade(item: CompletionItem, typed: str) -> int | None:
    """0 for a beginning, 1 for letters in this order from the start of some word on, else None."""
    typed, text = typed.lower(), item.filter.lower()
    if text.startswith(typed):
        return 0
    starts = (found.start() for found in _WORD_START.finditer(text) if found[0] == typed[0])
    return 1 if any(_holds(text, start, typed) for start in starts) else None


def _holds(text: str, start: int, typed: str) -> bool:
    rest = iter(text[start:])
    return all(letter in rest for letter in typed)


def _narrowed(item: CompletionItem, typed: str) -> CompletionItem:
    """The item without what is typed already up to the last punctuation.

    Editors match the filter from the edit's start on, but eglot matches it with the symbol at the
    cursor, which begins behind punctuation: both must begin at the same place.
    """
    cut = len(typed) - len(_SYMBOL_AT_END.search(typed)[0])  # type: ignore[index]  # always matches
    kept = typed[:cut]
    content = item.edit.content
    quote = content[:1] if content[:1] in ('"', "'") and kept[:1] != content[:1] else ""
    if not cut or not content.startswith(quote + kept) or not item.filter.startswith(kept):
        return item
    if item.snippet is not None and (quote or not item.snippet.startswith(kept)):
        return item
    span = Span(item.edit.span.start + cut, item.edit.span.end)
    opening = (TextEdit(Span(item.edit.span.start, item.edit.span.start), quote),) if quote else ()
    return replace(
        item,
        edit=TextEdit(span, content[len(quote) + cut :]),
        insert=Span(span.start, item.insert.end),
        filter=item.filter[cut:],
        snippet=None if item.snippet is None else item.snippet[cut:],
        additional=(*item.additional, *opening),
    )
