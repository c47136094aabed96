"""UVC409: uv is installed where the shell does not look."""

from collections.abc import Iterable, Iterator
from functools import partial

from uvci.pipeline.model import ImageUse, Job, Section
from uvci.pipeline.scripts import JobCommand, JobInstall, span_in_file, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import Condition, ShellCommand
from uvci.pipeline.values import NOWHERE, Origin
from uvci.rules.commands.install_folder import Installed, only_install
from uvci.rules.commands.path_changes import (
    FORMERLY,
    INSTALLED,
    STANDARD,
    PathChange,
    PathVariable,
    folders_of,
    path_changes,
    path_variable,
)
from uvci.rules.commands.path_fixes import (
    by_path,
    commands_of,
    exported_folder,
    has_root_at_home,
    into_path,
    variable_folder,
)
from uvci.rules.commands.uv_on_path import (
    brings_no_program,
    calls_by_name,
    commands_before,
    is_by_name,
    sources_env_file,
)
from uvci.rules.images.official import official_images
from uvci.rules.images.plain import runs_in_image
from uvci.rules.rule import Context, Example, Finding, FixKind, Related, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Calls of uv by name that a PATH without the installer's folder makes fail."""
    for job in context.jobs:
        installed = only_install(job)
        if installed and installed.folder not in STANDARD:
            given = path_variable(job)
            if given is None or installed.folder not in (given.folders or {installed.folder}):
                yield from _in_main_shell(installed, given, job, context)
                yield from _in_after_script(installed.folder, job, context)


def _in_main_shell(
    installed: Installed, given: PathVariable | None, job: Job, context: Context
) -> Iterator[Finding]:
    found, folder = installed.found, installed.folder
    call = next(calls_by_name(job), None)
    if call is None or not _brings_nothing_else(found, call, job):
        return
    changes = path_changes(job)
    reached = folders_of(changes)
    if reached is None:
        return
    if given is not None:
        reached |= given.folders or frozenset()
    if folder == INSTALLED and FORMERLY in reached and _holds_no_uv(reached, job):
        yield _looks_in_cargo(changes, given, job, context)
    elif not changes and given is None and has_root_at_home(job):
        yield _looks_nowhere(found, folder, call, job, context)


def _holds_no_uv(folders: frozenset[str], job: Job) -> bool:
    """Whether surely none of the folders holds a uv, the installer's own being none of them."""
    others = folders - STANDARD - {FORMERLY}
    if INSTALLED in others:
        return False
    # The official images hold nothing there; what a checkout holds nobody knows.
    known = all(one.startswith(("/", "~/")) and not one.startswith("/builds") for one in others)
    return not others or (known and has_root_at_home(job))


def _brings_nothing_else(found: JobInstall, call: JobCommand, job: Job) -> bool:
    """Whether the call comes after the installer, and nothing before it moves uv or PATH."""
    lines = [found.line, call.line]
    places = [job.scripts.index(line) for line in lines]
    starts = [found.install.span.start, call.command.span.start]
    if (places[0], starts[0]) > (places[1], starts[1]):
        return False
    own = {id(one) for one in commands_of(found)}
    others = (one for one in commands_before(call, job) if id(one) not in own)
    return all(brings_no_program(one) or _reads_cargo(one) for one in others)


def _reads_cargo(command: ShellCommand) -> bool:
    return sources_env_file(command) and ".cargo/" in command.words[1].raw


def _looks_in_cargo(
    changes: tuple[PathChange, ...], given: PathVariable | None, job: Job, context: Context
) -> Finding:
    exported = [one for one in changes if FORMERLY in (one.folders or ())]
    if not exported and given is not None:
        return _given_cargo(given, job, context)
    change = exported[-1]
    span = span_in_file(change.line, change.export.span)
    return RULE.at(
        Origin(change.line.plain.origin.path, span),
        f"uv's installer puts uv into `{INSTALLED}` since 0.5.0, and the PATH of {{jobs}} names "
        f"its former folder `{FORMERLY}` instead, so `uv` is not found; "
        "put `$HOME/.local/bin` on PATH.",
        job.name,
        fixes=partial(exported_folder, changes, job, context),
    )


def _given_cargo(given: PathVariable, job: Job, context: Context) -> Finding:
    if "$" in (given.template or ""):
        advice = (
            "`variables` know no `$HOME` and no `$PATH`; export "
            '`PATH="$HOME/.local/bin:$PATH"` in `before_script` instead.'
        )
    else:
        home = "/root" if has_root_at_home(job) else "…"
        advice = f"Put `{home}/.local/bin` there."
    return RULE.at(
        given.variable.origin or NOWHERE,
        f"uv's installer puts uv into `{INSTALLED}` since 0.5.0, and the variable `PATH` of "
        f"{{jobs}} names its former folder `{FORMERLY}` instead, so `uv` is not found. {advice}",
        job.name,
        fixes=partial(variable_folder, given, job, context),
    )


def _looks_nowhere(
    found: JobInstall, folder: str, call: JobCommand, job: Job, context: Context
) -> Finding:
    image = official_images(job)[0].ref.text
    name = call.command.name_span.of(call.line.text)
    return RULE.at(
        Origin(call.path, call.span),
        f"The installer puts uv into `{folder}`, which is not on the PATH of `{image}`, so "
        f"`{name}: command not found` ends {{jobs}}; install it into `/usr/local/bin`, or put the "
        "folder on PATH.",
        job.name,
        fixes=partial(into_path, found, context),
        related=(Related(found.path, found.span, "uv is installed here"),),
    )


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
                fixes=partial(by_path, call, folder, context),
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


RULE = Rule(
    code="UVC409",
    name="uv-not-on-path",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds jobs that install uv and then call it where the shell does not find it: with the "
    "installer's former folder `~/.cargo/bin` on PATH, put there by a script or by the variable "
    "`PATH`; in an `after_script` where only the scripts before it set PATH or activated the "
    "environment that holds uv; and on official images with no word about PATH at all.",
    why="Since 0.5.0 the installer puts uv into `~/.local/bin`, and it cannot change the PATH of "
    "the shell that runs it. `after_script` runs in a shell of its own. The answer is "
    "`uv: command not found`; the job fails, or an `after_script` breaks off, which nobody sees: "
    "GitLab shows the job as passed.",
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
