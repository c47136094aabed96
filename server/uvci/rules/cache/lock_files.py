"""The files of the repository that say what uv installs."""

import posixpath
from collections.abc import Iterator, Sequence

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.model import UvCommand
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import is_of_project
from uvci.text.patterns import lazy_re

_LOCK = lazy_re(
    r"uv\.lock|.*requirements.*\.(?:txt|in)|pylock.*\.toml|pyproject\.toml|setup\.(?:py|cfg)"
)
_LISTED = lazy_re(r"(?:.*/)?requirements/[^/]+\.(?:txt|in)")
_READS = frozenset({"-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"})
_EDITABLE = frozenset({"-e", "--editable"})
_OF_PROJECTS = ("uv.lock", "pyproject.toml", "requirements.txt")
_OF_PIP = ("requirements.txt", "pyproject.toml", "setup.py", "uv.lock")
_PROJECT_FOLDER = lazy_re(r"\$\{CI_PROJECT_DIR\}(?:/|\Z)")


def lock_files(job: Job, context: Context) -> tuple[str, ...]:
    """The committed files worth a cache key for this job, best first.

    Those that its `uv pip` commands name come first, where it has no commands on a project; else
    `uv.lock` does. Each is looked for where its command runs, then in the folders above, as uv does
    (uv docs: workspaces, the discovery of projects).
    """
    calls = uv_commands(job)
    pip = [call for call in calls if call.command.subcommand[:1] == ("pip",)]
    named = [path for call in pip for path in _named_paths(call)]
    if not pip or any(is_of_project(call) for call in calls):
        ordered = [*_usual(_OF_PROJECTS, calls), *named]
    else:
        ordered = [*named, *_usual(_OF_PIP, pip)]
    return tuple(name for name in dict.fromkeys(ordered) if context.files.exists(name))


def _usual(names: Sequence[str], calls: Sequence[JobCommand]) -> Iterator[str]:
    """Files of these names around commands, all of the first name before the next one's."""
    folders = dict.fromkeys(folder for call in calls if (folder := _folder(call)) is not None)
    for name in names:
        for folder in folders or ("",):
            yield from (posixpath.join(above, name) for above in _upwards(folder))


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def _folder(call: JobCommand) -> str | None:
    """Where a command works, seen from the project folder (empty); None where that is unknown."""
    flag = call.command.directory or call.command.flag("--project")
    told = "." if flag is None else flag.value
    if call.directory is None or told is None:
        return None
    path = posixpath.normpath(posixpath.join(call.directory, told))
    path = _PROJECT_FOLDER.sub("", path, count=1)
    if path.startswith(("/", "~", "$", "..")):
        return None
    return "" if path == "." else path


def _named_paths(call: JobCommand) -> Iterator[str]:
    folder = _folder(call)
    for name in _named(call.command) if folder is not None else ():
        yield posixpath.normpath(posixpath.join(folder or "", name))


def is_lock_file(name: str) -> bool:
    """Whether a file of this name says what is installed; patterns may."""
    is_listed = _LISTED.fullmatch(name) is not None
    return is_listed or _LOCK.fullmatch(name.rpartition("/")[2]) is not None or "*" in name


def _named(command: UvCommand) -> Iterator[str]:
    """The files that a command reads its requirements from."""
    for flag in command.flags:
        if flag.name in _READS and flag.value:
            yield flag.value
        elif flag.name in _EDITABLE and flag.value:
            yield from _of_folder(flag.value)
    for word in command.positionals:
        if word.value and command.subcommand in (("pip", "sync"), ("pip", "compile")):
            yield word.value
        elif word.value and command.subcommand == ("pip", "install"):
            yield from _of_folder(word.value)


def _of_folder(requirement: str) -> Iterator[str]:
    """The files that say what a project needs, where a requirement is its folder."""
    path = requirement.partition("[")[0]
    if path == "." or path.startswith(("./", "../")):
        yield from (posixpath.join(path, name) for name in ("pyproject.toml", "setup.py"))
