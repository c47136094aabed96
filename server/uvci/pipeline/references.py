"""`!reference`: values taken from elsewhere in the configuration."""

from uvci.pipeline.extend import Extended
from uvci.pipeline.model import Phase, Problem
from uvci.pipeline.origins import via
from uvci.pipeline.values import Items, Link, LinkKind, Plain, Reference, Table, Unknown, Value

MOST_VALUES = 20_000
"""How many values the references of one root entry may bring; few lines can ask for millions."""

_TOO_MANY = "references bring more values than can be shown"


class Referenced:
    """The configuration after `extends` and `!reference`: what GitLab shows as merged."""

    def __init__(self, extended: Extended) -> None:
        self.extended = extended
        self.problems: list[Problem] = []
        self._values: dict[str, Value] = {}
        self._open: list[Reference] = []
        self._room = MOST_VALUES

    @property
    def has_begun(self) -> bool:
        """Whether any entry was asked for."""
        return bool(self._values)

    def value(self, name: str) -> Value | None:
        """The entry with all references looked up; None where there is no such entry."""
        if name in self._values:
            return self._values[name]
        value = self.extended.value(name)
        if value is None:
            return None
        self._room = MOST_VALUES
        self._values[name] = self._resolve(value)
        return self._values[name]

    def _resolve(self, value: Value) -> Value:
        """The value without references; the same object where it has none."""
        match value:
            case Reference():
                return self._look_up(value)
            case Table():
                entries = {key: self._resolve(below) for key, below in value.entries.items()}
                changed = any(entries[key] is not below for key, below in value.entries.items())
                return Table(entries, value.origin) if changed else value
            case Items():
                values = tuple([self._resolve(item) for item in value.values])
                changed = any(new is not old for new, old in zip(values, value.values, strict=True))
                return Items(values, value.origin) if changed else value
            case _:
                return value

    def _look_up(self, reference: Reference) -> Value:
        shown = f"!reference {reference.shown}"
        if reference.keys is None:
            return self._refuse(f"{shown} is not valid", reference)
        if reference in self._open:
            return self._refuse(f"{shown} is part of a circular chain", reference)
        if self._room <= 0:
            return Unknown(_TOO_MANY, reference.origin)
        found = self._dig(reference.keys)
        if isinstance(found, Unknown) and not isinstance(found, Reference):
            return Unknown(found.why, reference.origin)
        value: Value | None = None
        if found is not None:
            self._open.append(reference)
            value = self._resolve(found)
            self._open.pop()
        if value is None or (isinstance(value, Plain) and value.value in (None, False)):
            if not self.extended.config.complete:
                return Unknown("it may stand in a file that cannot be read", reference.origin)
            return self._refuse(f"{shown} could not be found", reference)
        self._room -= count(value, self._room)
        if self._room <= 0:
            return Unknown(_TOO_MANY, reference.origin)
        return _brought(value, reference)

    def _dig(self, keys: tuple[str, ...]) -> Value | None:
        value = self.extended.value(keys[0])
        for key in keys[1:]:
            if isinstance(value, Unknown) and not isinstance(value, Reference):
                return value
            if not isinstance(value, Table):
                return None
            value = value.entries.get(key)
        return value

    def _refuse(self, message: str, reference: Reference) -> Unknown:
        origin = reference.origin
        problem = Problem(message, origin.path, origin.span, phase=Phase.REFERENCE)
        if problem not in self.problems:
            self.problems.append(problem)
        return Unknown(message, origin)


def count(value: Value, most: int) -> int:
    """How many values it holds, counted up to `most`."""
    stack, total = [value], 0
    while stack and total <= most:
        value = stack.pop()
        total += 1
        if isinstance(value, Table):
            stack += value.entries.values()
        elif isinstance(value, Items):
            stack += value.values
    return total


def _brought(value: Value, reference: Reference) -> Value:
    """The value found, with the way it came: what brought the reference, then the reference."""
    origin = reference.origin
    name = ":".join(reference.keys or ())
    link = Link(LinkKind.REFERENCE, name, origin.path, origin.span)
    return via(value, *origin.chain, link)
