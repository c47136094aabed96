"""The effective pipeline as YAML that GitLab reads back as it is, with a note on each value.

Only secrets are left out of it.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from uvci.features.discretion import discretion
from uvci.pipeline.model import Pipeline
from uvci.pipeline.values import Items, LinkKind, Plain, Table, Unknown, Value
from uvci.syntax.writing import quote_if_needed, quote_key_if_needed, written_literal
from uvci.text.lines import LineIndex

Note: TypeAlias = Callable[[Value], str]
_STEP = "  "
_VIA = {LinkKind.DEFAULT: "default", LinkKind.ROOT: "the root keyword"}


def effective_yaml(
    pipeline: Pipeline, job: str | None = None, *, origins: bool = False
) -> Iterator[str]:
    """The lines of the pipeline, or of one job, after includes, `extends` and defaults.

    `origins`: behind each value a comment with the file and line it is from, and how it came.
    Secrets read `…`, wherever they arrive.
    """
    note = _noted(pipeline) if origins else _silent
    if job is None:
        yield "stages:"
        yield from (f"  - {discretion(pipeline).text(stage)}" for stage in pipeline.stages)
    for name, value in effective_tables(pipeline, job):
        yield from yaml_lines(Table({name: value}, value.origin), note)


def effective_tables(pipeline: Pipeline, job: str | None) -> Iterator[tuple[str, Value]]:
    """What there is to print at the root, by name; `extends` has done its work.

    Secrets read `…`.
    """
    hidden = discretion(pipeline)
    for name, value in _tables(pipeline, job):
        yield hidden.text(name), hidden.value(value)


def _tables(pipeline: Pipeline, job: str | None) -> Iterator[tuple[str, Value]]:
    if job is None:
        for name in ("variables", "workflow"):
            if value := pipeline.merged.get(name):
                yield name, value
    for each in (*pipeline.jobs, *pipeline.hidden):
        if each.name == job or (job is None and not each.hidden):
            keywords = each.keywords.entries
            kept = {key: value for key, value in keywords.items() if key != "extends"}
            yield each.name, Table(kept, each.keywords.origin)


def lines_of(pipeline: Pipeline) -> Callable[[Value], int]:
    """The line, counted from 1, on which a value of the pipeline is typed."""
    known = {file.path: LineIndex(file.document.text) for file in pipeline.files}

    def line_of(value: Value) -> int:
        lines = known.get(value.origin.path)
        return lines.line_of(value.origin.span.start) + 1 if lines else 1

    return line_of


def _noted(pipeline: Pipeline) -> Note:
    line_of = lines_of(pipeline)

    def note(value: Value) -> str:
        place = f"{value.origin.path}:{line_of(value)}"
        via = [f"{_VIA.get(link.kind, link.kind.value)} {link.name}" for link in value.origin.chain]
        why = [value.why] if isinstance(value, Unknown) else []
        return ", ".join([place, *via, *why])

    return note


def _silent(_value: Value) -> str:
    return ""


def yaml_lines(table: Table, note: Note) -> Iterator[str]:
    """The lines of a block mapping; `note` gives the comment behind a value, or nothing."""
    for name, value in table.entries.items():
        yield from _pair(quote_key_if_needed(name), value, note)


def _pair(key: str, value: Value, note: Note) -> Iterator[str]:
    match value:
        case Table(entries=entries) if entries:
            yield f"{key}:"
            yield from (_STEP + line for line in yaml_lines(value, note))
        case Items(values=values) if values:
            yield f"{key}:"
            yield from (_STEP + line for item in values for line in _item(item, note))
        case _:
            first, *rest = _scalar(value)
            yield f"{key}: {first}{_comment(value, note)}"
            yield from (_STEP + line for line in rest)


def _item(value: Value, note: Note) -> Iterator[str]:
    match value:
        case Table(entries=entries) if entries:
            lines = yaml_lines(value, note)
        case Items(values=values) if values:
            lines = (line for item in values for line in _item(item, note))
        case _:
            first, *rest = _scalar(value)
            lines = iter([f"{first}{_comment(value, note)}", *rest])
    yield f"- {next(lines)}"
    yield from (_STEP + line for line in lines)


def _comment(value: Value, note: Note) -> str:
    text = note(value)
    return f"  # {text}" if text else ""


def _scalar(value: Value) -> list[str]:
    match value:
        case Plain(value=str(text)):
            literal = written_literal(text, "") if "\n" in text else None
            return literal or [quote_if_needed(text)]
        case Plain(value=None):
            return ["null"]
        case Plain(value=bool(truth)):
            return ["true" if truth else "false"]
        case Plain():
            return [value.text]
        case Unknown():
            return ["null"]
        case Table():
            return ["{}"]
        case Items():
            return ["[]"]
