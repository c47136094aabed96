"""What a script says, as values: commands, words, exports, and the uv commands among them.

All spans are code points of the script text that was asked about, also for what stands inside
`sh -c "…"`. A value is None where it depends on something the text does not tell.
"""

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from uvci.text.span import Span


class Expansion(Struct, frozen=True, gc=False):
    """Text that the shell puts in when it runs: `$NAME`, `$(…)`, `{a,b}`, `$[[ inputs.x ]]`.

    `name` is the variable of a plain `$NAME` or `${NAME}`, None for everything else. What is not
    `quoted` may become several words, or none.
    """

    name: str | None
    quoted: bool = False


Part: TypeAlias = str | Expansion


class Word(Struct, frozen=True, gc=False):
    """One word of a command. `raw` is as typed, `parts` what it means once quotes are removed.

    Patterns (`*.whl`) and `~` stay as typed.
    """

    span: Span
    raw: str
    parts: tuple[Part, ...]

    @property
    def value(self) -> str | None:
        """What the command gets, None when it holds an expansion."""
        parts = self.parts
        if len(parts) == 1:  # as nearly all words are
            return parts[0] if isinstance(parts[0], str) else None
        return None if any(isinstance(part, Expansion) for part in parts) else _joined(parts)

    @property
    def template(self) -> str | None:
        """The value with plain variables kept as `${NAME}`; None with any other expansion."""
        return _joined(self.parts)

    @property
    def prefix(self) -> str:
        """The value up to its first expansion."""
        first = self.parts[0] if self.parts else ""
        return first if isinstance(first, str) else ""

    @property
    def splits(self) -> bool:
        """Whether it may become several words, or none, when it runs."""
        return any(isinstance(part, Expansion) and not part.quoted for part in self.parts)


def _joined(parts: tuple[Part, ...]) -> str | None:
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif part.name is None:
            return None
        else:
            texts.append(f"${{{part.name}}}")
    return "".join(texts)


class Assignment(Struct, frozen=True, gc=False):
    """`NAME=value` in front of a command, or after `env`: set for that command only."""

    name: str
    value: str | None
    template: str | None
    span: Span
    value_span: Span


class ExportKind(Enum):
    """How a script changes a variable."""

    EXPORT = "export"
    """Set for every command from there on."""
    ASSIGNMENT = "assignment"
    """`NAME=value` alone: reaches commands only where the job has exported that name before."""
    UNSET = "unset"
    """Taken away."""


class Export(Struct, frozen=True):
    """A variable that a script sets for what follows.

    `template` keeps plain variables (`${HOME}/.local/bin:${PATH}`). Both are None for `export X`,
    which only passes on a value set elsewhere. `conditional`: it may not happen.
    """

    name: str
    value: str | None
    template: str | None
    span: Span
    value_span: Span | None
    kind: ExportKind = ExportKind.EXPORT
    conditional: bool = False


class Condition(Enum):
    """Whether a command runs whenever the script does."""

    ALWAYS = "always"
    AFTER_SUCCESS = "after success"
    """Behind `&&`, when what stands before it is work and not a question."""
    MAYBE = "maybe"
    """Inside `if`, `case`, a loop or a function, behind `||` or `[ … ] &&`."""


class ShellCommand(Struct, frozen=True):
    """One simple command.

    `span` covers all of it: assignments in front, wrappers and redirections too (a here-document's
    not). `words` begin at the program that does the work: `time env UV_X=1 uv sync` has the words
    `uv sync`, the wrappers `time` and `env`, and one assignment. `pipeline` is the span of the
    whole `a | b` it belongs to.
    `tested`: the script looks at its failure (`if`, `while`, `!`, left of `||`) and goes on.
    `directory` is where it runs, seen from where the script starts: `.`, a relative path, or one
    that starts at `/`, `~` or `${NAME}`; None when unknown. `exports` are those before it.
    `withheld` are variables that do not reach it from outside (`env -u NAME`), `*` for all.
    """

    span: Span
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...] = ()
    wrappers: tuple[str, ...] = ()
    pipeline: Span | None = None
    condition: Condition = Condition.ALWAYS
    tested: bool = False
    negated: bool = False
    background: bool = False
    function: str | None = None
    directory: str | None = "."
    exports: tuple[Export, ...] = ()
    withheld: tuple[str, ...] = ()

    def is_given(self, variable: str) -> bool:
        """Whether a variable of the job, or one set before, reaches the command."""
        return not {"*", variable}.intersection(self.withheld)

    @property
    def name(self) -> str | None:
        """The program's name without its folder, None when unknown."""
        value = self.words[0].value if self.words else None
        return None if value is None else program_name(value)

    @property
    def in_pipeline(self) -> bool:
        """Whether it is part of `a | b`."""
        return self.pipeline is not None

    @property
    def conditional(self) -> bool:
        """Whether it runs only if something else went right or wrong."""
        return self.condition is not Condition.ALWAYS


def program_name(path: str) -> str:
    r"""The name of the program at `path`, as every platform spells it.

    >>> program_name("/usr/bin/env"), program_name(r".venv\\Scripts\\uv.exe")
    ('env', 'uv')
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    return name[:-4] if name.lower().endswith(".exe") else name


class UvProgram(Enum):
    """How a command names uv."""

    UV = "uv"
    UVX = "uvx"
    PYTHON_MODULE = "python -m uv"
    PATH = "path"
    """By its path: `~/.local/bin/uv`, `.venv/bin/uvx`."""
    VARIABLE = "variable"
    """Through a variable whose value is known: `$UV sync`, or `$PIP install` for `uv pip`."""


class Flag(Struct, frozen=True, gc=False):
    """A flag as given: `--extra docs`, `--extra=docs`, `-pdocs`.

    `span` covers flag and value. `value_span` covers the value as typed (quotes included) and is
    None for a flag without one; `value` is None then, and when the value is unknown.
    """

    name: str
    value: str | None
    span: Span
    name_span: Span
    value_span: Span | None = None


class UvCommand(Struct, frozen=True):
    """One call of uv, as uv's own command line reads it.

    `subcommand` is `("pip", "install")`, `("sync",)`, `("tool", "run")` also for `uvx`, and empty
    for a bare `uv --version`. `subcommand_span` is empty, behind the name, when nothing is typed.
    `child` are the words of the command that `uv run` or `uvx` starts. `span` runs from the name to
    the last word. `opaque`: words whose value is unknown may add flags, sub-commands or packages.
    """

    command: ShellCommand
    program: UvProgram
    span: Span
    name_span: Span
    subcommand: tuple[str, ...]
    subcommand_span: Span
    global_flags: tuple[Flag, ...] = ()
    flags: tuple[Flag, ...] = ()
    positionals: tuple[Word, ...] = ()
    child: tuple[Word, ...] = ()
    opaque: bool = False

    @property
    def all_flags(self) -> tuple[Flag, ...]:
        """The flags before and after the sub-command."""
        return self.global_flags + self.flags

    def flag(self, *names: str) -> Flag | None:
        """The last flag that goes by one of `names`."""
        for flags in (self.flags, self.global_flags):
            for flag in reversed(flags):
                if flag.name in names:
                    return flag
        return None

    @property
    def directory(self) -> Flag | None:
        """`--directory`: where uv changes to before it does anything."""
        return self.flag("--directory")

    @property
    def project(self) -> Flag | None:
        """`--project`: where uv looks for the project."""
        return self.flag("--project")


class InstallMethod(Enum):
    """How a script gets uv."""

    PIP = "pip"
    PIPX = "pipx"
    INSTALLER = "installer"
    """The script at `https://astral.sh/uv/install.sh` (or `.ps1`)."""
    ARCHIVE = "archive"
    """A release archive downloaded from uv's repository."""
    PACKAGE_MANAGER = "package manager"
    """apk, pacman, brew, conda, cargo, …: see the command's name."""
    SELF_UPDATE = "self update"


class UvInstall(Struct, frozen=True):
    """A command that puts uv into the job.

    `version` is the exact version asked for (`0.5.1`), None if there is none or it is unknown.
    `pinned`: a version is asked for, or may be (a variable, a constraints file). `target` covers
    what a version would be written into: the requirement, the URL, or the package's name.
    `directory` is where the installer is told to put uv (`UV_INSTALL_DIR`, or with `unmanaged`
    `UV_UNMANAGED_INSTALL`), with variables as `${NAME}`. `span` covers the whole pipeline.
    `alone`: the command installs nothing else.
    """

    method: InstallMethod
    command: ShellCommand
    span: Span
    target: Span
    version: str | None = None
    pinned: bool = False
    directory: str | None = None
    unmanaged: bool = False
    alone: bool = True


class ShellCursor(Struct, frozen=True):
    """Where a cursor stands in a script: in which word of which command.

    `before` and `after` are the other words of that command. `prefix` is what the word means up to
    the cursor, `replace` what a completion replaces; both leave out an opening quote and, where
    the value of `--flag=value` or `NAME=value` is typed, what stands before the value.
    `assignment` is the variable whose value is typed, `flag` uv's flag whose value is typed, `uv`
    the uv command as it reads without the word at the cursor; `in_child`: the word belongs to the
    command that `uv run` or `uvx` starts.
    """

    command: ShellCommand
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    prefix: str
    replace: Span
    quote: str = ""
    assignment: str | None = None
    uv: UvCommand | None = None
    flag: str | None = None
    in_child: bool = False

    @property
    def index(self) -> int:
        """The place of the word in its command, 0 for the program's name."""
        return len(self.before)


Variables: TypeAlias = Mapping[str, str | None]
"""What is known of a job's variables: no entry and None both mean unknown."""
