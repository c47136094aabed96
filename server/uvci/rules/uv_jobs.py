"""What uv does in a job: its commands, and the settings that each of them runs with."""

import re
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from uvci.catalog.availability import Availability
from uvci.catalog.values import is_on
from uvci.catalog.variables import availability, find_variable
from uvci.catalog.versions import UvVersion
from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Job, Variant
from uvci.pipeline.releases import release, releases
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import ExportKind, ShellCommand, UvProgram, Word, program_name
from uvci.pipeline.sources import Settings
from uvci.rules.kept import by_owner
from uvci.rules.rule import Context
from uvci.text.patterns import lazy_re

_INSTALLING = frozenset(
    {
        ("sync",),
        ("run",),
        ("add",),
        ("remove",),
        ("pip", "install"),
        ("pip", "sync"),
        ("tool", "install"),
        ("tool", "run"),
        ("tool", "upgrade"),
    }
)
_WRITING = _INSTALLING | {("lock",), ("export",), ("build",), ("pip", "compile"), ("tree",)}
_RUNNERS = frozenset(
    {
        *("bash", "sh", "dash", "zsh", "pwsh", "powershell", "source", ".", "eval", "exec"),
        *("make", "just", "task", "go-task", "mise", "tox", "nox", "docker"),
    }
)
_ENVIRONMENT_MAKERS = frozenset(
    {
        *("pre-commit", "prek", "hatch", "poetry", "pdm", "pipx", "virtualenv", "pyproject-build"),
        *("cibuildwheel", "invoke", "inv", "poe", "doit"),
    }
)
"""Tools that make environments of their own, with pip or with uv, or that run tasks."""
_ELSEWHERE = ("UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY")
_ADDS_PYTHON = lazy_re(
    r"\A(?>.*?\b(?:apt|apt-get|apk|dnf|microdnf|yum|conda|mamba)\b)(?>.*?\b(?:add|install)\b).*\bpython"
    r"|\bpyenv\b|\b(?:add|install)\b[^\n;&|]*\$|\bxargs\b",
    re.DOTALL,
)
"""Only the first of each word is tried: a long script full of them would take minutes."""
_OWN_FOLDER = lazy_re(
    r"/(?:usr/|usr/local/)?bin/|(?:~|/root|\$HOME|\$\{HOME\})/\.(?:local|cargo)/bin/"
)
_BRINGS_PROGRAMS = lazy_re(r"\S+ (?:tool )?run|flox|guix|mise|nix|nix-shell")
"""What programs run under that brings some of its own: `uv run`, `poetry run`, `pipx run`."""
_OF_PROJECTS = frozenset(
    {("sync",), ("run",), ("lock",), ("add",), ("remove",), ("export",), ("tree",), ("build",)}
)


class Absent(Enum):
    """Why a setting has no value."""

    UNSET = "unset"
    UNKNOWN = "unknown"


Setting: TypeAlias = str | Absent


class UvRun(Struct, frozen=True, eq=False, dict=True):
    """One call of uv in one of the job's sets of variables. `version` is None when unknown."""

    job: Job
    variant: Variant
    call: JobCommand
    version: UvVersion | None

    @cached_property
    def installs(self) -> bool:
        """Whether it puts packages into an environment."""
        words, command = self.call.command.subcommand, self.call.command
        if words not in _INSTALLING or command.flag("--help", "-h", "--dry-run", "--check"):
            return False
        return words != ("run",) or not (
            self._starts_a_file or self.is_on("UV_NO_SYNC", "--no-sync", "--no-project")
        )

    @property
    def _starts_a_file(self) -> bool:
        """Whether `uv run` is given a script, which may need no package at all."""
        child = self.call.command.child
        return bool(child) and child[0].raw.strip("\"'").endswith(".py")

    @cached_property
    def fills_cache(self) -> bool:
        """Whether it leaves anything in uv's cache."""
        if self.call.command.subcommand not in _WRITING:
            return False
        return not self.is_on("UV_NO_CACHE", "--no-cache", "-n", "--no-cache-dir")

    def setting(self, name: str) -> Setting:
        """What the variable `name` holds for this command."""
        return setting(name, self.variant, self.call)

    def set_among(self, names: frozenset[str]) -> frozenset[str]:
        """Those of `names` that anything in the pipeline sets for this command."""
        return names & self._set_in_script | (self.variant.variables.keys() & names)

    @property
    def _set_in_script(self) -> set[str]:
        before = {one.name for one in self.call.command.command.assignments}
        return before | {one.name for one in self.call.exports}

    def is_surely_set(self, name: str) -> bool:
        """Whether the job's variables set `name` for this command, also to what nobody can tell."""
        variable = self.variant.variables.get(name)
        given = self.call.command.command.is_given(name)
        if variable is None or not given or name in self._set_in_script:
            return isinstance(self.setting(name), str)
        return variable.raw is not None

    def is_on(self, name: str, *flags: str) -> bool:
        """Whether a boolean variable, or one of the flags that do the same, is surely on."""
        if self.call.command.flag(*flags):
            return True
        value, variable = self.setting(name), find_variable(name)
        if variable is None or isinstance(value, Absent):
            return False
        return is_on(variable, value) is True


def uv_runs(job: Job, context: Context) -> tuple[UvRun, ...]:
    """Every call of uv in the job, once for each set of variables."""
    return _uv_runs(job, context.settings)


@by_owner
def _uv_runs(job: Job, settings: Settings) -> tuple[UvRun, ...]:
    calls = uv_commands(job)
    if not calls:
        return ()
    by_variant = zip(job.variants, releases(job, settings), strict=True)
    return tuple(
        UvRun(job, variant, call, found.version if found and _is_of_job(call) else None)
        for variant, found in by_variant
        for call in calls
    )


def _is_of_job(call: JobCommand) -> bool:
    """Whether it is the job's own uv, and not one that an environment brings."""
    command = call.command
    if any(map(_BRINGS_PROGRAMS.fullmatch, command.command.wrappers)):
        return False
    if command.program is not UvProgram.PATH:
        return True
    return bool(_OWN_FOLDER.match(command.name_span.of(call.line.text).strip("\"'")))


def uv_version(job: Job, context: Context) -> UvVersion | None:
    """The one uv that the job runs; None where it varies or is unknown."""
    found = release(job, context.settings)
    return found.version if found else None


def is_of_project(call: JobCommand) -> bool:
    """Whether a call works on the project's own environment or lock file."""
    command = call.command
    if command.subcommand == ("run",):
        return not command.flag("--no-project", "--script", "-s", "--isolated")
    return command.subcommand in _OF_PROJECTS and not command.flag("--script")


def is_at_root(call: JobCommand, job: Job) -> bool:
    """Whether a call surely works in the repository's root, on the project that lies there."""
    command = call.command
    if call.directory != "." or command.directory or command.project:
        return False
    return all(is_unset(name, call, job) for name in _ELSEWHERE)


def is_unset(name: str, call: JobCommand, job: Job) -> bool:
    """Whether the variable `name` is surely not set for a call, whichever the set of variables."""
    return all(setting(name, variant, call) is Absent.UNSET for variant in job.variants)


def uses_root_project(call: JobCommand, job: Job, context: Context) -> bool:
    """Whether a call needs the environment of the project in the repository's root."""
    command = call.command
    if command.subcommand not in (("sync",), ("run",)) or command.opaque:
        return False
    return is_of_project(call) and is_at_root(call, job) and not _has_own_needs(call, context)


def _has_own_needs(call: JobCommand, context: Context) -> bool:
    """Whether `uv run` may be given a file that says itself what it needs (PEP 723)."""
    child = call.command.child
    if child and child[0].value is None:
        return True
    name = child[0].raw.strip("\"'").removeprefix("./") if child else ""
    if not name.endswith(".py"):
        return False
    text = context.files.read(name)
    return text is None or "# /// script" in text


def setting(name: str, variant: Variant, call: JobCommand) -> Setting:
    """What the variable `name` holds for a call: set before it, in the script, or for the job."""
    for assignment in reversed(call.command.command.assignments):
        if assignment.name == name:
            return Absent.UNKNOWN if assignment.value is None else assignment.value
    if not call.command.command.is_given(name):
        return Absent.UNKNOWN
    for export in reversed(call.exports):
        if export.name == name:
            if export.conditional or export.kind is ExportKind.ASSIGNMENT:
                return Absent.UNKNOWN
            if export.kind is ExportKind.UNSET:
                return Absent.UNSET
            return Absent.UNKNOWN if export.value is None else export.value
    return job_setting(name, variant)


def job_setting(name: str, variant: Variant) -> Setting:
    """What the pipeline sets a variable to; what only the project's settings may say is unset."""
    if name not in variant.variables:
        return Absent.UNSET if variant.closed else Absent.UNKNOWN
    return _held(variant, name)


@by_owner
def _held(variant: Variant, name: str) -> Setting:
    text = expand_text(f"${{{name}}}", variant, Place.RUNNER).text
    return Absent.UNKNOWN if text is None else text


def wants_managed_python(run: UvRun) -> bool:
    """Whether the call surely leaves the image's Pythons alone and takes one that uv downloads."""
    command = run.call.command
    if command.subcommand not in (("sync",), ("run",)) or command.command.conditional:
        return False
    if run.version is None or run.setting("UV_PYTHON_DOWNLOADS") is not Absent.UNSET:
        return False
    if command.flag("--managed-python"):
        return True
    return any(
        variable is not None
        and availability(variable, run.version) is Availability.KNOWN
        and run.setting(variable.name) in values
        for variable, values in (
            (find_variable("UV_MANAGED_PYTHON"), ("1", "true")),
            (find_variable("UV_PYTHON_PREFERENCE"), ("only-managed",)),
        )
    )


def runs_unseen_commands(job: Job) -> bool:
    """Whether the job starts scripts or task runners, which may call uv, pip or anything else.

    What `uv run` and `uvx` start counts too.
    """
    commands = (command for line in job.scripts for command in find_commands(line.text))
    if any(may_run_anything(one) or one.name in _ENVIRONMENT_MAKERS for one in commands):
        return True
    return any(_starts_more(call.command.child) for call in uv_commands(job))


def _starts_more(child: tuple[Word, ...]) -> bool:
    """Whether a program that uv starts runs others in its turn."""
    words = [word.raw.strip("\"'") for word in child]
    if words[:1] and program_name(words[0]).startswith("python") and words[1:2] == ["-m"]:
        words = words[2:]
    if not words:
        return False
    name = program_name(words[0]).partition("@")[0]
    return name in _RUNNERS | _ENVIRONMENT_MAKERS or _is_script(words[0])


def adds_python(job: Job) -> bool:
    """Whether a script of the job installs a Python by other means than uv."""
    return any(_ADDS_PYTHON.search(line.text) for line in job.scripts)


def may_run_anything(command: ShellCommand) -> bool:
    """Whether a command runs a script, or a task of a task runner."""
    first = command.words[0].raw.strip("\"'") if command.words else ""
    return command.name in _RUNNERS or _is_script(first)


def _is_script(program: str) -> bool:
    """Whether a program is named as a script: by its ending, or by a path that is no `bin`."""
    if program.startswith(("./", "../", "$", "~")) or program.endswith((".sh", ".bash", ".ps1")):
        return True
    folders = program.replace("\\", "/").split("/")[:-1]
    return bool(folders) and folders[0] != "" and folders[-1] not in ("bin", "Scripts")
