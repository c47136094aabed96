"""Settings of uv with values, however a job gives them: variables, exports, assignments, flags."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.tokens import is_written_out
from uvci.pipeline.expansion import Place, symbolic_text
from uvci.pipeline.model import Job, Scope, ScriptLine, Variable, Variant
from uvci.pipeline.scripts import JobCommand, span_in_file, uv_commands
from uvci.pipeline.shell.commands import find_exports
from uvci.pipeline.shell.model import ExportKind
from uvci.pipeline.values import Origin
from uvci.rules.edits import places_of
from uvci.rules.kept import by_owner
from uvci.rules.rule import Context, FileEdit, Fix
from uvci.rules.script_edits import removed_export, removed_prefix, removed_word, rewritten
from uvci.rules.uv_jobs import UvRun
from uvci.rules.variables.fixes import removed
from uvci.syntax.sources import SourceMap, source_map
from uvci.syntax.tree import Scalar
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_OURS = ("UV_", "PYX_")
PREDEFINED = frozenset(
    {
        *("CI_API_V4_URL", "CI_SERVER_URL", "CI_SERVER_HOST", "CI_SERVER_FQDN", "CI_PROJECT_ID"),
        *("CI_PROJECT_PATH", "CI_PROJECT_NAME", "CI_PROJECT_NAMESPACE_ID", "CI_JOB_TOKEN"),
        *("CI_PROJECT_ROOT_NAMESPACE", "CI_SERVER_PROTOCOL", "CI_SERVER_PORT"),
    }
)
"""What GitLab sets itself: values may mention these and still be judged."""


class Given(Struct, frozen=True, eq=False):
    """One setting with its value.

    `name` is the variable (`UV_INDEX`) or the flag as typed (`--index`). `text` is the value as
    typed, a script's with its quotes; `value` what it is where no variable is in it, else None;
    `resolved` has the pipeline's variables put in, and is None where one of them is unknown.
    `origin` is all of the value, or the whole assignment where that is empty. `line` is the script
    item that it stands in from `start` on, None for the pipeline's variables; `whole` is the
    assignment or flag there. `call` is the uv command that a flag or assignment belongs to.
    """

    name: str
    text: str
    value: str | None
    resolved: str | None
    origin: Origin
    line: ScriptLine | None = None
    start: int = 0
    whole: Span = Span(0, 0)
    call: JobCommand | None = None

    def place(self, span: Span, context: Context) -> Origin:
        """Where a part of `text` is typed; all of it where that cannot be told."""
        if self.line is not None:
            return replace(self.origin, span=span_in_file(self.line, span.shift(self.start)))
        return place_in_value(self.origin, self.text, span, context)

    def edited(self, span: Span, text: str, context: Context) -> tuple[FileEdit, ...]:
        """The edit that puts `text` in place of a part of the value, if it is typed as it reads."""
        if self.line is not None:
            return rewritten(self.line, span.shift(self.start), text)
        found, file = _map(self.origin, self.text, context), context.pipeline.file(self.origin.path)
        if found is None or file is None:
            return ()
        start, end = found.offset(span.start), found.offset(span.end)
        if file.document.text[start:end] != span.of(self.text):
            return ()
        return (FileEdit(self.origin.path, TextEdit(Span(start, end), text)),)


def source_of(name: str, run: UvRun) -> Given | None:
    """What a call of uv has its value of a variable from; None where that is typed nowhere."""
    call, own = run.call, [one for one in settings_given(run.job) if one.name == name]
    if any(one.name == name for one in call.command.command.assignments):
        found = [one for one in own if one.call is call]
    elif exports := [one for one in call.exports if one.name == name]:
        lines, span = run.job.scripts, exports[-1].span
        before = lines[: lines.index(call.line) + 1]
        found = [one for one in own if one.line in before and not one.call and one.whole == span]
    else:
        variable = run.variant.variables.get(name)
        origin = variable.origin if variable else None
        found = [one for one in own if one.line is None and one.origin == origin]
    return found[-1] if found else None


def without(given: Given, context: Context) -> tuple[Fix, ...]:
    """The fix that takes out a setting, wherever it is given."""
    if given.line is None:
        return removed(given.name, given.origin, context)
    if given.name.startswith("-"):
        edits, title = removed_word(given.line, given.whole), f"Drop `{given.name}`"
    elif given.call is not None:
        edits, title = removed_prefix(given.line, given.whole), f"Remove `{given.name}`"
    else:
        edits = removed_export(given.line, given.whole, context)
        title = f"Remove `{given.name}`"
    declares = places_of(given.line.plain.origin, context)
    return (Fix(title, edits, preferred=True, declares=declares),) if edits else ()


def place_in_value(origin: Origin, text: str, span: Span, context: Context) -> Origin:
    """Where a part of the `text` of the value at `origin` is typed; else all of the value."""
    found = _map(origin, text, context)
    return origin if found is None else replace(origin, span=found.span(span))


def _map(origin: Origin, text: str, context: Context) -> SourceMap | None:
    node, file = origin.node, context.pipeline.file(origin.path)
    if file is None or not isinstance(node, Scalar) or node.text != text:
        return None
    return source_map(file.document.text, node)


@by_owner
def settings_given(job: Job) -> tuple[Given, ...]:
    """All that the job gives uv: its variables, then its scripts; each place once."""
    found = [*_variables(job), *_exports(job), *_of_commands(job)]
    return tuple({(one.origin.path, one.origin.span): one for one in found}.values())


def _variables(job: Job) -> Iterator[Given]:
    for variant in job.variants:
        for variable in variant.variables.values():
            if variable.name.startswith(_OURS) and variable.scope is not Scope.PREDEFINED:
                yield from _variable(variable, variant)


def _variable(variable: Variable, variant: Variant) -> Iterator[Given]:
    raw, origin = variable.raw, variable.origin
    if raw is None or origin is None:
        return
    value = raw.replace("$$", "$") if is_written_out(raw) else None
    resolved = symbolic_text(f"${{{variable.name}}}", variant, Place.RUNNER, PREDEFINED)
    yield Given(variable.name, raw, value, resolved, origin)


def _exports(job: Job) -> Iterator[Given]:
    for line in job.scripts:
        if not any(name in line.text for name in _OURS):
            continue
        for export in find_exports(line.text):
            span = export.value_span
            if span is None or export.kind is ExportKind.UNSET:
                continue
            if export.name.startswith(_OURS):
                yield _typed(export.name, export.value, line, (export.span, span), job)


def _of_commands(job: Job) -> Iterator[Given]:
    for call in uv_commands(job):
        for one in call.command.command.assignments:
            if one.name.startswith(_OURS):
                places = (one.span, one.value_span)
                yield replace(_typed(one.name, one.value, call.line, places, job), call=call)
        for flag in call.command.all_flags:
            if flag.value_span is not None:
                places = (flag.span, flag.value_span)
                yield replace(_typed(flag.name, flag.value, call.line, places, job), call=call)


def _typed(
    name: str, value: str | None, line: ScriptLine, places: tuple[Span, Span], job: Job
) -> Given:
    """What is typed in a script; `places` are all of it, and its value."""
    whole, span = places
    text = span.of(line.text)
    bare = text.strip("\"'")
    resolved = value or symbolic_text(bare, job.variants[0], Place.SHELL, PREDEFINED)
    known = value if value is not None and is_written_out(value) else None
    origin = replace(line.plain.origin, span=span_in_file(line, span or whole))
    return Given(name, text, known, resolved, origin, line, span.start, whole)
