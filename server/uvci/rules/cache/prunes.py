"""The `uv cache prune` commands of a job."""

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobCommand, uv_commands

_CLEANING = (("cache", "clean"), ("cache", "clear"), ("clean",))


def prunes(job: Job) -> tuple[JobCommand, ...]:
    """Every call of `uv cache prune`, with `--ci` or without."""
    return tuple(call for call in uv_commands(job) if call.command.subcommand == ("cache", "prune"))


def is_for_ci(call: JobCommand) -> bool:
    """Whether a prune has `--ci`, or may have it behind a variable."""
    return call.command.flag("--ci") is not None or call.command.opaque


def empties_cache(job: Job) -> bool:
    """Whether the job throws all of uv's cache away."""
    return any(
        call.command.subcommand in _CLEANING and not call.command.positionals
        for call in uv_commands(job)
    )
