"""The commands of a job that only bring poetry or pipenv, which nothing calls any more."""

from collections.abc import Iterator

from uvci.features.migration.model import Drop, Tool, ToolCall
from uvci.features.migration.pip import package_names
from uvci.pipeline.model import Job
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import ShellCommand
from uvci.text.patterns import lazy_re

_INSTALLER = lazy_re(r"install\.python-poetry\.org")
_HOME = lazy_re(r"[^:]*(?:\bPOETRY_HOME\b|/\.?poetry/)[^:]*")
_REQUIREMENT = lazy_re(r"([a-z]+)(?:[=<>~!\[@ ].*)?")


def preparations(job: Job, calls: tuple[ToolCall, ...], manager: Tool) -> Iterator[Drop]:
    """What goes with the manager: its installers, its own environment, and the way there."""
    homes = {
        call.python.removesuffix("/bin/python")
        for call in calls
        if call.python and manager.value in package_names(call)
    }
    for line in job.scripts:
        for command in find_commands(line.text):
            if _brings(command, manager) or _makes(command, homes) or _leads(command):
                span = command.pipeline or command.span
                yield Drop(line, command, span, f"nothing calls {manager.value} any more")


def _brings(command: ShellCommand, manager: Tool) -> bool:
    """Whether it is poetry's own installer, or `pipx install` of the manager alone."""
    words = [word.raw.strip("\"'") for word in command.words]
    if any(_INSTALLER.search(word) for word in words):
        return True
    named = [_REQUIREMENT.fullmatch(word) for word in words[2:] if not word.startswith("-")]
    is_alone = len(named) == 1 and named[0] is not None and named[0][1] == manager.value
    return words[:2] == ["pipx", "install"] and is_alone


def _makes(command: ShellCommand, homes: set[str]) -> bool:
    """Whether it makes an environment which only holds the manager."""
    words = [word.raw for word in command.words]
    return words[1:3] == ["-m", "venv"] and words[-1].rstrip("/") in homes


def _leads(command: ShellCommand) -> bool:
    """Whether it only puts the manager's own folder on the path."""
    if command.name != "export" or len(command.words) != 2:
        return False
    name, _, value = (command.words[1].template or "").partition("=")
    folders = [each for each in value.split(":") if each != "${PATH}"]
    return name == "PATH" and len(folders) == 1 and _HOME.fullmatch(folders[0]) is not None
