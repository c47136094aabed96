"""UVC409: uv is installed where the shell does not look."""

from collections.abc import Iterable, Iterator
from functools import partial

from uvci.pipeline.model import ImageUse, Job, Section
from uvci.pipeline.scripts import JobCommand, JobInstall, span_in_file, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import Condition, ShellCommand
from uvci.pipeline.shell.wrappers import SHELLS
from uvci.pipeline.values import Origin
from uvci.rules.commands.install_folder import Installed, only_install
from uvci.rules.commands.path_changes import (
    FORMERLY,
    INSTALLED,
    STANDARD,
    PathChange,
    folders_of,
    path_changes,
)
from uvci.rules.commands.uv_on_path import (
    brings_no_program,
    calls_by_name,
    commands_before,
    is_by_name,
    sources_env_file,
)
from uvci.rules.edits import arrivals
from uvci.rules.images.official import official_images
from uvci.rules.images.plain import runs_in_image
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity
from uvci.rules.script_edits import inserted, rewritten
from uvci.text.span import Span

_UNMANAGED = "UV_UNMANAGED_INSTALL=/usr/local/bin"


def check(context: Context) -> Iterable[Finding]:
    """Calls of uv by name that a PATH without the installer's folder makes fail."""
    for job in context.jobs:
        installed = only_install(job)
        if installed and installed.folder not in STANDARD:
            yield from _in_main_shell(installed, job, context)
            yield from _in_after_script(installed.folder, job, context)


def _in_main_shell(installed: Installed, job: Job, context: Context) -> Iterator[Finding]:
    found, folder = installed.found, installed.folder
    call = next(calls_by_name(job), None)
    if call is None or not _brings_nothing_else(found, call, job):
        return
    changes = path_changes(job)
    if folder == INSTALLED and folders_of(changes) == frozenset({FORMERLY}):
        yield _looks_in_cargo(changes, job, context)
    elif not changes and official_images(job) and runs_in_image(job):
        yield _looks_nowhere(found, folder, call, job, context)


def _brings_nothing_else(found: JobInstall, call: JobCommand, job: Job) -> bool:
    """Whether the call comes after the installer, and nothing before it moves uv or PATH."""
    lines = [found.line, call.line]
    places = [job.scripts.index(line) for line in lines]
    starts = [found.install.span.start, call.command.span.start]
    if (places[0], starts[0]) > (places[1], starts[1]):
        return False
    own = {id(one) for one in _commands_of(found)}
    others = (one for one in commands_before(call, job) if id(one) not in own)
    return all(brings_no_program(one) or _reads_cargo(one) for one in others)


def _reads_cargo(command: ShellCommand) -> bool:
    return sources_env_file(command) and ".cargo/" in command.words[1].raw


def _commands_of(found: JobInstall) -> list[ShellCommand]:
    """The commands that are parts of an installation: the download and the shell."""
    span = found.install.span
    return [one for one in find_commands(found.line.text) if span.covers(one.span)]


def _looks_in_cargo(changes: tuple[PathChange, ...], job: Job, context: Context) -> Finding:
    change = changes[-1]
    span = span_in_file(change.line, change.export.span)
    return RULE.at(
        Origin(change.line.plain.origin.path, span),
        f"uv's installer puts uv into `{INSTALLED}` since 0.5.0, and only `{FORMERLY}` is on the "
        "PATH of {jobs}, so `uv` is not found; put `$HOME/.local/bin` on PATH.",
        job.name,
        fixes=partial(_right_folder, changes, job, context),
    )


def _right_folder(changes: tuple[PathChange, ...], job: Job, context: Context) -> tuple[Fix, ...]:
    change = changes[-1]
    span, line = change.export.span, change.line
    at = line.text.find(".cargo/", span.start, span.end)
    if len(changes) > 1 or at < 0 or any("cargo " in one.text for one in job.scripts):
        return ()
    is_bin = line.text.startswith(".cargo/bin", at)
    old, new = (".cargo/bin", ".local/bin") if is_bin else (".cargo/env", ".local/bin/env")
    edits = rewritten(line, Span(at, at + len(old)), new)
    fix = Fix(f"Use `{new}`", edits, preferred=True, declares=arrivals(edits, context))
    return (fix,) if edits else ()


def _looks_nowhere(
    found: JobInstall, folder: str, call: JobCommand, job: Job, context: Context
) -> Finding:
    image = official_images(job)[0].ref.text
    name = call.command.name_span.of(call.line.text)
    return RULE.at(
        Origin(call.path, call.span),
        f"The installer puts uv into `{folder}`, which is not on the PATH of `{image}`, so "
        f"`{name}: command not found` ends {{jobs}}; install it into `/usr/local/bin`.",
        job.name,
        fixes=partial(_into_path, found, context),
        related=(Related(found.path, found.span, "uv is installed here"),),
    )


def _into_path(found: JobInstall, context: Context) -> tuple[Fix, ...]:
    """The variable that tells the installer where to put uv, in front of the shell that runs it."""
    install = found.install
    shells = [one for one in _commands_of(found) if one.name in SHELLS and one.words]
    if len(shells) != 1 or install.directory or shells[0].pipeline != install.span:
        return ()
    edits = inserted(found.line, shells[0].words[0].span.start, f"env {_UNMANAGED} ")
    declares = arrivals(edits, context)
    fix = Fix("Install uv into `/usr/local/bin`", edits, preferred=True, declares=declares)
    return (fix,) if edits else ()


def _in_after_script(folder: str, job: Job, context: Context) -> Iterator[Finding]:
    """Calls in a shell that never heard of the PATH that the other scripts set."""
    changes = path_changes(job)
    reached = folders_of(changes) or frozenset()
    if folder not in reached or path_changes(job, Section.AFTER):
        return
    if not isinstance(job.image, ImageUse) or not runs_in_image(job):
        return
    for call in uv_commands(job):
        if call.line.section is Section.AFTER and is_by_name(call) and not _is_guarded(call):
            if not all(map(brings_no_program, _own_commands_before(call, job))):
                return
            yield RULE.at(
                Origin(call.path, call.span),
                "`after_script` runs in a new shell without the PATH that {jobs} set before, so "
                f"`{call.command.name_span.of(call.line.text)}` is not found; call it by its path.",
                job.name,
                severity=Severity.WARNING,
                fixes=partial(_by_path, call, folder, context),
                related=(_set_here(changes[-1]),),
            )


def _is_guarded(call: JobCommand) -> bool:
    """Whether something is asked first: `command -v uv && uv cache prune`."""
    return call.command.command.condition is Condition.MAYBE


def _own_commands_before(call: JobCommand, job: Job) -> list[ShellCommand]:
    own = [line for line in job.scripts if line.section is Section.AFTER]
    lines = own[: own.index(call.line)]
    return [command for line in lines for command in find_commands(line.text)]


def _set_here(change: PathChange) -> Related:
    span = span_in_file(change.line, change.export.span)
    return Related(change.line.plain.origin.path, span, "PATH is set here, for this shell only")


def _by_path(call: JobCommand, folder: str, context: Context) -> tuple[Fix, ...]:
    if "$" in folder and not folder.startswith(("${CI_PROJECT_DIR}/", "${CI_BUILDS_DIR}/")):
        return ()
    span = call.command.name_span
    path = f"{folder}/{span.of(call.line.text)}"
    edits = rewritten(call.line, span, path)
    fix = Fix(f"Call `{path}`", edits, preferred=True, declares=arrivals(edits, context))
    return (fix,) if edits else ()


RULE = Rule(
    code="UVC409",
    name="uv-not-on-path",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds jobs that install uv and then call it where the shell does not find it: with the "
    "installer's former folder `~/.cargo/bin` on PATH, in an `after_script` where only the scripts "
    "before it set PATH or activated the environment that holds uv, and on official images with "
    "no word about PATH at all.",
    why="Since 0.5.0 the installer puts uv into `~/.local/bin`, and it cannot change the PATH of "
    "the shell that runs it. `after_script` runs in a shell of its own. The answer is "
    "`uv: command not found`; the job fails, or an `after_script` silently does nothing.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: python:3.13
  before_script:
    - curl -LsSf https://astral.sh/uv/0.12.5/install.sh | sh
    - export «PATH="$HOME/.cargo/bin:$PATH"»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: python:3.13
  before_script:
    - curl -LsSf https://astral.sh/uv/0.12.5/install.sh | sh
    - export PATH="$HOME/.local/bin:$PATH"
  script:
    - uv run --locked pytest
""",
        ),
        Example(
            bad="""\
test:
  image: python:3.13
  before_script:
    - curl -LsSf https://astral.sh/uv/0.12.5/install.sh | sh
    - source $HOME/.local/bin/env
  script:
    - uv run --locked pytest
  after_script:
    - «uv cache prune --ci»
""",
            good="""\
test:
  image: python:3.13
  before_script:
    - curl -LsSf https://astral.sh/uv/0.12.5/install.sh | sh
    - source $HOME/.local/bin/env
  script:
    - uv run --locked pytest
  after_script:
    - ~/.local/bin/uv cache prune --ci
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/reference/installer/",
        "https://docs.gitlab.com/ci/yaml/#after_script",
    ),
)
