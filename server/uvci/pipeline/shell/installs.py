"""The commands of a script that put uv into the job."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.expansion import (
    Known,
    expand_template,
    expanded_words,
    known_variables,
    mentioned,
)
from uvci.pipeline.shell.model import (
    InstallMethod,
    ShellCommand,
    UvInstall,
    Variables,
    Word,
    program_name,
)
from uvci.pipeline.shell.package_managers import packaged_installs
from uvci.pipeline.shell.strings import POWERSHELLS, SHELLS
from uvci.pipeline.shell.uv_commands import read_uv_commands
from uvci.text.patterns import lazy_re

# The addresses of uv's installer and of its release archives:
# https://docs.astral.sh/uv/getting-started/installation/
_INSTALLER = lazy_re(
    r"(?:astral\.sh/uv/(?:(?P<short>[^/\s]+)/)?install\.(?:sh|ps1)"
    r"|astral-sh/uv/releases/(?:latest/download|download/(?P<long>[^/\s]+))"
    r"/uv-installer\.(?:sh|ps1))"
)
_ARCHIVE = lazy_re(
    r"astral-sh/uv/releases/(?:latest/download|download/(?P<long>[^/\s]+))/uv-(?!installer)"
)
_DOWNLOADERS = frozenset(
    {"curl", "wget", "irm", "iwr", "invoke-restmethod", "invoke-webrequest", "aria2c", "http"}
)
_SAVES = frozenset({"-o", "-O", "--output", "-OutFile"})
_RUNNERS = SHELLS | POWERSHELLS | {"iex", "invoke-expression", ".", "source"}
_FOLDERS = ("UV_UNMANAGED_INSTALL", "UV_INSTALL_DIR")
_VERSION = lazy_re(r"v?(\d[\w.+-]*)", re.ASCII)
_NO_VARIABLES: dict[str, str | None] = {}


def find_uv_installs(script: str, variables: Variables = _NO_VARIABLES) -> tuple[UvInstall, ...]:
    """Every command of the script that installs or updates uv, in the order typed.

    >>> [(i.method.value, i.version) for i in find_uv_installs("pip install uv==0.5.1")]
    [('pip', '0.5.1')]
    """
    return _find(script, mentioned(script, variables, *_FOLDERS)) if "uv" in script else ()


@lru_cache(maxsize=4096)
def _find(script: str, known: Known) -> tuple[UvInstall, ...]:
    variables = dict(known)
    commands = find_commands(script)
    return tuple(
        install
        for index, command in enumerate(commands)
        if (words := expanded_words(command, variables))
        for install in _installs(commands, index, words, variables)
    )


def _installs(
    commands: Sequence[ShellCommand], index: int, words: Sequence[Word], variables: Variables
) -> Iterator[UvInstall]:
    command = commands[index]
    if program_name(words[0].value or "").lower() in _DOWNLOADERS:
        yield from _downloads(commands, index, words, variables)
    elif "self" in {word.value for word in words}:
        yield from _self_updates(command, variables)
    else:
        yield from packaged_installs(command, words)


def _downloads(
    commands: Sequence[ShellCommand], index: int, words: Sequence[Word], variables: Variables
) -> Iterator[UvInstall]:
    command = commands[index]
    for word in words:
        address = word.template if word.template is not None else word.raw
        method, match = InstallMethod.INSTALLER, _INSTALLER.search(address)
        if match is None:
            method, match = InstallMethod.ARCHIVE, _ARCHIVE.search(address)
        if match is None:
            continue
        asked = match["long"] or match.groupdict().get("short")
        exact = _VERSION.fullmatch(asked or "")
        runner = _runner(commands, index, words)
        folder, unmanaged = _folder(runner, variables)
        yield UvInstall(
            method,
            command,
            command.pipeline or (runner if runner.span.covers(command.span) else command).span,
            word.span,
            version=exact[1] if exact else None,
            pinned=asked is not None,
            directory=folder,
            unmanaged=unmanaged,
        )
        return


def _folder(runner: ShellCommand, variables: Variables) -> tuple[str | None, bool]:
    """Where the installer is told to put uv, by the command that runs it or by the job."""
    known = known_variables(runner.exports, variables)
    templates = {export.name: export.template for export in runner.exports}
    templates |= {assigned.name: assigned.template for assigned in runner.assignments}
    for name in _FOLDERS:
        if name in templates:
            template = templates[name]
            return expand_template(template, known) or template, name == "UV_UNMANAGED_INSTALL"
        if name in variables:
            return variables[name] or f"${{{name}}}", name == "UV_UNMANAGED_INSTALL"
    return None, False


def _runner(commands: Sequence[ShellCommand], index: int, words: Sequence[Word]) -> ShellCommand:
    """The command that runs a download: down the pipe, around `$(…)`, or by the file's name."""
    download = commands[index]
    values = [word.value for word in words]
    saved = {value for option, value in pairwise(values) if option in _SAVES and value}
    for other in commands:
        if other is download or (other.name or "").lower() not in _RUNNERS:
            continue
        piped = download.pipeline is not None and other.pipeline == download.pipeline
        if piped or other.span.covers(download.span):
            return other
    return next((c for c in commands[index + 1 :] if _names_one_of(c, saved)), download)


def _names_one_of(command: ShellCommand, files: Collection[str]) -> bool:
    return any(word.value in files for word in command.words)


def _self_updates(command: ShellCommand, variables: Variables) -> Iterator[UvInstall]:
    for uv in read_uv_commands(command, variables):
        if uv.subcommand != ("self", "update"):
            continue
        version = uv.positionals[0] if uv.positionals else None
        exact = _VERSION.fullmatch(version.value or "") if version else None
        yield UvInstall(
            InstallMethod.SELF_UPDATE,
            command,
            command.span,
            version.span if version else uv.subcommand_span,
            version=exact[1] if exact else None,
            pinned=version is not None,
        )
