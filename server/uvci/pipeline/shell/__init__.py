"""Shell text as uv and GitLab's runner see it: which commands a script runs, and what it sets."""

from uvci.pipeline.shell.commands import (
    Script,
    directory_after,
    find_commands,
    find_exports,
    read_script,
)
from uvci.pipeline.shell.cursor import words_at
from uvci.pipeline.shell.expansion import expand_template, expanded_words, known_variables
from uvci.pipeline.shell.installs import find_uv_installs
from uvci.pipeline.shell.model import (
    Assignment,
    Condition,
    Expansion,
    Export,
    ExportKind,
    Flag,
    InstallMethod,
    Part,
    ShellCommand,
    ShellCursor,
    UvCommand,
    UvInstall,
    UvProgram,
    Variables,
    Word,
)
from uvci.pipeline.shell.uv_commands import find_uv_commands

__all__ = [
    "Assignment",
    "Condition",
    "Expansion",
    "Export",
    "ExportKind",
    "Flag",
    "InstallMethod",
    "Part",
    "Script",
    "ShellCommand",
    "ShellCursor",
    "UvCommand",
    "UvInstall",
    "UvProgram",
    "Variables",
    "Word",
    "directory_after",
    "expand_template",
    "expanded_words",
    "find_commands",
    "find_exports",
    "find_uv_commands",
    "find_uv_installs",
    "known_variables",
    "read_script",
    "words_at",
]
