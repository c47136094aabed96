"""The calls of package managers in a job's scripts, each with the environment it runs in."""

from collections.abc import Iterator, Sequence

from uvci.features.migration.model import Active, Tool, ToolCall
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import shell_states
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import Export, ExportKind, ShellCommand, Word, program_name
from uvci.pipeline.shell.state import joined
from uvci.pipeline.values import LinkKind, Origin
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_PIP = lazy_re(r"pip(?:3(?:\.[0-9]+)?)?")
_PYTHON = lazy_re(r"python(?:3(?:\.[0-9]+)?)?")
_ENVIRONMENTS = frozenset({"VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PATH"})
_HARMLESS = lazy_re(
    r"\$\{?PATH\}?:.*|[^:]*(?:/\.local/bin|/\.cargo/bin|POETRY_HOME[}/a-z]*):\$\{?PATH\}?"
)
_TOOLS = {tool.value: tool for tool in Tool}
_OTHERS = frozenset({"sudo", "doas", "su -c", "su-exec", "runuser", "gosu", "xargs"})
"""Wrappers that choose another user's environment, or arguments that nobody sees."""
_MANAGERS = frozenset({"conda", "mamba", "micromamba", "workon", "pyenv", "deactivate"})


def tool_calls(job: Job) -> tuple[ToolCall, ...]:
    """Every call of a package manager in the job's scripts, in the order typed."""
    return tuple(_calls(job))


def _calls(job: Job) -> Iterator[ToolCall]:
    managed = False
    for line, state in shell_states(job):
        for command in find_commands(line.text):
            managed = managed or command.name in _MANAGERS
            active, environment = _surroundings((*state.exports, *command.exports))
            own = is_typed(line.plain.origin, job)
            folder = joined(state.directory, command.directory)
            for tool, head, words, python in _named(command):
                unclear = managed or command.function or _OTHERS.intersection(command.wrappers)
                yield ToolCall(
                    tool, job, line, command, head, words,
                    Active.UNKNOWN if unclear else active, folder, own, python,
                    environment,
                )  # fmt: skip


def is_typed(origin: Origin, job: Job) -> bool:
    """Whether a value is typed in the job that has it, also where that is in an included file."""
    is_there = origin.path == job.name_origin.path
    return is_there and all(link.kind is LinkKind.INCLUDE for link in origin.chain)


def _surroundings(exports: tuple[Export, ...]) -> tuple[Active, str]:
    """Whether an environment is active behind these exports, and its folder."""
    active, folder = Active.NO, ""
    for export in exports:
        if export.name == "PATH":
            template = export.template or ""
            own = bool(folder) and template.startswith(f"{folder}/")
            if not own and _HARMLESS.fullmatch(template) is None:
                return Active.UNKNOWN, ""
        elif export.name == "VIRTUAL_ENV":
            gone = export.kind is ExportKind.UNSET
            folder = "" if gone else export.template or "?"
            active = Active.NO if gone else Active.YES
        if export.name in _ENVIRONMENTS and export.conditional:
            return Active.UNKNOWN, ""
    return active, folder


def _named(command: ShellCommand) -> Iterator[tuple[Tool, Span, tuple[Word, ...], str]]:
    words = command.words
    if not words:
        return
    folder = _folder(words[0])
    name = command.name or (program_name(words[0].raw) if folder else "")
    if _PIP.fullmatch(name):
        python = f"{folder}/python" if folder else ""
        yield Tool.PIP, words[0].span, words[1:], python
    elif name in _TOOLS and not folder:
        yield _TOOLS[name], words[0].span, words[1:], ""
    elif _PYTHON.fullmatch(name) and (at := module_at(words)):
        tool = _TOOLS.get(words[at].value or "")
        python = words[0].raw if folder or name not in ("python", "python3") else ""
        if tool is not None:
            yield tool, Span(words[0].span.start, words[at].span.end), words[at + 1 :], python


def module_at(words: Sequence[Word]) -> int:
    """Where the module's name stands in `python -m pip`, 0 where nothing follows so."""
    return 2 if len(words) > 2 and words[1].value == "-m" else 0


def _folder(word: Word) -> str:
    """The folder a program is named with, as typed; empty for a bare name."""
    raw = word.raw
    name = program_name(raw)
    return raw[: -len(name) - 1] if raw.endswith(f"/{name}") else ""
