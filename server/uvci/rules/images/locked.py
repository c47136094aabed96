"""The packages of uv.lock that a command of a job surely installs."""

from collections.abc import Iterable, Iterator

from uvci.pipeline.model import Job
from uvci.pipeline.python_project import Pyproject
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.model import UvCommand
from uvci.pipeline.uv_lock import Lock, LockedPackage
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import is_unset, uses_root_project

_CHOOSES = (
    *("--no-sync", "--package", "--only-group", "--only-dev", "--no-install-package"),
    *("--no-sources", "--no-sources-package", "--dry-run", "--check", "--help", "-h"),
)
_CHOOSING = ("UV_NO_SYNC", "UV_NO_SOURCES", "UV_NO_INSTALL_PACKAGE")
_WITHOUT = ("--no-dev", "--no-default-groups", "--no-group")
_LEFT_OUT = ("UV_NO_DEV", "UV_NO_GROUP", "UV_NO_DEFAULT_GROUPS")


def installing(job: Job, context: Context) -> Iterator[JobCommand]:
    """The calls that install what the lock file of the repository's root says."""
    for call in uv_commands(job):
        if not uses_root_project(call, job, context) or call.command.flag(*_CHOOSES):
            continue
        if all(is_unset(name, call, job) for name in _CHOOSING):
            yield call


def surely_installed(
    calls: Iterable[JobCommand], job: Job, context: Context, python: str | None
) -> Iterator[LockedPackage]:
    """What the calls of a job install of the lock file on that Python; a package may come twice."""
    pyproject = context.project.pyproject
    for call in calls:
        lock = context.project.lock  # long to read, so only where it counts
        if lock is None or lock.root is None:
            return
        left_out = call.command.flag(*_WITHOUT) or not all(
            is_unset(name, call, job) for name in _LEFT_OUT
        )
        groups = set() if left_out else _default_groups(pyproject, lock)
        groups |= _named(call.command, "--group", "--all-groups", lock.root.groups)
        extras = _named(call.command, "--extra", "--all-extras", lock.root.extras)
        yield from lock.installed(groups - _values(call.command, "--no-group"), extras, python)


def _default_groups(pyproject: Pyproject, lock: Lock) -> set[str]:
    """The groups that are installed unasked (uv docs: default groups)."""
    chosen = pyproject.uv.get("default-groups", ["dev"])
    if chosen == "all":
        return set(lock.root.groups) if lock.root else set()
    return {one for one in chosen if isinstance(one, str)} if isinstance(chosen, list) else set()


def _named(command: UvCommand, flag: str, all_flag: str, known: Iterable[str]) -> set[str]:
    """The groups or extras that a call asks for; none where it takes all but some."""
    if command.flag(all_flag):
        return set(known) - _values(command, "--no-extra")
    return _values(command, flag)


def _values(command: UvCommand, name: str) -> set[str]:
    return {flag.value for flag in command.all_flags if flag.name == name and flag.value}
