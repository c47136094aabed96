"""Edits after which the shell finds the uv that an installer has put somewhere."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.model import Job, Scope
from uvci.pipeline.scripts import JobCommand, JobInstall
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import ShellCommand
from uvci.pipeline.shell.strings import SHELLS
from uvci.pipeline.values import Origin
from uvci.rules.commands.install_folder import only_install
from uvci.rules.commands.path_changes import (
    FORMERLY,
    INSTALLED,
    PathChange,
    PathVariable,
    plain_folder,
)
from uvci.rules.commands.uv_installs import jobs_in
from uvci.rules.edits import arrivals, replaced, setting_changes, typed_pair
from uvci.rules.images.official import official_images
from uvci.rules.images.plain import runs_in_image
from uvci.rules.rule import Applicability, Change, Context, FileEdit, Fix
from uvci.rules.script_edits import inserted, rewritten
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_CARGO = lazy_re(r"(?P<home>~|\$HOME|\$\{HOME\}|/root)/\.cargo/(?P<end>bin|env)")
_USES_CARGO = lazy_re(r"\b(?:cargo|rustc|rustup)\s")
_UNMANAGED, _FOUND = "UV_UNMANAGED_INSTALL", "/usr/local/bin"
_EXPORT = "PATH=$HOME/.local/bin:$PATH"


class _Mention(Struct, frozen=True):
    """The former folder, or its file, in a change of PATH; `home` is how it spells its parent."""

    change: PathChange
    span: Span
    home: str
    end: str


def exported_folder(changes: Iterable[PathChange], job: Job, context: Context) -> tuple[Fix, ...]:
    """The fix of a script that puts `~/.cargo/bin` on PATH: `~/.local/bin` in its place.

    Beside it, where the job calls cargo too.
    """
    mentions = [_mention(change) for change in changes if FORMERLY in (change.folders or ())]
    found = [one for one in mentions if one is not None]
    keeps = any(_USES_CARGO.search(line.text) for line in job.scripts)
    edits = [_added(one) if keeps else _moved(one) for one in found]
    if len(found) < len(mentions) or not edits or not all(edits):
        return ()
    every = tuple(edit for some in edits for edit in some)
    ends = {".local/bin/env" if one.end == "env" else ".local/bin" for one in found}
    declares = arrivals(every, context)
    guessed = any(one.home == "/root" for one in found) and not has_root_at_home(job)
    fix = Fix(
        f"Put `{min(ends)}` beside it" if keeps else f"Use `{min(ends)}`",
        every,
        Applicability.UNSAFE if guessed or _may_be_older(declares, context) else Applicability.SAFE,
        preferred=True,
        declares=declares,
    )
    return (fix,)


def _may_be_older(declares: tuple[Change, ...], context: Context) -> bool:
    """Whether one of the jobs that share the script may get a uv that is in the former folder."""
    reached = jobs_in(declares, context)
    installs = (only_install(job) for job in context.pipeline.jobs if job.name in reached)
    return any(one is None or one.folder != INSTALLED for one in installs)


def _mention(change: PathChange) -> _Mention | None:
    text, span = change.line.text, change.export.span
    found = _CARGO.search(text, span.start, span.end)
    if found is None or _CARGO.search(text, found.end(), span.end):
        return None
    return _Mention(change, Span(*found.span()), found["home"], found["end"])


def _moved(mention: _Mention) -> tuple[FileEdit, ...]:
    end = "bin" if mention.end == "bin" else "bin/env"
    return rewritten(mention.change.line, mention.span, f"{_home(mention)}/.local/{end}")


def _added(mention: _Mention) -> tuple[FileEdit, ...]:
    if mention.end != "bin":
        return ()
    folder = f"{_home(mention)}/.local/bin:"
    return inserted(mention.change.line, mention.span.start, folder)


def _home(mention: _Mention) -> str:
    """The home folder as the shell reads it there: `~` means nothing to most in quotes."""
    text = mention.change.line.text
    quoted = mention.home == "~" and text[mention.change.export.span.start : mention.span.start]
    return "$HOME" if quoted and '"' in quoted else mention.home


def has_root_at_home(job: Job) -> bool:
    """Whether `/root` surely is the home folder."""
    return bool(official_images(job)) and runs_in_image(job)


def variable_folder(path: PathVariable, job: Job, context: Context) -> tuple[Fix, ...]:
    """The fix of a variable that puts `~/.cargo/bin` on PATH, where the image's home is known.

    A list of folders gets the right one. What names the shell's own `$HOME` and `$PATH` never
    worked: the installer is told instead to use a folder that is on PATH.
    """
    origin, template = path.variable.origin, path.template
    if origin is None or template is None or not has_root_at_home(job):
        return ()
    is_list = "$" not in template
    edits = _with_local(path, origin, context) if is_list else _unmanaged(path, origin, context)
    is_own = path.variable.scope is Scope.JOB and not origin.chain
    fix = Fix(
        "Use `/root/.local/bin`" if is_list else f"Install uv into `{_FOUND}` instead",
        edits,
        Applicability.SAFE if is_own else Applicability.UNSAFE,
        preferred=True,
        declares=setting_changes("PATH") if is_list else setting_changes("PATH", _UNMANAGED),
    )
    return (fix,) if edits else ()


def _with_local(path: PathVariable, origin: Origin, context: Context) -> tuple[FileEdit, ...]:
    if path.variable.raw is None or path.variable.raw != path.template:
        return ()
    folders = path.variable.raw.split(":")
    fixed = ("/root/.local/bin" if plain_folder(one) == FORMERLY else one for one in folders)
    return replaced(origin, ":".join(fixed), context)


def _unmanaged(path: PathVariable, origin: Origin, context: Context) -> tuple[FileEdit, ...]:
    typed = typed_pair(origin, context)
    lines = (line for job in context.pipeline.jobs for line in job.scripts)
    if any(".local/bin" in line.text for line in lines):
        return ()  # where uv would no longer be
    if typed is None or path.folders != frozenset({FORMERLY}):
        return ()
    return (*typed.renamed(_UNMANAGED), *typed.with_value(_FOUND))


def into_path(found: JobInstall, context: Context) -> tuple[Fix, ...]:
    """The fixes of an installer behind which nothing says where uv is.

    It is told to use a folder on PATH, by a variable in front of the shell that runs it; or its
    own folder is put on PATH.
    """
    fixes = [fix for fix in (_unmanaged_install(found, context), _exported(found, context)) if fix]
    return tuple(replace(fix, preferred=fix is fixes[0]) for fix in fixes)


def _unmanaged_install(found: JobInstall, context: Context) -> Fix | None:
    install = found.install
    shells = [one for one in commands_of(found) if one.name in SHELLS and one.words]
    if len(shells) != 1 or install.directory or shells[0].pipeline != install.span:
        return None
    edits = inserted(found.line, shells[0].words[0].span.start, f"env {_UNMANAGED}={_FOUND} ")
    declares = arrivals(edits, context)
    if not edits or not all(map(_may_move, _reached(declares, context))):
        return None
    return Fix(f"Install uv into `{_FOUND}`", edits, declares=declares)


def _exported(found: JobInstall, context: Context) -> Fix | None:
    if found.install.directory is not None:
        return None
    edits = inserted(found.line, found.install.span.end, f" && export {_EXPORT}")
    declares = arrivals(edits, context)
    return Fix("Put `~/.local/bin` on PATH", edits, declares=declares) if edits else None


def _may_move(job: Job) -> bool:
    """Whether a job may write to `/usr/local/bin`, and speaks nowhere of where uv is now."""
    return has_root_at_home(job) and not any(".local/bin" in line.text for line in job.scripts)


def by_path(call: JobCommand, folder: str, context: Context) -> tuple[Fix, ...]:
    """The fix of a call that names uv by its place, where all that share it have it there."""
    if "$" in folder and not folder.startswith(("${CI_PROJECT_DIR}/", "${CI_BUILDS_DIR}/")):
        return ()
    span = call.command.name_span
    path = f"{folder}/{span.of(call.line.text)}"
    edits = rewritten(call.line, span, path)
    declares = arrivals(edits, context)
    installs = map(only_install, _reached(declares, context))
    if not edits or not all(one is not None and one.folder == folder for one in installs):
        return ()  # another job that shares the line has its uv elsewhere
    return (Fix(f"Call `{path}`", edits, preferred=True, declares=declares),)


def _reached(declares: tuple[Change, ...], context: Context) -> list[Job]:
    names = jobs_in(declares, context)
    return [job for job in context.pipeline.jobs if job.name in names]


def commands_of(found: JobInstall) -> list[ShellCommand]:
    """The commands that are parts of an installation: the download and the shell."""
    span = found.install.span
    return [one for one in find_commands(found.line.text) if span.covers(one.span)]
