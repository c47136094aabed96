"""What GitLab says while it loads values: dates, and inputs that cannot be put in."""

from collections.abc import Iterator, Sequence

from uvci.pipeline.effective import Effective
from uvci.pipeline.interpolation import Interpolator
from uvci.pipeline.layers import Layer
from uvci.pipeline.model import Phase, Problem
from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.syntax.scalars import Date


def interpolation_problems(layers: Sequence[Layer]) -> Iterator[Problem]:
    """What is wrong with `$[[ … ]]` in files with a `spec:` header, once they are loaded."""
    for layer in layers:
        if isinstance(layer.interpolate, Interpolator):
            for fault in layer.interpolate.faults:
                shown = f"`{layer.path}`: {fault.message}" if layer.chain else fault.message
                phase = Phase.INCLUDE if layer.chain else Phase.LOAD
                yield Problem(shown, fault.origin.path, fault.origin.span, phase=phase)


def date_problems(effective: Effective) -> Iterator[Problem]:
    """Dates and times without quotes, for which GitLab refuses a whole file."""
    for name, entries in effective.config.entries.items():
        if not effective.dependencies.facts(name).dated:
            continue
        for entry in entries:
            for plain, date in _dates(entry.value):
                said = f"Tried to load unspecified class: {date.kind.value}"
                included = bool(entry.layer.chain)
                shown = f"`{entry.layer.path}`: {said}" if included else said
                phase = Phase.INCLUDE if included else Phase.LOAD
                yield Problem(shown, plain.origin.path, plain.origin.span, phase=phase)


def _dates(value: Value) -> Iterator[tuple[Plain, Date]]:
    match value:
        case Plain(value=Date() as date):
            yield value, date
        case Items():
            for item in value.values:
                yield from _dates(item)
        case Table():
            for below in value.entries.values():
                yield from _dates(below)
        case _:
            return
