"""What a job does with other package managers, and what becomes of it."""

from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from uvci.pipeline.model import Job, ScriptLine
from uvci.pipeline.shell.model import ShellCommand, Word
from uvci.rules.rule import Context
from uvci.text.span import Span


class Tool(Enum):
    """A package manager that uv can stand in for."""

    PIP = "pip"
    PIP_SYNC = "pip-sync"
    PIP_COMPILE = "pip-compile"
    POETRY = "poetry"
    PIPENV = "pipenv"


class Active(Enum):
    """Whether a virtual environment is active where a command runs."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class ToolCall(Struct, frozen=True, eq=False):
    """One call of such a tool. `head` covers all that names the tool (`python -m pip`).

    `words` follow it. `folder` is where it runs, seen from the project folder, None when unknown;
    `environment` is the folder of the active environment. `python` is the interpreter of the
    environment whose pip is named by its path. `own`: it is typed in the job itself.
    """

    tool: Tool
    job: Job
    line: ScriptLine
    command: ShellCommand
    head: Span
    words: tuple[Word, ...]
    active: Active
    folder: str | None
    own: bool
    python: str = ""
    environment: str = ""

    @property
    def text(self) -> str:
        """The call as it is typed, from its name to its last word."""
        return self.line.text[self.head.start : self.end].strip()

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return self.words[-1].span.end if self.words else self.head.end


class Rewrite(Struct, frozen=True):
    """Pieces of a script item that get other texts; spans are relative to the item's text."""

    line: ScriptLine
    pieces: tuple[tuple[Span, str], ...]
    into_image: bool = False
    """Whether it installs into the image's own Python."""


class Drop(Struct, frozen=True):
    """A command that is not needed any more; `span` is relative to the item's text."""

    line: ScriptLine
    command: ShellCommand
    span: Span
    why: str


class Leave(Struct, frozen=True):
    """A command that stays as it is, and does what it did."""

    text: str
    why: str


class Refusal(Struct, frozen=True):
    """Why a job cannot be migrated at all, as a sentence."""

    why: str


Outcome: TypeAlias = Rewrite | Drop | Leave | Refusal


def dropped(call: ToolCall, why: str) -> Drop:
    """The whole command goes, with what stands in front of it and its redirections."""
    return Drop(call.line, call.command, call.command.pipeline or call.command.span, why)


class Plan(Struct, frozen=True, eq=False):
    """What becomes of a job: its image as it will be typed (None: as it is) and its commands.

    `bootstrap` installs uv, in an image that has none and stays; before all else where the job
    makes an environment (`bootstraps_early`). `heirs` are the entries that get the job's keywords
    by `extends`.
    """

    job: Job
    context: Context
    image: str | None
    bootstrap: str | None
    calls: tuple[ToolCall, ...]
    rewrites: tuple[Rewrite, ...] = ()
    drops: tuple[Drop, ...] = ()
    left: tuple[Leave, ...] = ()
    heirs: tuple[str, ...] = ()
    bootstraps_early: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every entry that changes."""
        return (self.job.name, *self.heirs)
