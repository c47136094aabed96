"""uv in scripts: commands, flags and their values, as far as the job's uv has them."""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.command import Command, Flag
from uvci.catalog.commands import (
    all_commands,
    command_groups,
    find_command,
    find_flag,
    find_global_flag,
    flags_before_command,
    flags_of,
    subcommands,
)
from uvci.catalog.corrections import deprecated_flag
from uvci.catalog.versions import UvVersion, newest
from uvci.features.cards.command import (
    command_card,
    flag_card,
    flag_doc,
    flag_signature,
)
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.completion.uv_arguments import argument_items, flag_argument_items
from uvci.features.completion.variable_names import shell_name_items
from uvci.features.completion.variable_values import variable_value_items
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.scripts import known_in_all
from uvci.pipeline.shell.cursor import words_at
from uvci.pipeline.shell.model import ShellCursor, Variables
from uvci.syntax.paths import locate
from uvci.syntax.sources import SourceMap, source_map
from uvci.syntax.tree import Scalar, Style
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_LINES = (
    ("uv sync --locked", "install the project as uv.lock says"),
    ("uv run --locked pytest", "run a command in the project's environment"),
    ("uv pip install -r requirements.txt", "install like pip does"),
    ("uv lock --check", "fail when uv.lock is outdated"),
    ("uv build", "make wheel and source distribution"),
    ("uv publish", "upload what uv build made"),
    ("uv cache prune --ci", "make the cache small before it is saved"),
)
_PRUNE = ("uv cache prune --ci", "make the cache small before it is saved")
_FLOW_END = lazy_re(r"[ \t]*[],}]")
_FIRST_FLAGS = (
    *("--locked", "--frozen", "--ci", "--system", "--requirements", "--requirement", "--group"),
    *("--extra", "--all-extras", "--all-groups", "--no-dev", "--no-sync", "--no-install-project"),
    *("--from", "--with", "--package", "--python", "--check", "--check-url", "--publish-url"),
    *("--trusted-publishing", "--index", "--out-dir"),
)
_TAKES_NAMES = frozenset({"env", "export", "declare", "readonly"})


class _Line(Struct, frozen=True):
    """The script around the cursor, what is typed there, and where a completion goes."""

    script: str
    cursor: ShellCursor | None
    slot: Slot


def script_items(place: Place) -> Iterator[CompletionItem]:
    """What may be typed next at the cursor of a script."""
    line = _line(place)
    if line is None:
        return
    cursor = line.cursor
    if cursor is None:
        if not line.script.strip():
            yield from _line_items(place, line.slot)
        return
    if cursor.assignment:
        yield from _assigned(place, line.slot, cursor.assignment)
    elif cursor.uv is None:
        yield from _outside_uv(place, line.slot, cursor)
    elif not cursor.in_child:
        yield from _uv_items(place, line.slot, cursor)


def _outside_uv(place: Place, slot: Slot, cursor: ShellCursor) -> Iterator[CompletionItem]:
    """Commands where one begins, and the variables that may be set in front of one."""
    first = cursor.before[0].value if cursor.before else None
    if cursor.index == 0:
        yield from _line_items(place, slot)
    if first in _TAKES_NAMES or (cursor.index == 0 and cursor.prefix.startswith("U")):
        yield from shell_name_items(place.with_slot(slot))


def _line(place: Place) -> _Line | None:
    location = locate(place.view.document.root, place.offset)
    node = location.node if location and not location.on_key else None
    if isinstance(node, Scalar) and node.span:
        sources = source_map(place.view.document.text, node)
        at = sources.decoded(place.offset)
        if at is not None:
            return _line_in(place, node, sources, at)
    return _line_as_typed(place)


def _line_in(place: Place, node: Scalar, sources: SourceMap, at: int) -> _Line | None:
    """The script of a scalar that is in the tree; None in its indentation."""
    offset = place.offset
    if sources.reached(place.view.document.text, offset) is None:
        return None
    cursor = words_at(node.text, at, _variables(place))
    span = sources.span(cursor.replace) if cursor and cursor.replace else Span(offset, offset)
    span = Span(min(span.start, offset), max(span.end, offset))
    if "\n" in span.of(place.view.document.text):
        span = Span(offset, offset)
    return _Line(node.text, cursor, _slot(place, span, node.style))


def _line_as_typed(place: Place) -> _Line | None:
    """The rest of the line, where what is typed is no scalar yet: `- uv ` and a space."""
    text, start, offset = place.view.document.text, place.slot.replace.start, place.offset
    script = text[start : _end_as_typed(place)].rstrip("\r")
    if "\n" in text[start:offset] or offset - start > len(script):
        return None
    cursor = words_at(script, offset - start, _variables(place))
    span = cursor.replace.shift(start) if cursor else Span(offset, offset)
    span = Span(min(span.start, offset), max(span.end, offset))
    return _Line(script, cursor, _slot(place, span, place.slot.style))


def _end_as_typed(place: Place) -> int:
    """Where what is typed ends: with its line, in brackets with its item."""
    end = _FLOW_END.search(place.view.document.text, place.offset, place.line_end)
    return end.start() if place.cursor.in_flow and end else place.line_end


def _variables(place: Place) -> Variables:
    return known_in_all(place.job) if place.job else {}


def _slot(place: Place, span: Span, style: Style) -> Slot:
    typed = place.view.document.text[span.start : place.offset]
    quoted = style in (Style.SINGLE_QUOTED, Style.DOUBLE_QUOTED)
    lead = place.slot.lead if span.start == place.slot.replace.start else ""
    return Slot(span, typed, style if quoted else Style.PLAIN, whole=False, lead=lead)


def _line_items(place: Place, slot: Slot) -> Iterator[CompletionItem]:
    lines = [_PRUNE, *_LINES[:-1]] if place.below[:1] == ("after_script",) else [*_LINES]
    if place.uses_uv_pip:
        lines.sort(key=lambda line: "pip" not in line[0])
    for line, detail in lines:
        yield slot.item(line, ItemKind.COMMAND, detail=detail)
    yield slot.item("uv", ItemKind.COMMAND, value="uv ", detail="", retrigger=True)
    yield slot.item("uvx", ItemKind.COMMAND, value="uvx ", detail="run a tool")


def _uv_items(place: Place, slot: Slot, cursor: ShellCursor) -> Iterator[CompletionItem]:
    uv = cursor.uv
    if uv is None:
        return
    words, version = list(uv.subcommand), _version(place)
    found = find_command(words, version)
    command = found.command if found else None
    if cursor.flag:
        yield from _flag_values(place, slot, cursor, command)
    elif command is None and not cursor.prefix.startswith("-"):
        yield from _subcommands(place, slot, words)
    else:
        if command and not cursor.prefix.startswith("-"):
            yield from argument_items(place, slot, cursor)
        if not cursor.prefix or cursor.prefix.startswith("-"):
            flags = flags_of(command, version) if command else flags_before_command(version)
            yield from _flags(place, slot, command, flags, {flag.name for flag in uv.all_flags})


def _version(place: Place) -> UvVersion:
    """The uv whose commands are offered: the newest where nobody knows which the job has."""
    return place.uv_version or newest()


def _subcommands(place: Place, slot: Slot, words: list[str]) -> Iterator[CompletionItem]:
    group = words[0] if words else None
    if group and group not in command_groups():
        return
    if group == "cache":
        yield slot.item("prune --ci", ItemKind.COMMAND, detail=_PRUNE[1])
    known = subcommands(group, _version(place))
    order = list(dict.fromkeys(each.words[bool(group)] for each in _ordered(group)))
    for word in sorted(known, key=lambda word: order.index(word) if word in order else len(order)):
        name = [*words, word]
        leads = group is None and word in command_groups()
        yield slot.item(
            word,
            ItemKind.COMMAND,
            value=f"{word} " if leads else word,
            detail=known[word],
            documentation=partial(_command_text, tuple(name), place),
            retrigger=leads,
        )


def _ordered(group: str | None) -> list[Command]:
    return [each for each in all_commands() if group is None or each.words[0] == group]


def _command_text(words: tuple[str, ...], place: Place) -> str:
    return command_card(words, place.uv_version) or ""


def _flags(
    place: Place, slot: Slot, command: Command | None, flags: tuple[Flag, ...], taken: set[str]
) -> Iterator[CompletionItem]:
    for flag in sorted(flags, key=_flag_rank):
        if flag.name in taken:
            continue
        outdated = deprecated_flag(command, flag) if command else None
        yield slot.item(
            flag.name,
            ItemKind.FLAG,
            value=f"{flag.name} " if flag.takes_value else flag.name,
            detail=flag_doc(command, flag),
            description=flag_signature(flag),
            documentation=partial(_flag_text, command, flag, place),
            deprecated=outdated is not None,
            retrigger=flag.takes_value,
        )


def _flag_rank(flag: Flag) -> int:
    first = _FIRST_FLAGS
    return first.index(flag.name) if flag.name in first else len(first)


def _flag_text(command: Command | None, flag: Flag, place: Place) -> str:
    return flag_card(command, flag.name, place.uv_version) or ""


def _flag_values(
    place: Place, slot: Slot, cursor: ShellCursor, command: Command | None
) -> Iterator[CompletionItem]:
    name, version = cursor.flag or "", _version(place)
    found = find_flag(command, name, version) if command else find_global_flag(name, version)
    if found and not found.flag.takes_value:
        return
    values = found.flag.values_at(version) if found else ()
    for value in values:
        yield slot.item(value, ItemKind.VALUE)
    yield from flag_argument_items(place, slot, cursor, found.flag.name if found else name)
    if found and found.flag.env and not values:
        yield from variable_value_items(place.with_slot(slot), found.flag.env)


def _assigned(place: Place, slot: Slot, name: str) -> Iterator[CompletionItem]:
    yield from variable_value_items(place.with_slot(slot), name)
