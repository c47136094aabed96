"""The commands of a script, in the order typed, each with the state it runs in."""

from functools import lru_cache

from msgspec import Struct

from uvci.pipeline.shell.grammar import Source, Text
from uvci.pipeline.shell.model import Export, ShellCommand
from uvci.pipeline.shell.place import Place
from uvci.pipeline.shell.reader import Reader
from uvci.pipeline.shell.state import Scope
from uvci.pipeline.shell.words import join_powershell_lines, mask_inputs


class Script(Struct, frozen=True):
    """A script as read: its commands, what it leaves set, and the folder it ends in.

    `exports` are those that the next script in the same shell still sees. `directory` is as in
    `ShellCommand`.
    """

    commands: tuple[ShellCommand, ...] = ()
    exports: tuple[Export, ...] = ()
    directory: str | None = "."


@lru_cache(maxsize=4096)
def read_script(script: str) -> Script:
    """All that one item of `script` does, as far as its text tells; never raises.

    >>> [command.name for command in read_script("cd app && time uv sync").commands]
    ['cd', 'uv']
    """
    scope = Scope()
    commands: list[ShellCommand] = []
    text = Text(join_powershell_lines(mask_inputs(script)))
    Reader(Source(script, text), commands).read(scope, Place())
    commands.sort(key=lambda command: (command.span.start, -command.span.end))
    return Script(tuple(commands), scope.exports, scope.directory)


def find_commands(script: str) -> tuple[ShellCommand, ...]:
    """Every simple command of the script, also inside `$(…)` and `sh -c "…"`, in the order typed.

    Comments, here-documents and the words of other commands (`echo uv sync`) hold none.
    """
    return read_script(script).commands


def find_exports(script: str) -> tuple[Export, ...]:
    """The variables that the script sets for what follows in the same shell, in the order set."""
    return read_script(script).exports


def directory_after(script: str) -> str | None:
    """The folder the script leaves the shell in, as `ShellCommand.directory` says it."""
    return read_script(script).directory
