"""The files of the repository that say what uv installs."""

from collections.abc import Iterator

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.shell.model import UvCommand
from uvci.rules.rule import Context
from uvci.text.patterns import lazy_re

_LOCK = lazy_re(r"uv\.lock|.*requirements.*\.(?:txt|in)|pylock.*\.toml|pyproject\.toml")
_READS = frozenset({"-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"})


def lock_files(job: Job, context: Context) -> tuple[str, ...]:
    """The committed files worth a cache key for this job, best first.

    Those that its `uv pip` commands name come first; without such commands, `uv.lock` does.
    """
    calls = [call.command for call in uv_commands(job)]
    pip = any(call.subcommand[:1] == ("pip",) for call in calls)
    named = [name for call in calls for name in _named(call)] if pip else []
    usual = ["requirements.txt", "pyproject.toml", "uv.lock"]
    ordered = [*named, *(usual if pip else reversed(usual))]
    return tuple(name for name in dict.fromkeys(ordered) if context.files.exists(name))


def is_lock_file(name: str) -> bool:
    """Whether a file of this name says what is installed; patterns may."""
    return _LOCK.fullmatch(name.rpartition("/")[2]) is not None or "*" in name


def _named(command: UvCommand) -> Iterator[str]:
    """The files that a command reads its requirements from."""
    for flag in command.flags:
        if flag.name in _READS and flag.value:
            yield flag.value.removeprefix("./")
    if command.subcommand in (("pip", "sync"), ("pip", "compile")):
        yield from (word.value.removeprefix("./") for word in command.positionals if word.value)
