"""Programs that start another one: `time`, `env`, `sudo`, `xargs`, `sh -c "…"`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct, field

from uvci.pipeline.shell.model import Word, program_name
from uvci.pipeline.shell.state import joined
from uvci.pipeline.shell.strings import find_string
from uvci.pipeline.shell.uv_line import read_line
from uvci.text.patterns import lazy_re


class Wrapper(Struct, frozen=True):
    """How a wrapper's own words end and the command it starts begins.

    `valued` are its options that take the next word; `operands` counts words it needs before the
    command. `assigns`: `NAME=value` may stand before the command. `numbers`: bare numbers before
    the command are its own (`retry 3 uv sync`). `chdir` is the option that changes the folder.
    """

    valued: frozenset[str] = frozenset()
    operands: int = 0
    assigns: bool = False
    numbers: bool = False
    chdir: str = ""


def _wrapper(valued: str, operands: int = 0) -> Wrapper:
    return Wrapper(frozenset(valued.split()), operands)


_PLAIN = Wrapper()
_OPERAND = Wrapper(operands=1)
# Options as the manual pages of coreutils, util-linux, findutils, sudo and xvfb give them.
WRAPPERS = {
    "arch": _PLAIN,
    "builtin": _PLAIN,
    "busybox": _PLAIN,
    "catchsegv": _PLAIN,
    "chronic": _PLAIN,
    "chrt": _OPERAND,
    "command": _PLAIN,
    "coproc": _PLAIN,
    "dbus-run-session": _PLAIN,
    "doas": Wrapper(frozenset({"-u", "-C"}), assigns=True),
    "dumb-init": _PLAIN,
    "env": Wrapper(
        frozenset({"-u", "--unset", "-C", "--chdir", "-S", "--split-string"}),
        assigns=True,
        chdir="-C",
    ),
    "eatmydata": _PLAIN,
    "exec": _wrapper("-a"),
    "fakeroot": _PLAIN,
    "flock": _wrapper("-w --timeout -E", operands=1),
    "gosu": _OPERAND,
    "ionice": _wrapper("-c --class -n --classdata"),
    "nice": _wrapper("-n --adjustment"),
    "nohup": _PLAIN,
    "retry": Wrapper(
        frozenset({"-t", "--times", "-d", "--delay", "-s", "--sleep", "-r", "--retries"}),
        numbers=True,
    ),
    "runuser": _wrapper("-u --user -g --group -G --supp-group"),
    "setarch": _OPERAND,
    "setsid": _PLAIN,
    "strace": _wrapper("-e -o -s -p -P"),
    "stdbuf": _wrapper("-i --input -o --output -e --error"),
    "su-exec": _OPERAND,
    "sudo": Wrapper(
        frozenset(
            {"-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C"}
            | {"-D", "--chdir", "-R", "--chroot", "-r", "--role", "-t", "--type", "-T"}
        ),
        assigns=True,
        chdir="-D",
    ),
    "time": Wrapper(frozenset({"-f", "--format", "-o", "--output"}), assigns=True),
    "taskset": _OPERAND,
    "timeout": _wrapper("-s --signal -k --kill-after", operands=1),
    "tini": _PLAIN,
    "unbuffer": _PLAIN,
    "winpty": _PLAIN,
    "xargs": _wrapper(
        "-a --arg-file -d --delimiter -E -I -L --max-lines -n --max-args -P --max-procs -s"
    ),
    "xvfb-run": _wrapper("-e --error-file -f --auth-file -n --server-num -p -s --server-args -w"),
}
# Package managers' ways to run a program in an environment of theirs, and options of theirs.
_RUNNING = frozenset(
    {"conda", "dotenv", "hatch", "mamba", "micromamba", "pdm", "pipenv", "pipx", "pixi", "poetry"}
    | {"rye"}
)
_BEFORE_RUN = _wrapper("-C --directory -P --project -p -e --env -f --file")
_BEHIND_RUN = _wrapper(
    "-n --name -p --prefix -e --environment --manifest-path --spec --python -i --index-url"
    " --pip-args"
)
# Programs whose own arguments end at a word of theirs: `nix develop --command uv sync`.
_BEHIND_DASHES = frozenset({"--"})
_MARKERS = {
    "aws-vault": _BEHIND_DASHES,
    "chamber": _BEHIND_DASHES,
    "doppler": _BEHIND_DASHES,
    "dotenv": _BEHIND_DASHES,
    "dotenvx": _BEHIND_DASHES,
    "flox": _BEHIND_DASHES,
    "infisical": _BEHIND_DASHES,
    "mise": _BEHIND_DASHES,
    "nix": frozenset({"-c", "--command"}),
    "op": _BEHIND_DASHES,
}
_UV = ("uv", "uvx")
_ONLY_ASKS = frozenset({"-v", "-V", "-pv", "-pV"})
# Seen in front of a command where one statement is spread over several script items.
_KEYWORDS = frozenset({"!", "{", "do", "elif", "else", "if", "then", "until", "while"})
_KEEPS_ALL = lazy_re(r"-[A-Za-z]*E[A-Za-z]*|--preserve-env")
_NUMBER = lazy_re(r"\d+[smhd]?", re.ASCII)


class Peeled(Struct):
    """A command without its wrappers: where it starts, and the shell text it holds if any.

    `assigned` are the places of `NAME=value` words, `chdir` that of the folder it runs in (-1: a
    folder this does not tell). `script` is the range of words that together are a script, run by
    `runners`. `keyword`: it stands behind a `then` or `do` whose `if` is elsewhere. `withheld` is
    as in `ShellCommand`.
    """

    start: int = 0
    names: list[str] = field(default_factory=list)
    assigned: list[int] = field(default_factory=list)
    chdir: int | None = None
    script: tuple[int, int] | None = None
    runners: tuple[str, ...] = ()
    keyword: bool = False
    withheld: list[str] = field(default_factory=list)

    @property
    def in_shell(self) -> bool:
        """Whether it runs in the shell of the script, so that it can change its state."""
        return not {*self.names} - {"builtin", "command", "time"}

    def directory(self, words: Sequence[Word], base: str | None) -> str | None:
        """The folder the command runs in, when the shell is in `base`."""
        if self.chdir is None:
            return base
        return joined(base, words[self.chdir].template) if 0 <= self.chdir < len(words) else None


def peel(words: Sequence[Word]) -> Peeled:
    """What is left of a command when everything that only starts it is taken away."""
    peeled = Peeled()
    while peeled.start < len(words) and words[peeled.start].raw in _KEYWORDS:
        peeled.start += 1
        peeled.keyword = True
    if _is_assigned_by_powershell(words):
        peeled.start = 2
    while peeled.start < len(words) and peeled.script is None:
        start = peeled.start
        name = program_name(_value(words, start) or "")
        if name in WRAPPERS:
            _peel_wrapper(words, peeled, name, WRAPPERS[name])
        elif name in _RUNNING:
            _peel_runner(words, peeled, name)
        elif name in _MARKERS:
            _peel_up_to(words, peeled, name, _MARKERS[name])
        else:
            _take_string(words, peeled, start)
        if peeled.start == start:
            break
    if peeled.script is None and peeled.start < len(words):
        _find_script_of_uv(words, peeled)
    return peeled


def _is_assigned_by_powershell(words: Sequence[Word]) -> bool:
    """Whether it is `$name = uv …`: most of what is assigned is no command."""
    if len(words) < 3 or words[1].raw != "=" or not words[0].raw.startswith("$"):
        return False
    return program_name(words[2].value or "") in _UV


def _peel_runner(words: Sequence[Word], peeled: Peeled, name: str) -> None:
    """Only uv is looked for behind `poetry run`: anything else is a command of poetry's."""
    at, _ = _after_options(words, peeled.start + 1, _BEFORE_RUN)
    if _value(words, at) == "run":
        at, _ = _after_options(words, at + 1, _BEHIND_RUN)
        if program_name(_value(words, at) or "") in _UV:
            peeled.start = at
            peeled.names.append(f"{name} run")
    if peeled.start != at and name in _MARKERS:
        _peel_up_to(words, peeled, name, _MARKERS[name])


def _peel_up_to(words: Sequence[Word], peeled: Peeled, name: str, markers: frozenset[str]) -> None:
    rest = range(peeled.start + 1, len(words) - 1)
    marker = next((at for at in rest if words[at].value in markers), None)
    if marker is not None:
        peeled.start = marker + 1
        peeled.names.append(name)


def _value(words: Sequence[Word], index: int) -> str | None:
    return words[index].value if index < len(words) else None


def _peel_wrapper(words: Sequence[Word], peeled: Peeled, name: str, wrapper: Wrapper) -> None:
    at = peeled.start + 1
    if name == "command" and _value(words, at) in _ONLY_ASKS:
        return
    at, chdir = _after_options(words, at, wrapper)
    assigned = []
    while wrapper.assigns and at < len(words) and re.match(r"\w+=", words[at].prefix):
        assigned.append(at)
        at += 1
    at += wrapper.operands
    while wrapper.numbers and _NUMBER.fullmatch(_value(words, at) or ""):
        at += 1
    at += wrapper.numbers and _value(words, at) == "--"
    if at >= len(words):
        return
    if name == "retry" and " " in (_value(words, at) or ""):
        peeled.script, peeled.runners = (at, at + 1), (name,)
        return
    peeled.withheld += _withheld(name, words[peeled.start + 1 : at])
    peeled.start = at
    peeled.names.append(name)
    peeled.assigned += assigned
    peeled.chdir = peeled.chdir if chdir is None else chdir


def _withheld(name: str, options: Sequence[Word]) -> Iterator[str]:
    """The variables that `env` and `sudo` do not hand on (their manual pages)."""
    texts = [option.prefix for option in options]
    if name in ("sudo", "doas") and not any(map(_KEEPS_ALL.fullmatch, texts)):
        yield "*"
    for option, following in pairwise([*texts, ""]) if name == "env" else ():
        if option in ("-", "-i", "--ignore-environment"):
            yield "*"
        elif option in ("-u", "--unset"):
            yield following
        elif option.startswith(("-u", "--unset=")):
            yield option.removeprefix("--unset=").removeprefix("-u")


def _after_options(words: Sequence[Word], at: int, wrapper: Wrapper) -> tuple[int, int | None]:
    chdir = None
    while (option := words[at].prefix if at < len(words) else "").startswith("-"):
        at += 1
        if option == "--":
            break
        if wrapper.chdir and option in (wrapper.chdir, "--chdir"):
            chdir = at
        elif wrapper.chdir and option.startswith((wrapper.chdir, "--chdir=")):
            chdir = -1
        at += option in wrapper.valued
    return at, chdir


def _take_string(words: Sequence[Word], peeled: Peeled, start: int) -> None:
    if found := find_string(words, start):
        peeled.script, peeled.runners = (found.start, found.end), (found.runner,)


def _find_script_of_uv(words: Sequence[Word], peeled: Peeled) -> None:
    """The script of `uv run bash -c "…"`."""
    name = program_name(words[peeled.start].value or "")
    if name in _UV:
        line = read_line(words[peeled.start + 1 :], uvx=name == "uvx")
        if line.child_at is not None:
            _take_string(words, peeled, peeled.start + 1 + line.child_at)
            peeled.runners = ("uv tool run" if name == "uvx" else "uv run", *peeled.runners)
