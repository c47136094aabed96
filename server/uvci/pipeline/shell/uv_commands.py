"""The uv commands of a script."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.expansion import Known, expanded_words, mentioned
from uvci.pipeline.shell.model import (
    ShellCommand,
    UvCommand,
    UvProgram,
    Variables,
    Word,
    program_name,
)
from uvci.pipeline.shell.uv_line import read_line
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_PYTHON = lazy_re(r"(python|pypy)[\d.]*t?|py", re.ASCII)
_VALUED_PYTHON_OPTIONS = frozenset({"-W", "-X"})
_PYTHON_LETTERS = lazy_re(r"-([bBdEiIOPqsSuvx?]*)([mcWX]?)(.*)", re.ASCII | re.DOTALL)
_FOLDER_END = lazy_re(r"[/\\]")
_WINDOWS_PATH = lazy_re(r"[\w.:$%{}~\\-]*\\(uvx?)(?:\.exe)?", re.ASCII | re.IGNORECASE)
_NO_VARIABLES: dict[str, str | None] = {}


def find_uv_commands(script: str, variables: Variables = _NO_VARIABLES) -> tuple[UvCommand, ...]:
    """Every call of uv in the script, in the order typed, those inside another call included.

    `variables` are the job's, as far as known: `$PIP install` is uv's if `PIP` is `uv pip`.

    >>> [command.subcommand for command in find_uv_commands("uv run uv pip list && uvx ruff")]
    [('run',), ('pip', 'list'), ('tool', 'run')]
    """
    known = mentioned(script, variables)
    if "uv" not in script and not any("uv" in (value or "") for _, value in known):
        return ()
    return _find(script, known)


@lru_cache(maxsize=4096)
def _find(script: str, known: Known) -> tuple[UvCommand, ...]:
    variables = dict(known)
    found = [uv for command in find_commands(script) for uv in read_uv_commands(command, variables)]
    found.sort(key=lambda uv: uv.name_span)
    return tuple(found)


def read_uv_commands(command: ShellCommand, variables: Variables) -> Iterator[UvCommand]:
    """The uv command that a shell command is, then the one it starts itself, and so on."""
    words = expanded_words(command, variables)
    while words:
        program = _program(command, words)
        if program is None:
            return
        uv = _uv_command(command, words, program)
        yield uv
        words = list(uv.child)
        starter = "uv " + " ".join(uv.subcommand)
        command = replace(command, words=uv.child, wrappers=(*command.wrappers, starter))


class _Program(Struct, frozen=True):
    spelling: UvProgram
    words: int = 1
    uvx: bool = False


def _program(command: ShellCommand, words: Sequence[Word]) -> _Program | None:
    """How uv is named, and by how many words; None: it is not uv."""
    name = _name(words[0])
    if name in ("uv", "uvx"):
        typed = next(word for word in command.words if word.span == words[0].span)
        return _Program(_spelling(typed, words[0]), uvx=name == "uvx")
    if name is not None and not _PYTHON.fullmatch(name):
        return None
    taken = _words_up_to_module(words)
    return _Program(UvProgram.PYTHON_MODULE, taken) if taken else None


def _words_up_to_module(words: Sequence[Word]) -> int | None:
    """How many words `python -m uv` takes, options between them counted; None: it is another."""
    at = 1
    while at < len(words) and (option := words[at].prefix).startswith("-"):
        letters = None if option.startswith("--") else _PYTHON_LETTERS.fullmatch(option)
        if letters and letters[2] == "m":
            module = letters[3] or (words[at + 1].value if at + 1 < len(words) else None)
            return at + (1 if letters[3] else 2) if module == "uv" else None
        if letters and letters[2] == "c":
            return None
        at += 2 if option in _VALUED_PYTHON_OPTIONS else 1
    return None


def _name(word: Word) -> str | None:
    """The program's name; the folder it is in may be unknown."""
    if windows := _WINDOWS_PATH.fullmatch(word.raw):
        return windows[1].lower()
    last = word.parts[-1] if word.parts else ""
    if word.value is not None:
        return program_name(word.value)
    return program_name(last) if isinstance(last, str) and _FOLDER_END.search(last) else None


def _spelling(typed: Word, word: Word) -> UvProgram:
    if _WINDOWS_PATH.fullmatch(typed.raw) and word.value != typed.raw.removeprefix("\\"):
        return UvProgram.PATH
    last = typed.parts[-1] if typed.parts else ""
    if not isinstance(last, str) or program_name(last) not in ("uv", "uvx"):
        return UvProgram.VARIABLE
    if word.value is None or "/" in word.value or "\\" in word.value:
        return UvProgram.PATH
    return UvProgram(program_name(word.value))


def _uv_command(command: ShellCommand, words: Sequence[Word], program: _Program) -> UvCommand:
    own = program.words
    line = read_line(words[own:], uvx=program.uvx)
    name_span = Span(words[0].span.start, max(word.span.end for word in words[:own]))
    subcommand = tuple(word.value or "" for word in line.subcommand)
    return UvCommand(
        command=command,
        program=program.spelling,
        span=Span(name_span.start, max(word.span.end for word in words)),
        name_span=name_span,
        subcommand=("tool", "run") if program.uvx else subcommand,
        subcommand_span=name_span if program.uvx else _covered(line.subcommand, name_span.end),
        global_flags=tuple(line.global_flags),
        flags=tuple(line.flags),
        positionals=tuple(line.positionals),
        child=() if line.child_at is None else tuple(words[own + line.child_at :]),
        opaque=line.opaque or "xargs" in command.wrappers,
    )


def _covered(words: Sequence[Word], otherwise: int) -> Span:
    if not words:
        return Span(otherwise, otherwise)
    start = words[0].span.start
    return Span(start, max(start, words[-1].span.end))
