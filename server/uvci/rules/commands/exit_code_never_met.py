"""UVC413: an exit code that stands for a stale lock file with another uv."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.commands import failed_download_exit_code, find_command, stale_lock_exit_code
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job, Section
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.values import Plain, plains
from uvci.rules.edits import places_of
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    FileEdit,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import UvRun, is_at_root, uv_runs
from uvci.text.edits import TextEdit

_LOCKING = frozenset({("sync",), ("lock",), ("export",), ("tree",)})
_BESIDE = frozenset({("venv",), ("cache", "prune"), ("python", "install"), (), ("version",)})
"""Commands of uv that nobody tells apart by their exit codes."""
_FETCHING = frozenset({"pip", "pip3", "apk"})
"""Programs that end with 1 when the network fails, which a job may well wait for."""
_PREPARING = _FETCHING | {
    *("uv", "cd", "echo", "printf", "export", "set", "mkdir", "ls", "cat", "true"),
    *("source", ".", "apt-get", "apt", "curl", "wget"),
}
"""Programs of scripts that only get a job ready."""
_DOWNLOADING = frozenset({("venv",), ("python", "install")})
"""Commands of uv that may download a Python."""
_CODES = frozenset({1, 2})
_KEYWORDS = ("allow_failure", "retry")


class _Expected(Struct, frozen=True, eq=False):
    """The one exit code that a stale lock file has in a job, and the command that ends so."""

    code: int
    command: str
    version: UvVersion


class _Wrong(Struct, frozen=True, eq=False):
    """A code that a keyword of a job names for a stale lock file, and the one that this has."""

    plain: Plain
    keyword: str
    expected: _Expected


def check(context: Context) -> Iterable[Finding]:
    """Codes of another uv in `allow_failure` and `retry` of jobs that do nothing but lock."""
    for job in context.jobs:
        for wrong in _wrong(job, context):
            if not _is_wrong_for_all(wrong, context):
                continue
            plain, expected = wrong.plain, wrong.expected
            yield RULE.at(
                plain.origin,
                f"`{expected.command}` of uv {expected.version} exits with {expected.code} when "
                f"`uv.lock` is stale, and `{wrong.keyword}` of {{jobs}}, which names "
                f"{plain.value}, its code in other releases, does not cover that; write "
                f"{expected.code}.",
                job.name,
                fixes=partial(_fixes, plain, expected.code, context),
            )


def _names_codes(job: Job, _: Context) -> bool:
    return any(job.keywords.get(keyword, "exit_codes") for keyword in _KEYWORDS)


def _wrong(job: Job, context: Context) -> Iterator[_Wrong]:
    for keyword in _KEYWORDS:
        listed = list(plains(job.keywords.get(keyword, "exit_codes")))
        named = [plain for plain in listed if plain.value in _CODES]
        expected = _expected(job, context) if named else None
        if expected is None or any(plain.value == expected.code for plain in listed):
            continue
        for plain in named:
            if keyword != "retry" or not _is_worth_a_retry(plain.value, job, context):
                yield _Wrong(plain, keyword, expected)


def _is_wrong_for_all(wrong: _Wrong, context: Context) -> bool:
    """Whether no job that shares the code, from `default` or a template, may mean another thing."""
    node = wrong.plain.origin.node
    for job in context.pipeline.jobs:
        codes = plains(job.keywords.get(wrong.keyword, "exit_codes"))
        shares = any(plain.origin.node is node for plain in codes)
        if shares and all(one.plain.origin.node is not node for one in _wrong(job, context)):
            return False
    return True


def _is_worth_a_retry(code: object, job: Job, context: Context) -> bool:
    """Whether a job may end with a code for want of a network, which is worth another try."""
    commands = (command for line in job.scripts for command in find_commands(line.text))
    if code == 1 and any(command.name in _FETCHING for command in commands):
        return True
    for run in uv_runs(job, context):
        words = run.call.command.subcommand
        if words in _DOWNLOADING:
            return True
        found = find_command(words, run.version) if words == ("sync",) else None
        if found and failed_download_exit_code(found.command, run.version) in (code, None):
            return True
    return False


def _expected(job: Job, context: Context) -> _Expected | None:
    if not job.complete or not _only_locks(job):
        return None
    found = list(_checks(job, context))
    codes = {each.code if each else None for each in found}
    return found[0] if len(codes) == 1 else None


def _only_locks(job: Job) -> bool:
    """Whether nothing in the job has exit codes that somebody may mean, but locking."""
    scripts = [line.text for line in job.scripts if line.section is not Section.AFTER]
    programs = {command.name for text in scripts for command in find_commands(text)}
    if not programs <= _PREPARING:
        return False
    calls = [call for call in uv_commands(job) if call.line.section is not Section.AFTER]
    return all(
        call.command.subcommand in _LOCKING | _BESIDE and not call.command.opaque for call in calls
    )


def _checks(job: Job, context: Context) -> Iterator[_Expected | None]:
    """How each call that checks the lock file ends when that is stale; None where unknown."""
    for run in uv_runs(job, context):
        if run.call.line.section is Section.AFTER or not _asks(run):
            continue
        found = find_command(run.call.command.subcommand, run.version)
        code = stale_lock_exit_code(found.command, run.version) if found else None
        if found is None or code is None or run.version is None or _may_lack(run, context):
            yield None
        else:
            yield _Expected(code, f"uv {found.command.name}", run.version)


def _asks(run: UvRun) -> bool:
    """Whether a call fails when the lock file is stale."""
    command = run.call.command
    if command.subcommand not in _LOCKING:
        return False
    flags = ("--locked", "--check") if command.subcommand == ("lock",) else ("--locked",)
    return run.is_on("UV_LOCKED", *flags)


def _may_lack(run: UvRun, context: Context) -> bool:
    """Whether the lock file may be missing, which has a code of its own, or the call not count."""
    shell = run.call.command.command
    if shell.tested or shell.conditional or shell.in_pipeline or shell.function:
        return True
    return not is_at_root(run.call, run.job) or context.files.exists("uv.lock") is not True


def _fixes(plain: Plain, code: int, context: Context) -> tuple[Fix, ...]:
    file = context.pipeline.file(plain.origin.path)
    if file is None or plain.origin.span.of(file.document.text) != plain.text:
        return ()
    edits = (FileEdit(plain.origin.path, TextEdit(plain.origin.span, str(code))),)
    declares = places_of(plain.origin, context)
    return (Fix(f"Write {code}", edits, Applicability.UNSAFE, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC413",
    name="exit-code-never-met",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds `exit_codes` of `allow_failure` and `retry` that name the exit code of a stale "
    "`uv.lock`, but that of another uv, in jobs that do nothing but lock or sync. A `retry` may "
    "also wait for the code of a failed download, and is left alone then.",
    why="When `uv.lock` is stale, `uv sync --locked` and `uv lock --check` exit with 2 up to uv "
    "0.7 and with 1 from 0.8.0 on. A job that moves to a newer image fails where it should not.",
    check=check,
    whole=True,
    concerns=_names_codes,
    examples=(
        Example(
            bad="""\
lock:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv lock --check
  allow_failure:
    exit_codes: «2»
""",
            good="""\
lock:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv lock --check
  allow_failure:
    exit_codes: 1
""",
            files={"uv.lock": "version = 1\n"},
        ),
    ),
    references=(
        "https://docs.gitlab.com/ci/yaml/#allow_failureexit_codes",
        "https://docs.astral.sh/uv/concepts/projects/sync/#checking-the-lockfile",
    ),
)
