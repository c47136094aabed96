"""uv's command line: global flags, sub-command, flags, and the command that `uv run` starts."""

from collections.abc import Sequence

from msgspec import Struct, field

from uvci.pipeline.shell.model import Flag, Word
from uvci.pipeline.shell.uv_flags import GROUPS, STARTERS, takes_value
from uvci.text.span import Span


class UvLine(Struct):
    """The words behind `uv` or `uvx`, sorted by what they are; see `UvCommand`."""

    subcommand: list[Word] = field(default_factory=list)
    global_flags: list[Flag] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    positionals: list[Word] = field(default_factory=list)
    child_at: int | None = None
    opaque: bool = False


def read_line(words: Sequence[Word], *, uvx: bool) -> UvLine:
    """What uv makes of the words behind its name.

    Global flags may stand anywhere; the first other words are the sub-command; after the first
    word of `uv run`'s command everything belongs to that command (uv's command-line reference).
    """
    line = UvLine()
    at = 0 if uvx else _read_subcommand(words, line)
    command = ("tool", "run") if uvx else tuple(word.value or "" for word in line.subcommand)
    if not command:
        return line
    while at < len(words):
        word = words[at]
        if _is_flag(word):
            at = _read_flag(words, at, command, line.flags)
            line.opaque = line.opaque or _is_half_known(word)
        elif command in STARTERS:
            line.child_at = at + (word.value == "--")
            line.opaque = line.opaque or (word.splits and not word.prefix)
            return line
        elif word.value == "--":
            line.positionals += words[at + 1 :]
            return line
        else:
            line.positionals.append(word)
            line.opaque = line.opaque or (word.splits and not word.prefix)
            at += 1
    return line


def _read_subcommand(words: Sequence[Word], line: UvLine) -> int:
    at = 0
    while at < len(words):
        word = words[at]
        if _is_flag(word):
            command = tuple(part.value or "" for part in line.subcommand)
            at = _read_flag(words, at, command, line.global_flags)
        elif word.value is None or word.value == "--":
            line.opaque = True
            return at
        else:
            line.subcommand.append(word)
            at += 1
            if len(line.subcommand) == 2 or word.value not in GROUPS:
                return at
    return at


def _is_flag(word: Word) -> bool:
    return word.prefix.startswith("-") and word.value not in ("-", "--")


def _is_half_known(word: Word) -> bool:
    return word.value is None and "=" not in word.prefix


def _read_flag(words: Sequence[Word], at: int, command: tuple[str, ...], flags: list[Flag]) -> int:
    """Add the flag at `at`, or the short flags joined there; where the next word stands."""
    word = words[at]
    if not word.prefix.startswith("--"):
        return _read_short_flags(words, at, command, flags)
    name, equals, value = word.prefix.partition("=")
    if equals:
        flags.append(_joined_flag(word, name, len(name) + 1, value))
        return at + 1
    return _read_value(words, at, Flag(name, None, word.span, word.span), command, flags)


def _read_short_flags(
    words: Sequence[Word], at: int, command: tuple[str, ...], flags: list[Flag]
) -> int:
    word = words[at]
    letters = word.prefix[1:]
    for index, letter in enumerate(letters):
        name = f"-{letter}"
        last = index + 1 == len(letters) and word.value is not None
        if takes_value(command, name) and not last:
            skip = index + 2 + (letters[index + 1 : index + 2] == "=")
            flags.append(_joined_flag(word, name, skip, word.prefix[skip:]))
            return at + 1
        span = word.span if len(letters) == 1 else _inside(word, index + 1, index + 2)
        if last:
            return _read_value(words, at, Flag(name, None, span, span), command, flags)
        flags.append(Flag(name, None, span, span))
    return at + 1


def _joined_flag(word: Word, name: str, skip: int, value: str) -> Flag:
    """`--name=value` or `-nvalue`: the value begins after `skip` characters."""
    known = value if word.value is not None else None
    name_span = _inside(word, 0, len(name))
    return Flag(name, known, word.span, name_span, _inside(word, skip, len(word.raw)))


def _inside(word: Word, start: int, end: int) -> Span:
    """The span of a stretch of the word; the whole word where it is not typed as it is meant."""
    quoted = 1 if word.raw[:1] in ('"', "'") else 0
    if not word.raw[quoted:].startswith(word.prefix[: max(start, 1)]):
        return word.span
    start += word.span.start + quoted
    last = word.span.end - quoted
    return Span(min(start, last), max(min(start, last), min(end + word.span.start + quoted, last)))


def _read_value(
    words: Sequence[Word], at: int, flag: Flag, command: tuple[str, ...], flags: list[Flag]
) -> int:
    following = words[at + 1] if at + 1 < len(words) else None
    if (
        not takes_value(command, flag.name)
        or following is None
        or _is_flag(following)
        or following.value == "--"
    ):
        flags.append(flag)
        return at + 1
    span = Span(flag.span.start, max(flag.span.start, following.span.end))
    flags.append(Flag(flag.name, following.value, span, flag.name_span, following.span))
    return at + 2
