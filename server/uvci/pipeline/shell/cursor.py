"""Where a cursor stands in a script, for completion and hover while it is being typed."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.shell.commands import read_script
from uvci.pipeline.shell.model import (
    Expansion,
    ShellCommand,
    ShellCursor,
    UvCommand,
    Variables,
    Word,
)
from uvci.pipeline.shell.uv_commands import read_uv_commands
from uvci.pipeline.shell.uv_flags import takes_value
from uvci.pipeline.shell.words import read_parts, split_assignment
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

# Stands for the cursor, so that there is always a word to find: nobody types it.
_MARK = "\ue000"
_QUOTES = lazy_re("[\"']")
_DECLARATIONS = frozenset({"export", "declare", "typeset", "readonly", "local"})
_NO_VARIABLES: dict[str, str | None] = {}


def words_at(script: str, offset: int, variables: Variables = _NO_VARIABLES) -> ShellCursor | None:
    """The command and word at a cursor; None in comments, here-documents and between commands.

    >>> cursor = words_at("uv pip ins", 10)
    >>> cursor.uv.subcommand, cursor.prefix, cursor.index
    (('pip',), 'ins', 2)
    """
    if not 0 <= offset <= len(script):
        return None
    head = script[:offset]
    found = _find(head + _MARK + script[offset:])
    if found is None and "<<" not in head:
        found = _find(head + _MARK)
    if found is None or _in_input(found.word.raw.partition(_MARK)[0]):
        return None
    return _cursor(found, offset, variables)


def _in_input(typed: str) -> bool:
    """Whether GitLab, and not the shell, reads what is typed: `$[[ inputs.`."""
    return typed.rfind("$[[") > typed.rfind("]]")


class _Found(Struct, frozen=True):
    """The marked word of a command: the last of `before` is in front of it."""

    command: ShellCommand
    word: Word
    before: tuple[Word, ...]
    after: tuple[Word, ...]


def _find(marked: str) -> _Found | None:
    script = read_script.__wrapped__(marked)
    found = [
        _Found(command, word, command.words[:index], command.words[index + 1 :])
        for command in script.commands
        for index, word in enumerate(command.words)
        if _MARK in word.raw
    ]
    nobody = ShellCommand(Span(0, 0), ())
    changes = [
        (command, assigned.span) for command in script.commands for assigned in command.assignments
    ]
    changes += [(nobody, export.span) for export in script.exports]
    for command, span in changes:
        raw = span.of(marked)
        if _MARK in raw:
            found.append(_Found(command, Word(span, raw, read_parts(raw)), (), ()))
    return min(found, key=lambda found: len(found.word.span), default=None)


def _cursor(found: _Found, offset: int, variables: Variables) -> ShellCursor:
    raw = found.word.raw
    before, _, behind = raw.partition(_MARK)
    parts = read_parts(before)
    start = found.word.span.start
    in_quotes = before[:1] if before[:1] in ("'", '"') else ""
    assignment = split_assignment(before) if _assigns(found.before) else None
    command = _unmarked(found.command, offset)
    uv = _uv_before(command, found.before, variables)
    text = "".join(_shown(part) for part in parts)
    flag = _awaited_flag(uv, found.before)
    at = len(in_quotes)
    if assignment:
        at = assignment[2]
    elif uv and not in_quotes and (joined := _joined_value(uv, text)):
        flag, at = joined
    if not in_quotes and before[at : at + 1] in ("'", '"'):
        in_quotes, at = before[at], at + 1
    end = offset + len(_QUOTES.split(behind, maxsplit=1)[0])
    return ShellCursor(
        command=command,
        before=found.before,
        after=tuple(_shifted(word) for word in found.after),
        prefix="".join(_shown(part) for part in read_parts(in_quotes + before[at:])),
        replace=Span(start + at, max(start + at, end)),
        quote=in_quotes,
        assignment=assignment[0] if assignment else None,
        uv=uv,
        flag=flag,
        in_child=flag is None and _in_child(uv, found.before),
    )


def _assigns(before: Sequence[Word]) -> bool:
    """Whether `NAME=value` behind these words sets a variable."""
    return not before or before[0].raw in _DECLARATIONS


def _shown(part: str | Expansion) -> str:
    return part if isinstance(part, str) else f"${{{part.name or ''}}}"


def _uv_before(
    command: ShellCommand, before: tuple[Word, ...], variables: Variables
) -> UvCommand | None:
    """The innermost uv command that the words before the cursor make."""
    found = list(read_uv_commands(replace(command, words=before), variables))
    return found[-1] if found else None


def _awaited_flag(uv: UvCommand | None, before: Sequence[Word]) -> str | None:
    if uv is None or uv.child or not uv.all_flags:
        return None
    last = max(uv.all_flags, key=lambda flag: flag.span.end)
    if last.value_span or last.span.end != before[-1].span.end:
        return None
    return last.name if takes_value(uv.subcommand, last.name) else None


def _joined_value(uv: UvCommand, text: str) -> tuple[str, int] | None:
    """The flag whose value is typed in the same word, and where that begins: `--x=`, `-p3.`."""
    if uv.child or not text.startswith("-"):
        return None
    if text.startswith("--"):
        return (text.partition("=")[0], text.index("=") + 1) if "=" in text else None
    for at, letter in enumerate(text[1:-1], start=1):
        if takes_value(uv.subcommand, f"-{letter}"):
            return f"-{letter}", at + 1 + (text[at + 1] == "=")
    return None


def _in_child(uv: UvCommand | None, before: Sequence[Word]) -> bool:
    return uv is not None and (bool(uv.child) or before[-1].value == "--")


def _unmarked(command: ShellCommand, offset: int) -> ShellCommand:
    """The command with the spans it has in the script without the mark."""
    words = tuple(
        replace(
            word,
            span=_without_mark(word.span, offset),
            raw=word.raw.replace(_MARK, ""),
            parts=tuple(p.replace(_MARK, "") if isinstance(p, str) else p for p in word.parts),
        )
        for word in command.words
    )
    return replace(command, span=_without_mark(command.span, offset), words=words)


def _without_mark(span: Span, offset: int) -> Span:
    return Span(span.start - (span.start > offset), span.end - (span.end > offset))


def _shifted(word: Word) -> Word:
    return replace(word, span=word.span.shift(-1))
