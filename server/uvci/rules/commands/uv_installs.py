"""The commands that put uv into a job, and how one is taken out again."""

import re

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobInstall, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import InstallMethod, UvProgram
from uvci.rules.commands.uv_on_path import sources_env_file
from uvci.rules.edits import places_of
from uvci.rules.rule import Change, Context, FileEdit
from uvci.rules.script_edits import removed_command, removed_word
from uvci.text.patterns import lazy_re

NEWEST = frozenset(
    {InstallMethod.PIP, InstallMethod.PIPX, InstallMethod.INSTALLER, InstallMethod.ARCHIVE}
)
"""The ways to install uv that get the newest release unless a version is given."""

_WINDOWS = lazy_re(
    r"powershell|pwsh|\$env:|\biex\b|\binvoke-|install\.ps1|\\\.(?:local|cargo)\\"
    r"|%(?:path|userprofile|appdata|localappdata|homepath)%",
    re.IGNORECASE,
)


def shown(found: JobInstall) -> str:
    """What installs uv, in a sentence."""
    match found.install.method:
        case InstallMethod.INSTALLER:
            return "the installer"
        case InstallMethod.ARCHIVE:
            return "the archive at `releases/latest`"
        case InstallMethod.PIP:
            return "`pip install uv`"
        case InstallMethod.PIPX:
            return "`pipx install uv`"
        case _:
            return f"`{found.install.command.name} … uv`"


def is_for_windows(job: Job) -> bool:
    """Whether PowerShell or `cmd` runs the job, or a part of it."""
    return any(_WINDOWS.search(line.text) for line in job.scripts)


def is_called_where_installed(job: Job) -> bool:
    """Whether uv is called by a path, or as a module of the Python that pip put it into."""
    places = (UvProgram.PATH, UvProgram.PYTHON_MODULE)
    return any(call.command.program in places for call in uv_commands(job))


def is_in_environment(found: JobInstall) -> bool:
    """Whether pip may put uv into an environment of its own, and not into the image's Python."""
    command = found.install.command
    exports = found.state.exports + command.exports
    if any(export.name in ("VIRTUAL_ENV", "PATH") for export in exports):
        return True
    return bool(command.words) and "/" in command.words[0].raw


def without(found: JobInstall, job: Job, context: Context) -> tuple[FileEdit, ...]:
    """The edits that take an installation out, with the file it leaves to be sourced.

    None where that is not possible, or would leave a command that needs it.
    """
    install, line = found.install, found.line
    if not install.alone:
        return removed_word(line, install.target)
    edits = removed_command(line, install.span, context)
    for other in job.scripts:
        for command in find_commands(other.text):
            if edits and sources_env_file(command):
                removed = removed_command(other, command.span, context)
                edits = (*edits, *removed) if removed else ()
    return tuple(dict.fromkeys(edits))


def removal_changes(found: JobInstall, job: Job, context: Context) -> tuple[Change, ...]:
    """Where in the effective pipeline `without` changes anything."""
    lines = [found.line]
    lines += [one for one in job.scripts if any(map(sources_env_file, find_commands(one.text)))]
    changes = (change for line in lines for change in places_of(line.plain.origin, context))
    return tuple(dict.fromkeys(changes))


def jobs_in(changes: tuple[Change, ...], context: Context) -> frozenset[str]:
    """The visible jobs that some changes reach."""
    return frozenset({one.job for one in changes} & {job.name for job in context.pipeline.jobs})
