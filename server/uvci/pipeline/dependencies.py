"""Which root entries another one is built from, and stamps for all of it together."""

from msgspec import Struct

from uvci.pipeline.config import Config
from uvci.pipeline.stamps import Memory, Stamp, stamp
from uvci.pipeline.values import Items, Plain, Reference, Table, Value, plains
from uvci.syntax.scalars import Date


class Facts(Struct, frozen=True):
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
    """The dependencies among the entries of one configuration.

    What an edit left alone since `before` is taken from there.
    """

    def __init__(self, config: Config, before: "Dependencies | None" = None) -> None:
        self.config = config
        self.needed: set[str] = set()
        """All names that some entry is built from, and maybe some that none is any more."""
        self._facts: dict[str, Facts] = {}
        self._stamps: dict[str, Stamp] = {}
        self._keys: dict[str, frozenset[str]] = {}
        self._bases: dict[str, tuple[object, ...]] = {}
        self.changed = None if before is None else self._taken_over(before)
        """The names that came, went or say something else; None where all may."""

    def _taken_over(self, before: "Dependencies") -> frozenset[str] | None:
        now, then = self.config.stamps, before.config.stamps
        changed = {name for name, own in now.items() if then.get(name) != own}
        if len(now) != len(then) or not changed <= then.keys():
            changed |= then.keys() - now.keys()
        if not before.needed.isdisjoint(changed) or len(before.needed) > 2 * len(now) + 64:
            return None
        self.needed = set(before.needed)
        self._stamps = dict(before.stamps)
        for name in changed:
            self._stamps.pop(name, None)
        return frozenset(changed)

    @property
    def stamps(self) -> dict[str, Stamp]:
        """For each entry what stands for it and all it is built from."""
        for name in self.config.stamps if self.changed is None else self.changed:
            if name in self.config.stamps:
                self.stamp(name)
        return self._stamps

    def facts(self, name: str) -> Facts:
        """What the entry says; remembered for as long as its text is the same."""
        found = self._facts.get(name)
        if found is None:
            self._facts[name] = found = self._known_facts(name)
        return found

    def _known_facts(self, name: str) -> Facts:
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
            self.needed.update(needed)
            own = self.config.stamp(name)
            found = stamp(own, *map(self.stamp, needed)) if needed else own
            self._stamps[name] = found
        return found

    def basis(self, name: str) -> tuple[object, ...]:
        """The root entries it is built from, its own included: equal where none has moved."""
        found = self._bases.get(name)
        if found is None:
            self._bases[name] = ()  # what comes back here is in a circle
            needed = self.facts(name).needed
            found = (self.config.entries.get(name), *map(self.basis, needed))
            self._bases[name] = found
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
