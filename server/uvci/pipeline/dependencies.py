"""Which root entries another one is built from, and stamps for all of it together."""

from dataclasses import dataclass

from uvci.pipeline.config import Config
from uvci.pipeline.stamps import Memory, Stamp, stamp
from uvci.pipeline.values import Items, Plain, Reference, Table, Value, plains
from uvci.syntax.scalars import Date


@dataclass(frozen=True, slots=True)
class Facts:
    """What one root entry says about itself and others, wherever it stands.

    `mapping` tells whether it is one. `keys` are the keys it has itself, `bases` what it extends,
    `referred` the root entries that its `!reference` tags look into, `dated` whether it holds a
    date without quotes.
    """

    mapping: bool = False
    keys: frozenset[str] = frozenset()
    bases: tuple[str, ...] = ()
    referred: tuple[str, ...] = ()
    dated: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        """The other entries it is built from."""
        return (*self.bases, *self.referred)


_NOTHING = Facts()
_facts: Memory[Facts] = Memory(8192)


class Dependencies:
    """The dependencies among the entries of one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stamps: dict[str, Stamp] = {}
        self._placed: dict[str, Stamp] = {}
        self._keys: dict[str, frozenset[str]] = {}

    def facts(self, name: str) -> Facts:
        """What the entry says; remembered for as long as its text is the same."""
        if name not in self.config.entries:
            return _NOTHING
        content = self.config.stamp(name)
        kept = _facts.get(content)
        return kept if kept is not None else _facts.keep(content, _read(self.config.value(name)))

    def keys(self, name: str) -> frozenset[str]:
        """The keys of the entry and of all it extends."""
        found = self._keys.get(name)
        if found is None:
            facts = self.facts(name)
            self._keys[name] = found = facts.keys
            for base in facts.bases:
                found |= self.keys(base)
            self._keys[name] = found
        return found

    def stamp(self, name: str) -> Stamp:
        """What stands for the entry and all it is built from."""
        found = self._stamps.get(name)
        if found is None:
            self._stamps[name] = 0  # what comes back here is in a circle
            needed = self.facts(name).needed
            own = self.config.stamp(name)
            found = stamp(own, *map(self.stamp, needed)) if needed else own
            self._stamps[name] = found
        return found

    def placed(self, name: str) -> Stamp:
        """The same, for all of it where it stands."""
        found = self._placed.get(name)
        if found is None:
            self._placed[name] = 0
            needed = self.facts(name).needed
            own = self.config.placed(name)
            found = stamp(own, *map(self.placed, needed)) if needed else own
            self._placed[name] = found
        return found


def _read(value: Value | None) -> Facts:
    referred: dict[str, None] = {}
    dated = False
    stack = [] if value is None else [value]
    while stack:
        part = stack.pop()
        if isinstance(part, Plain):
            dated = dated or isinstance(part.value, Date)
        elif isinstance(part, Reference) and part.keys:
            referred[part.keys[0]] = None
        elif isinstance(part, Table):
            stack += part.entries.values()
        elif isinstance(part, Items):
            stack += part.values
    if not isinstance(value, Table):
        return Facts(referred=tuple(referred), dated=dated)
    bases = tuple(plain.text for plain in plains(value.entries.get("extends")))
    keys = frozenset(value.entries)
    return Facts(mapping=True, keys=keys, bases=bases, referred=tuple(referred), dated=dated)
