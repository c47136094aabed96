"""The check of a file's `spec:` header, in GitLab's words (GitLab docs: `spec`)."""

from collections.abc import Iterable, Iterator

from uvci.pipeline.interpolation import Fault
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains
from uvci.syntax.scalars import Symbol

TYPES = ("array", "boolean", "number", "string")
_SPEC_KEYS = frozenset({"component", "description", "include", "inputs"})
_INPUT_KEYS = frozenset({"default", "description", "options", "regex", "rules", "type"})
_COMPONENT = frozenset({"name", "sha", "version", "reference"})
_MOST_OPTIONS = 50


def header_faults(header: Value) -> Iterator[Fault]:
    """What GitLab says about the header: nothing else is looked at where there is something."""
    if not isinstance(header, Table):
        return
    yield from _unknown("header", header, {"spec"})
    spec = header.entries.get("spec")
    if isinstance(spec, Table):
        yield from _unknown("header:spec", spec, _SPEC_KEYS)
        yield from _of_inputs(spec.entries.get("inputs"))
        yield from _of_component(spec.entries.get("component"))


def _of_component(value: Value | None) -> Iterator[Fault]:
    strange = [one.text for one in plains(value) if one.text not in _COMPONENT]
    if value is not None and isinstance(value, Items) and strange:
        said = f"header:spec:component config contains unknown values: {', '.join(strange)}"
        yield Fault(said, value.origin)


def _of_inputs(value: Value | None) -> Iterator[Fault]:
    if isinstance(value, Table):
        for name, declared in value.entries.items():
            yield from _of_input(f"header:spec:inputs:{name.lower()}", declared)
    elif value is not None and not _is_unset(value):
        yield Fault("header:spec:inputs config should be a hash", value.origin)


def _of_input(place: str, value: Value) -> Iterator[Fault]:
    if isinstance(value, Unknown) or _is_unset(value):
        return
    if not isinstance(value, Table):
        yield Fault(f"{place} config should be a hash", value.origin)
        return
    yield from _unknown(place, value, _INPUT_KEYS)
    for other in ("options", "default"):
        both = [key for key in value.entries if key in ("rules", other)]
        if len(both) > 1:
            said = f"{place} config these keys cannot be used together: {', '.join(both)}"
            yield Fault(said, value.entries[both[1]].origin)
    yield from _of_values(place, value)


def _of_values(place: str, value: Table) -> Iterator[Fault]:
    told, regex = value.entries.get("description"), value.entries.get("regex")
    if told is not None and not _is_unset(told) and not _is_word(told):
        yield Fault(f"{place} input description must be an alphanumeric string", told.origin)
    if regex is not None and not _is_unset(regex) and not _is_text(regex):
        yield Fault(f"{place} input regex should be a string", regex.origin)
    kind, options = value.entries.get("type"), value.entries.get("options")
    if isinstance(kind, Plain) and kind.value is not None and kind.text not in TYPES:
        yield Fault(f"{place} input type unknown value: {kind.text}".lower(), kind.origin)
    if isinstance(options, Items) and len(options.values) > _MOST_OPTIONS:
        said = f"{place} config cannot define more than {_MOST_OPTIONS} options"
        yield Fault(said, options.origin)
    elif isinstance(options, Plain | Table) and not _is_unset(options):
        yield Fault(f"{place} input options should be an array", options.origin)


def _unknown(place: str, table: Table, allowed: Iterable[str]) -> Iterator[Fault]:
    unknown = [key for key in table.entries if key not in allowed]
    if unknown:
        said = f"{place} config contains unknown keys: {', '.join(unknown)}".lower()
        yield Fault(said, table.origin)


def _is_unset(value: Value) -> bool:
    return isinstance(value, Plain) and value.value is None


def _is_text(value: Value) -> bool:
    return isinstance(value, Unknown) or (
        isinstance(value, Plain) and isinstance(value.value, str | Symbol)
    )


def _is_word(value: Value) -> bool:
    return _is_text(value) or (isinstance(value, Plain) and type(value.value) is int)
