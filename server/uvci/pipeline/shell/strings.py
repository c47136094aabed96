"""Programs that are given a whole script as a string: `sh -c "…"`, `eval`, `powershell -c`."""

import re
from collections.abc import Sequence

from msgspec import Struct

from uvci.pipeline.shell.model import Word, program_name
from uvci.text.patterns import lazy_re

SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "su", "zsh"})
POWERSHELLS = frozenset({"powershell", "pwsh"})
_ANYWHERE = frozenset({"script", "sg", "su"})
"""Programs whose `-c "…"` may stand behind other words."""
_SHELL_COMMAND = lazy_re(r"-[a-z]*c", re.ASCII)
_SHELL_OPTION = lazy_re(r"[-+][a-z]*[oO]", re.ASCII)
_POWERSHELL_COMMAND = lazy_re(r"-c(ommand)?", re.IGNORECASE)
_POWERSHELL_VALUED = lazy_re(
    r"-(ep?|ex(ecutionpolicy)?|version|(in|out)putformat|w(indowstyle)?|(config|settings)\w+|wd"
    r"|workingdirectory)",
    re.IGNORECASE,
)
_CMD_COMMAND = lazy_re(r"//?[ck]", re.IGNORECASE)


class CommandString(Struct, frozen=True):
    """The words `start` to `end` are a script, and `runner` runs it."""

    start: int
    end: int
    runner: str


def find_string(words: Sequence[Word], start: int) -> CommandString | None:
    """The script that the program at `start` is given as a string, None where it is given none."""
    name = program_name(_value(words, start))
    found: tuple[int, int] | None = None
    if name in SHELLS or name in _ANYWHERE:
        found, name = _of_shell(words, start, anywhere=name in _ANYWHERE), f"{name} -c"
    elif name.lower() in POWERSHELLS:
        found, name = _of_powershell(words, start, name.lower()), f"{name} -c"
    elif name.lower() == "cmd":
        found, name = _of_cmd(words, start), "cmd /c"
    elif name == "eval":
        found = (start + 1, len(words))
    elif name == "trap" and len(words) > start + 2:
        found = (start + 1, start + 2)
    return CommandString(*found, name) if found and found[0] < found[1] else None


def _value(words: Sequence[Word], at: int) -> str:
    return (words[at].value or "") if at < len(words) else ""


def _of_shell(words: Sequence[Word], start: int, *, anywhere: bool) -> tuple[int, int] | None:
    at = start + 1
    while at < len(words):
        value = _value(words, at)
        if _SHELL_COMMAND.fullmatch(value):
            at += 1 + (_value(words, at + 1) == "--")
            return (at, min(at + 1, len(words)))
        if not value.startswith(("-", "+")) and not anywhere:
            return None
        at += 2 if _SHELL_OPTION.fullmatch(value) else 1
    return None


def _of_powershell(words: Sequence[Word], start: int, name: str) -> tuple[int, int] | None:
    """Behind `-Command`; Windows' own also takes other words for a command, `pwsh` for a file."""
    at = start + 1
    while at < len(words):
        value = _value(words, at)
        if _POWERSHELL_COMMAND.fullmatch(value):
            return (at + 1, len(words))
        if not value.startswith("-"):
            return (at, len(words)) if name == "powershell" and value else None
        at += 2 if _POWERSHELL_VALUED.fullmatch(value) else 1
    return None


def _of_cmd(words: Sequence[Word], start: int) -> tuple[int, int] | None:
    at = start + 1
    while at < len(words) and _value(words, at).startswith("/"):
        if _CMD_COMMAND.fullmatch(_value(words, at)):
            return (at + 1, len(words))
        at += 1
    return None
