"""The scripts of a job, and the uv commands in them (GitLab docs: `script`, `after_script`)."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from msgspec import Struct

from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Job, ScriptLine, Section, Variant
from uvci.pipeline.shell.commands import directory_after, find_exports
from uvci.pipeline.shell.expansion import known_variables
from uvci.pipeline.shell.installs import find_uv_installs
from uvci.pipeline.shell.model import Export, UvCommand, UvInstall
from uvci.pipeline.shell.state import joined
from uvci.pipeline.shell.uv_commands import find_uv_commands
from uvci.pipeline.values import Table, plains
from uvci.syntax.parse import parse
from uvci.syntax.paths import locate
from uvci.syntax.sources import SourceMap, source_map
from uvci.syntax.tree import Document, Scalar
from uvci.text.span import Span


class ShellState(Struct, frozen=True):
    """What earlier items of the same shell left behind: `exports`, and the folder they ended in.

    `directory` is as in `ShellCommand`: `.` is the project folder, None is unknown.
    """

    exports: tuple[Export, ...] = ()
    directory: str | None = "."


class JobCommand(Struct, frozen=True, eq=False):
    """A uv command of a job. Spans of `command` are relative to `line.text`.

    `state` is what the items before `line` left; `command.command` adds what is set within it.
    """

    line: ScriptLine
    command: UvCommand
    state: ShellState

    @property
    def path(self) -> str:
        """The file it is typed in."""
        return self.line.plain.origin.path

    @property
    def span(self) -> Span:
        """The command in that file, from its name to its last word."""
        return span_in_file(self.line, self.command.span)

    @property
    def exports(self) -> tuple[Export, ...]:
        """Everything that the scripts set before it, in order."""
        return self.state.exports + self.command.command.exports

    @property
    def directory(self) -> str | None:
        """Where it runs, seen from the project folder; None when unknown."""
        return joined(self.state.directory, self.command.command.directory)


class JobInstall(Struct, frozen=True, eq=False):
    """A command of a job that puts uv into it. Spans of `install` are relative to `line.text`."""

    line: ScriptLine
    install: UvInstall
    state: ShellState

    @property
    def path(self) -> str:
        """The file it is typed in."""
        return self.line.plain.origin.path

    @property
    def span(self) -> Span:
        """The command in that file."""
        return span_in_file(self.line, self.install.span)

    @property
    def target_span(self) -> Span:
        """What a version would be written into, in that file."""
        return span_in_file(self.line, self.install.target)


class _Found(Struct, frozen=True):
    commands: tuple[JobCommand, ...]
    installs: tuple[JobInstall, ...]


_found: "WeakKeyDictionary[Job, _Found]" = WeakKeyDictionary()


def read_scripts(keywords: Table, text_of: Callable[[str], str]) -> tuple[ScriptLine, ...]:
    """The flattened items of all scripts, in the order they run; `text_of` gives a file's text."""
    return tuple(
        ScriptLine(section, index, plain.text, plain, text_of(plain.origin.path))
        for section in Section
        for index, plain in enumerate(plains(keywords.entries.get(section.value)))
        if plain.value is not None
    )


def span_in_file(line: ScriptLine, span: Span) -> Span:
    """Where a span of `line.text` is typed; all of the item where that cannot be told apart.

    The file is `line.plain.origin.path`.
    """
    node = line.plain.origin.node or _scalar_with_inputs(line)
    if not isinstance(node, Scalar) or not line.file_text:
        return line.plain.origin.span
    typed = span if node.text == line.text else _around_inputs(node.text, line.text, span)
    return line.plain.origin.span if typed is None else _map(line.file_text, node).span(typed)


def _scalar_with_inputs(line: ScriptLine) -> Scalar | None:
    """The scalar as typed of an item that GitLab has put inputs into."""
    whole = line.plain.origin.span
    if "$[[" not in whole.of(line.file_text):
        return None
    location = locate(_parsed(line.file_text).root, whole.start)
    node = location.node if location else None
    return node if isinstance(node, Scalar) and node.span == whole else None


@lru_cache(maxsize=4)
def _parsed(file_text: str) -> Document:
    return parse(file_text)


def _around_inputs(typed: str, filled: str, span: Span) -> Span | None:
    """The span in `typed`, whose inputs (`$[[ … ]]`) are filled in; None where it cuts into one."""
    head, rest = typed.find("$[["), typed.rpartition("]]")[2]
    tail, grown = len(filled) - len(rest), len(typed) - len(filled)
    if head < 0 or not filled.startswith(typed[:head]) or not filled.endswith(rest):
        return None
    start, end = (
        at if at <= head else at + grown if at >= tail else None for at in (span.start, span.end)
    )
    return None if start is None or end is None else Span(start, max(start, end))


@lru_cache(maxsize=256)
def _map(file_text: str, node: Scalar) -> SourceMap:
    return source_map(file_text, node)


def uv_commands(job: Job) -> tuple[JobCommand, ...]:
    """Every call of uv in the job's scripts, in the order typed."""
    return _look(job).commands


def uv_installs(job: Job) -> tuple[JobInstall, ...]:
    """Every command in the job's scripts that installs or updates uv, in the order typed."""
    return _look(job).installs


def known_in_all(job: Job) -> Mapping[str, str | None]:
    """The job's variables as its shell gets them; None where sets of variables differ.

    A variable whose value mentions an unknown one is unknown too.
    """
    return _values_in_all(job.variants)


def shell_states(job: Job) -> Iterator[tuple[ScriptLine, ShellState]]:
    """Each script item with what the items before it left; `after_script` starts anew."""
    state = ShellState()
    shell = None
    for line in job.scripts:
        own = line.section is Section.AFTER
        state = state if own == shell else ShellState()
        shell = own
        yield line, state
        exports = find_exports(line.text)
        folder = joined(state.directory, directory_after(line.text))
        if exports or folder != state.directory:
            state = ShellState(state.exports + exports, folder)


def _look(job: Job) -> _Found:
    found = _found.get(job)
    if found is None:
        found = _found[job] = _read(job)
    return found


def _read(job: Job) -> _Found:
    if not any("uv" in line.text or "$" in line.text for line in job.scripts):
        return _Found((), ())
    variables = known_in_all(job)
    commands: list[JobCommand] = []
    installs: list[JobInstall] = []
    for line, state in shell_states(job):
        known = known_variables(state.exports, variables)
        commands += [JobCommand(line, one, state) for one in find_uv_commands(line.text, known)]
        installs += [JobInstall(line, one, state) for one in find_uv_installs(line.text, known)]
    return _Found(tuple(commands), tuple(installs))


def _values_in_all(variants: tuple[Variant, ...]) -> dict[str, str | None]:
    values: dict[str, str | None] = {}
    for index, variant in enumerate(variants):
        own = {name: _value(name, variant) for name in variant.variables}
        if index == 0:
            values = own
        elif own != values:
            names = dict.fromkeys((*values, *own))
            values = {n: values.get(n) if values.get(n) == own.get(n) else None for n in names}
    return values


def _value(name: str, variant: Variant) -> str | None:
    variable = variant.variables[name]
    if variable.raw is not None and "$" not in variable.raw and "%" not in variable.raw:
        return variable.raw
    return expand_text(f"${{{name}}}", variant, Place.RUNNER).text
