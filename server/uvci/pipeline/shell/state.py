"""What a script changes for the commands after it: folder and variables."""

import posixpath
import re

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.shell.model import Export, ExportKind, ShellCommand, Word
from uvci.text.patterns import lazy_re

_POWERSHELL_VARIABLE = lazy_re(r"\$env:(\w+)\s*(\+?=?)", re.ASCII | re.IGNORECASE)
_ABSOLUTE = ("/", "~", "${", "\\")


class Scope(Struct):
    """The state of one shell while its script is read; a subshell works on a copy."""

    directory: str | None = "."
    exports: tuple[Export, ...] = ()

    def copy(self) -> "Scope":
        """The state a subshell or a branch starts with."""
        return Scope(self.directory, self.exports)

    def join(self, branch: "Scope", known: int) -> None:
        """Take over what a branch may have done; `known` exports are those it started with."""
        if branch.directory != self.directory:
            self.directory = None
        self.exports += branch.exports[known:]

    def enter(self, target: str | None) -> None:
        """Change the folder as `cd` does."""
        self.directory = joined(self.directory, target)

    def export(self, export: Export) -> None:
        """Set a variable; `export NAME` passes on what an assignment before it has set."""
        if export.kind is ExportKind.EXPORT and export.value_span is None:
            earlier = next((e for e in reversed(self.exports) if e.name == export.name), None)
            if earlier is not None and earlier.kind is not ExportKind.UNSET:
                export = replace(export, value=earlier.value, template=earlier.template)
        self.exports += (export,)

    def apply(self, command: ShellCommand, *, conditional: bool) -> None:
        """Do what `cd`, `source` and PowerShell's `$env:NAME = …` do."""
        match command.name:
            case "cd" | "pushd":
                self.enter(_target(command.words[1:]))
            case "popd":
                self.directory = None
            case "source" | "." if len(command.words) > 1:
                self._source(command, conditional=conditional)
            case None:
                self._powershell(command, conditional=conditional)
            case _:
                return

    def _source(self, command: ShellCommand, *, conditional: bool) -> None:
        template = command.words[1].template
        path = joined(self.directory, template) or template or command.words[1].raw
        folder, _, name = path.rpartition("/")
        values: dict[str, str | None] = {}
        if name == "env" and ".local/bin" in folder:
            values["PATH"] = f"{folder}:${{PATH}}"
        elif name == "env" and folder.endswith(".cargo"):
            values["PATH"] = f"{folder}/bin:${{PATH}}"
        elif name.startswith("activate"):
            environment = posixpath.dirname(folder) if template else None
            values = {"VIRTUAL_ENV": environment, "PATH": f"{folder}:${{PATH}}"}
        self.exports += tuple(
            Export(
                variable,
                None if value is None or "${" in value else value,
                value if template else None,
                command.span,
                None,
                conditional=conditional,
            )
            for variable, value in values.items()
        )

    def _powershell(self, command: ShellCommand, *, conditional: bool) -> None:
        raws = [word.raw for word in command.words[:2]]
        match = _POWERSHELL_VARIABLE.match(" ".join(raws))
        if match is None or not match[2].endswith("="):
            return
        word = command.words[2] if raws[1:] == ["="] and len(command.words) == 3 else None
        value = word.value if word else None
        span = word.span if word else None
        self.exports += (
            Export(match[1], value, value, command.span, span, conditional=conditional),
        )


def joined(base: str | None, target: str | None) -> str | None:
    """The folder `target` seen from `base`; None where either is unknown.

    >>> joined("app", "../lib"), joined(".", "${HOME}/x/.."), joined(None, "/srv")
    ('lib', '${HOME}', '/srv')
    """
    if target is None or target == "-":
        return None
    if target.startswith(_ABSOLUTE):
        return posixpath.normpath(target)
    return None if base is None else posixpath.normpath(posixpath.join(base, target))


def _target(words: tuple[Word, ...]) -> str | None:
    operands = [word for word in words if word.value not in ("-P", "-L", "--", "-e")]
    if not operands:
        return "~"
    return operands[0].template if len(operands) == 1 else None
