"""Where a job's shell finds uv: the calls by its bare name, and what may put a program on PATH."""

from collections.abc import Iterable, Iterator

from uvci.pipeline.model import Job, Section
from uvci.pipeline.python_project import requirement_name
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import Condition, ShellCommand, UvProgram, Word

_TRANSPARENT = frozenset(
    {"builtin", "command", "env", "ionice", "nice", "nohup", "retry", "stdbuf", "time", "timeout"}
    | {"sudo", "xvfb-run"}
)
_PLAIN = frozenset(
    """
    : [ [[ awk basename cat cd chmod cut date declare df dirname du echo export false grep head id
    ls mkdir printenv printf pwd rm rmdir rustc rustup sed set sleep sort tail test touch tr true
    type uname unset uv uvx wc which whoami
    """.split()  # noqa: SIM905  a table to read, not to scroll through
)
_MANAGERS = {"apt": "install", "apt-get": "install", "apk": "add"}
_CARGO = frozenset({"build", "check", "clippy", "doc", "fmt", "test", "--version"})
_ASKING = frozenset({"--version", "-V", "-VV", "--help"})
# Packages that bring no uv along, and flags of pip that only change how it goes about.
_WITHOUT_UV = frozenset({"build", "pip", "setuptools", "twine", "virtualenv", "wheel"})
_PIP_FLAGS = frozenset(
    {"-U", "--upgrade", "-q", "--quiet", "--no-cache-dir", "--disable-pip-version-check"}
)


def calls_by_name(job: Job) -> Iterator[JobCommand]:
    """The calls of `uv` and `uvx` in the main shell that surely run, and whose failure counts."""
    for call in uv_commands(job):
        command = call.command.command
        if call.line.section is Section.AFTER or not is_by_name(call):
            continue
        if command.condition is not Condition.MAYBE and not (command.tested or command.background):
            yield call


def is_by_name(call: JobCommand) -> bool:
    """Whether the shell of the job looks uv up on its own PATH for this call."""
    command = call.command.command
    if any(assignment.name == "PATH" for assignment in command.assignments):
        return False
    return call.command.program in (UvProgram.UV, UvProgram.UVX) and (
        command.function is None and _TRANSPARENT.issuperset(command.wrappers)
    )


def commands_before(call: JobCommand, job: Job) -> tuple[ShellCommand, ...]:
    """The commands of the scripts that stand before a call of the same job."""
    at = job.scripts.index(call.line)
    earlier = [command for line in job.scripts[:at] for command in find_commands(line.text)]
    start = call.command.command.span.start
    own = (one for one in find_commands(call.line.text) if one.span.start < start)
    return (*earlier, *own)


def sources_env_file(command: ShellCommand) -> bool:
    """Whether a command reads the file by which an installer tells a shell where uv is."""
    if command.name not in (".", "source") or len(command.words) < 2:
        return False
    return command.words[1].raw.strip("\"'").endswith("/env")


def brings_no_program(command: ShellCommand) -> bool:
    """Whether a command surely leaves a shell that finds no uv just as unable to find it."""
    name, arguments = command.name, command.words[1:]
    if name is None:
        return not command.words
    if command.function is not None or "/" in command.words[0].raw:
        return False
    if name == "git":
        return True
    if name == "cargo":
        return bool(arguments) and arguments[0].value in _CARGO
    if name in _MANAGERS:
        return _adds_named_packages(arguments, _MANAGERS[name])
    if name in ("pip", "pip3", "python", "python3"):
        return _only_asks(arguments) or _adds_known_packages(_behind_module(arguments))
    return name in _PLAIN and not (name == "set" and any("+" in word.raw for word in arguments))


def _only_asks(arguments: tuple[Word, ...]) -> bool:
    return len(arguments) == 1 and arguments[0].value in _ASKING


def _adds_named_packages(arguments: Iterable[Word], verb: str) -> bool:
    """Whether a system's package manager is given names only: no files, nothing unknown."""
    values = [word.value for word in arguments]
    if any(value is None or "/" in value for value in values):
        return False
    return verb in values or "update" in values


def _behind_module(arguments: tuple[Word, ...]) -> tuple[Word, ...]:
    is_pip = [word.value for word in arguments[:2]] == ["-m", "pip"]
    return arguments[2:] if is_pip else arguments


def _adds_known_packages(arguments: tuple[Word, ...]) -> bool:
    values = [word.value for word in arguments]
    if values[:1] != ["install"]:
        return False
    return all(
        value is not None
        and (value in _PIP_FLAGS or ("[" not in value and requirement_name(value) in _WITHOUT_UV))
        for value in values[1:]
    )
