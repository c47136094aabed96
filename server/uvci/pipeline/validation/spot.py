"""Where a check stands, and the faults it finds there."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from uvci.pipeline.durations import read_duration
from uvci.pipeline.model import Phase
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.syntax.scalars import Symbol

Keys: TypeAlias = tuple[str | int, ...]


class Fault(Struct, frozen=True):
    """One message; `keys` lead to the value it is about, from the root entry it was found in."""

    message: str
    keys: Keys
    warning: bool = False
    phase: Phase = Phase.VALIDATE


class Spot(Struct):
    """One place in the configuration: `location` as GitLab's messages name it."""

    location: tuple[str, ...]
    keys: Keys = ()
    faults: list[Fault] = field(default_factory=list)
    start: int = 0

    def __post_init__(self) -> None:
        self.start = len(self.faults)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found here yet: GitLab looks below only then."""
        return len(self.faults) == self.start

    def below(self, name: str, *keys: str | int) -> "Spot":
        """A place below; `name` is what messages call it, `keys` what leads there."""
        return Spot((*self.location, name), (*self.keys, *(keys or (name,))), self.faults)

    def say(self, text: str, *keys: str | int, warning: bool = False) -> None:
        """Note a fault of the value here, or of what `keys` lead to, in lower case as GitLab."""
        place = ":".join(self.location)
        shown = f"{place} {text}" if place else text
        self.plainly(shown if warning else shown.lower(), *keys, warning=warning)

    def misfit(self, text: str) -> None:
        """Note that the value here has none of the shapes it may have."""
        self.plainly(f"{':'.join(self.location)} {text}")

    def plainly(self, message: str, *keys: str | int, warning: bool = False) -> None:
        """Note a fault whose message names no place, or names it its own way."""
        self.faults.append(Fault(message, (*self.keys, *keys), warning))


Check: TypeAlias = Callable[[Value, Spot], None]


def is_unset(value: Value | None) -> bool:
    """Whether the keyword is missing or null, which is the same to GitLab."""
    return value is None or (isinstance(value, Plain) and value.value is None)


def is_text(value: Value) -> bool:
    """Whether it is a string; what is unknown may be one."""
    return isinstance(value, Unknown) or (
        isinstance(value, Plain) and isinstance(value.value, str | Symbol)
    )


def is_boolean(value: Value | None) -> bool:
    """Whether it is true or false; what is unknown may be."""
    return isinstance(value, Unknown) or (
        isinstance(value, Plain) and isinstance(value.value, bool)
    )


def is_integer(value: Value) -> bool:
    """Whether it is a whole number; what is unknown may be."""
    return isinstance(value, Unknown) or (
        isinstance(value, Plain)
        and isinstance(value.value, int)
        and not isinstance(value.value, bool)
    )


def is_integer_or_list(value: Value) -> bool:
    """Whether it is a whole number or a list of some; what is unknown may be."""
    return is_integer(value) or (isinstance(value, Items) and all(map(is_integer, value.values)))


def is_text_list(value: Value) -> bool:
    """Whether it is a list of strings; what is unknown may be one."""
    return isinstance(value, Unknown) or (
        isinstance(value, Items) and all(map(is_text, value.values))
    )


def is_nested_texts(value: Value, levels: int = 10) -> bool:
    """Whether it is a list of strings and such lists, at most `levels` deep."""
    if isinstance(value, Unknown):
        return True
    if not isinstance(value, Items) or levels == 0:
        return False
    return all(is_text(item) or is_nested_texts(item, levels - 1) for item in value.values)


def is_blank(value: Value | None) -> bool:
    """Whether Ruby calls it blank: nothing, false, an empty or white text, list or mapping."""
    match value:
        case Plain(value=str() as text):
            return not text.strip()
        case Plain():
            return value.value is None or value.value is False
        case Items():
            return not value.values
        case Table():
            return not value.entries
        case Unknown():
            return False
        case None:
            return True


def check_keys(value: Table, allowed: Iterable[str], spot: Spot) -> None:
    """Refuse keys that are not among `allowed`."""
    known = frozenset(allowed)
    unknown = [key for key in value.entries if key not in known]
    if unknown:
        spot.say(f"config contains unknown keys: {', '.join(unknown)}", unknown[0])


def check_boolean(value: Value, spot: Spot) -> None:
    """A keyword that is true or false."""
    if not is_boolean(value):
        spot.say("config should be a boolean value")


def check_texts(value: Value, spot: Spot) -> None:
    """A keyword that is a list of strings."""
    if not is_text_list(value):
        spot.say("config should be an array of strings")


def check_type(
    table: Table, name: str, fits: Callable[[Value], bool], wanted: str, spot: Spot
) -> None:
    """A keyword below that may be left out, and is `wanted` otherwise: `a string`."""
    value = table.entries.get(name)
    if value is None or is_unset(value) or isinstance(value, Unknown) or fits(value):
        return
    spot.say(f"{name.replace('_', ' ')} should be {wanted}", name)


def check_needed_text(table: Table, name: str, spot: Spot) -> None:
    """A string below that must be there."""
    value, shown = table.entries.get(name), name.replace("_", " ")
    if value is None or not is_text(value):
        spot.say(f"{shown} should be a string", name)
    if is_blank(value):
        spot.say(f"{shown} can't be blank", name)


def check_duration(
    table: Table, name: str, spot: Spot, never: frozenset[str] = frozenset()
) -> None:
    """A duration below, with or without variables; `never` are words that stand for none."""
    value = table.entries.get(name)
    if value is None or is_unset(value) or isinstance(value, Unknown):
        return
    text = value.text if isinstance(value, Plain) and is_text(value) else ""
    if "$" not in text and text not in never and not read_duration(text):
        spot.say(f"{name.replace('_', ' ')} should be a duration", name)


def check_choice(table: Table, name: str, choices: tuple[str, ...], spot: Spot) -> None:
    """A keyword below that takes one of a few strings."""
    check_worded(table, name, choices, f"should be one of: {', '.join(choices)}", spot)


def check_worded(
    table: Table, name: str, choices: tuple[str, ...], refusal: str, spot: Spot
) -> None:
    """The same where GitLab's refusal reads in its own way."""
    value = table.entries.get(name)
    if value is None or is_unset(value) or isinstance(value, Unknown):
        return
    shown = name.replace("_", " ")
    if not is_text(value):
        spot.say(f"{shown} should be a string", name)
    # A list passes for a choice where each of its items is one.
    picked = value.values if isinstance(value, Items) else (value,)
    known = [one for one in picked if not isinstance(one, Unknown)]
    if not all(isinstance(one, Plain) and one.text in choices for one in known):
        spot.say(f"{shown} {refusal}", name)


def check_below(table: Table, checks: Mapping[str, Check], spot: Spot) -> None:
    """Run the check of each keyword that is set, in the order of `checks`.

    As GitLab, it does so only where nothing was found at `spot` itself.
    """
    if not spot.is_clean:
        return
    for name, check in checks.items():
        value = table.entries.get(name)
        if value is not None and not is_unset(value) and not isinstance(value, Unknown):
            check(value, spot.below(name))
