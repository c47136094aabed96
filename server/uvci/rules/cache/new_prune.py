"""The `uv cache prune --ci` that a fix gives to a job, and jobs that need none."""

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands, uv_installs
from uvci.pipeline.shell.model import InstallMethod, UvProgram
from uvci.rules.cache.prunes import empties_cache, prunes
from uvci.rules.mentions import build_files
from uvci.rules.places import Owner, job_owner
from uvci.rules.rule import Change, Context, FileEdit
from uvci.rules.uv_jobs import runs_unseen_commands

PRUNE = "uv cache prune --ci"


def may_prune(job: Job, context: Context) -> bool:
    """Whether the job prunes or empties uv's cache, or something that it starts may do so."""
    if prunes(job) or empties_cache(job):
        return True
    if not runs_unseen_commands(job):
        return False
    texts = map(context.files.read, build_files(context.files))
    return any(text is not None and "cache prune" in text for text in texts)


def prune_command(job: Job) -> str:
    """The prune, with uv called as the job calls it."""
    last = uv_commands(job)[-1]
    span = last.command.name_span
    if last.command.program in (UvProgram.PATH, UvProgram.PYTHON_MODULE):
        return PRUNE.replace("uv", last.line.text[span.start : span.end], 1)
    return PRUNE


def is_lost_afterwards(job: Job) -> bool:
    """Whether the shell of `after_script` may not find uv: an installer sets PATH for one only."""
    return any(
        one.install.method in (InstallMethod.INSTALLER, InstallMethod.ARCHIVE)
        for one in uv_installs(job)
    )


def own_prune(job: Job, context: Context) -> tuple[tuple[FileEdit, ...], tuple[Change, ...]]:
    """The edits that let the job itself prune at its end, and what they change.

    Nothing where it needs no prune, or would lose a script that it has from elsewhere.
    """
    owner = None if may_prune(job, context) else job_owner(job, context)
    keywords = ("script",) if is_lost_afterwards(job) else ("after_script", "script")
    for keyword in keywords if owner else ():
        if owner and _may_append(owner, keyword, job):
            edits = owner.append(keyword, prune_command(job))
            return edits, (Change(job.name, (keyword,)),)
    return (), ()


def _may_append(owner: Owner, keyword: str, job: Job) -> bool:
    """Whether the list is typed in the job and nowhere else, or there is none yet."""
    value, typed = job.keywords.entries.get(keyword), owner.get(keyword)
    if typed is None or value is None:
        return value is None and typed is None
    return value.origin.node is typed.value and not value.origin.chain
