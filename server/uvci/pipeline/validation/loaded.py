"""What GitLab says while it loads values: dates, and inputs that cannot be put in."""

from collections.abc import Iterator, Sequence

from uvci.pipeline.effective import Effective
from uvci.pipeline.layers import Layer
from uvci.pipeline.load import MOST_VALUES
from uvci.pipeline.model import Phase, Problem
from uvci.pipeline.stamps import Memory
from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.syntax.scalars import Date

_sound: Memory[bool] = Memory(8192)
_undated: Memory[bool] = Memory(8192)


def size_problems(layers: Sequence[Layer]) -> Iterator[Problem]:
    """Files that hold more than GitLab reads, most of it by aliases."""
    for layer in layers:
        if layer.weight > MOST_VALUES:
            said = "The parsed YAML is too big"
            shown = f"`{layer.path}`: {said}" if layer.chain else said
            phase = Phase.INCLUDE if layer.chain else Phase.LOAD
            yield Problem(shown, layer.path, layer.heaviest, phase=phase)


def interpolation_problems(layers: Sequence[Layer]) -> Iterator[Problem]:
    """What is wrong with `$[[ … ]]` in files with a `spec:` header."""
    for layer in layers:
        for fault in layer.faults:
            shown = f"`{layer.path}`: {fault.message}" if layer.chain else fault.message
            phase = Phase.INCLUDE if layer.chain else Phase.LOAD
            yield Problem(shown, fault.origin.path, fault.origin.span, phase=phase)


def merging_problems(effective: Effective) -> tuple[Problem, ...]:
    """What is wrong with `extends` and `!reference`, in GitLab's order.

    Entries that were without fault before, and depend on the same texts now, are not looked at.
    """
    unsound = effective.unkept(_sound)
    if not unsound:
        return ()
    faulty: set[str] = set()
    looked: dict[str, None] = {}
    if effective.has_begun:
        # Whose fault it is shows while an entry is merged, and some are already.
        effective = effective.afresh()
    for name in unsound:
        _look(effective, name, looked, faulty)
    for name in looked:
        if name not in faulty:
            _sound.keep(effective.stamp(name), True)  # noqa: FBT003  what is kept
    if not faulty:
        return ()
    # Which of several entries in a circle is named depends on where one begins: at the top.
    again = effective.afresh()
    for name in effective.config.entries:
        if name in faulty:
            again.value(name)
    return (*again.extended.problems, *again.referenced.problems)


def _look(effective: Effective, name: str, looked: dict[str, None], faulty: set[str]) -> None:
    """Merge one entry after those it needs; all of them are faulty if anything turns up."""
    if name in looked or name not in effective.config.entries:
        return
    if _sound.get(effective.stamp(name)):
        return
    looked[name] = None
    needed = effective.dependencies.facts(name).needed
    for other in needed:
        _look(effective, other, looked, faulty)
    before = _count(effective)
    effective.value(name)
    if _count(effective) > before or faulty.intersection(needed):
        faulty.update((name, *needed))


def _count(effective: Effective) -> int:
    return len(effective.extended.problems) + len(effective.referenced.problems)


def date_problems(effective: Effective) -> Iterator[Problem]:
    """Dates and times without quotes, for which GitLab refuses a whole file."""
    for name in effective.unkept(_undated):
        if not effective.dependencies.facts(name).dated:
            _undated.keep(effective.stamp(name), True)  # noqa: FBT003  what is kept
            continue
        for entry in effective.config.entries[name]:
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
