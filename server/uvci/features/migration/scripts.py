"""The edits that carry out what is planned for a job's scripts."""

import re
from collections.abc import Iterable

from msgspec import Struct, field

from uvci.features.migration.model import Drop, Plan, Refusal
from uvci.pipeline.model import ScriptLine, Section
from uvci.pipeline.shell.model import Condition
from uvci.rules.places import Owner, job_owner
from uvci.rules.rule import FileEdit
from uvci.rules.script_edits import removed_line, rewritten
from uvci.syntax.patch import remove_item, remove_pair, replace_scalar, set_value
from uvci.syntax.tree import Pair, Scalar, Sequence, Style
from uvci.text.edits import TextEdit, apply_edits
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_AFTER = lazy_re(r"[ \t]*(?:&&|;)[ \t]*(?:\\?\n[ \t]*)?")
_BEFORE = lazy_re(r"[ \t]*(?:\\\n[ \t]*)?(?:&&|;)[ \t]*(?:\\?\n[ \t]*)?\Z")


class _Item(Struct):
    """What becomes of one script item; spans are relative to its text."""

    line: ScriptLine
    pieces: list[tuple[Span, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text afterwards."""
        edits = [TextEdit(span, text) for span, text in self.pieces]
        return apply_edits(self.line.text, edits)


def script_edits(plan: Plan) -> tuple[FileEdit, ...] | Refusal:
    """The edits of the job's scripts."""
    owner = job_owner(plan.job, plan.context)
    if owner is None:
        return Refusal("It is not typed as a mapping of keywords.")
    items: dict[int, _Item] = {}
    for rewrite in plan.rewrites:
        _item(items, rewrite.line).pieces += rewrite.pieces
    for drop in plan.drops:
        piece = removal(drop)
        if piece is None:
            return Refusal(f"`{drop.span.of(drop.line.text)}` cannot be taken out where it stands.")
        _item(items, drop.line).pieces.append(piece)
    gone = [item for item in items.values() if not item.text.strip()]
    kept = [item for item in items.values() if item.text.strip()]
    edits = [edit for item in kept for edit in _edits_of(item, owner)]
    for section in Section:
        here = [item for item in gone if item.line.section is section]
        taken = _taken_out(here, section, owner, plan) if here else ()
        if isinstance(taken, Refusal):
            return taken
        edits += taken
    return tuple(edits)


def _item(items: dict[int, _Item], line: ScriptLine) -> _Item:
    return items.setdefault(id(line.plain.origin.node), _Item(line))


def removal(drop: Drop) -> tuple[Span, str] | None:
    """The piece that takes a command out of a list of commands; None where it is more than that."""
    text, span = drop.line.text, drop.span
    if drop.command.condition is Condition.MAYBE or drop.command.tested or drop.command.negated:
        return None
    before, after = text[: span.start], text[span.end :]
    if not before.strip() and not after.strip():
        return Span(0, len(text)), ""
    start = before.rfind("\n") + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end
    if not text[start : span.start].strip() and not text[span.end : end].strip():
        joins = re.search(r"(?:\\|&&|\|\||\||;;)\s*\Z", text[:start])
        return None if joins else (Span(start, min(end + 1, len(text))), "")
    if (found := _AFTER.match(after)) and re.search(r"(?:\A|\n|&&|;)[ \t]*\Z", before):
        return Span(span.start, span.end + found.end()), ""
    if (found := _BEFORE.search(before)) and re.match(r"[ \t]*(?:\Z|\n|&&|;)", after):
        return Span(found.start(), span.end), ""
    return None


def _edits_of(item: _Item, owner: Owner) -> Iterable[FileEdit]:
    """The edits of an item that stays: of its pieces, or of all of it where those are not typed."""
    edits: list[FileEdit] = []
    for span, text in item.pieces:
        whole = span.of(item.line.text)
        found: tuple[FileEdit, ...] = ()
        if not text and whole.endswith("\n") and _is_literal(item.line):
            found = removed_line(item.line, Span(span.start, span.end - 1))
        found = found or rewritten(item.line, span, text)
        if not found:
            node = item.line.plain.origin.node
            if not isinstance(node, Scalar):
                return []
            edit = replace_scalar(owner.document, node, item.text)
            return [FileEdit(owner.path, edit)]
        edits += found
    return edits


def _is_literal(line: ScriptLine) -> bool:
    return getattr(line.plain.origin.node, "style", None) is Style.LITERAL


def _taken_out(
    gone: list[_Item], section: Section, owner: Owner, plan: Plan
) -> tuple[FileEdit, ...] | Refusal:
    """The edits that take whole items out of one of the job's scripts."""
    pair = owner.get(section.value)
    if pair is None:
        return Refusal(f"Its `{section.value}` is not typed in it.")
    nodes = {id(item.line.plain.origin.node) for item in gone}
    if isinstance(pair.value, Sequence) and not pair.value.anchor:
        indexes = [at for at, one in enumerate(pair.value.items) if id(one) in nodes]
        if len(indexes) < len(nodes):
            return Refusal(f"Its `{section.value}` is a list of lists.")
        if len(indexes) < len(pair.value.items):
            removed = [
                edit for at in indexes for edit in remove_item(owner.document, pair.value, at)
            ]
            return tuple(FileEdit(owner.path, edit) for edit in removed)
    if section is Section.MAIN:
        return Refusal("Nothing would be left of its `script`.")
    return _without(pair, section, owner, plan)


def _without(pair: Pair, section: Section, owner: Owner, plan: Plan) -> tuple[FileEdit, ...]:
    """The keyword goes; it is left empty where the job would get another one instead."""
    merged = plan.context.pipeline.merged
    inherited = merged.get(section.value) or merged.get("default", section.value)
    own = plan.job.keywords.entries.get(section.value)
    covers = own is not None and bool(own.origin.shadows)
    is_merged = any(one.is_merge for one in owner.mapping.pairs)
    if inherited is not None or covers or is_merged or owner.get("extends"):
        edits = set_value(owner.document, pair, [])
    else:
        edits = remove_pair(owner.document, owner.mapping, pair)
    return tuple(FileEdit(owner.path, edit) for edit in edits)
