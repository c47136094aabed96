"""The configuration of all files together, before `extends`."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from uvci.pipeline.layers import Layer, RootEntry
from uvci.pipeline.merge import deep_merge, unsure_merge
from uvci.pipeline.stamps import Stamp, stamp
from uvci.pipeline.values import Value
from uvci.text.span import Span


class Config:
    """Root entries of several files, merged one by one when asked for.

    `layers` come with the lowest precedence first: included files before what includes them.
    """

    def __init__(self, layers: Sequence[Layer], *, complete: bool = True) -> None:
        self.layers = layers
        self.complete = complete
        self.entries = ConfigEntries(layers)
        self._merged: dict[str, Value] = {}

    def value(self, name: str) -> Value | None:
        """What the files say for a root key, deeply merged."""
        if name in self._merged:
            return self._merged[name]
        entries = self.entries.get(name)
        if entries is None:
            return None
        value = entries[0].value
        for entry in entries[1:]:
            maybe = entry.layer.maybe or any(below.layer.maybe for below in entries)
            value = (unsure_merge if maybe else deep_merge)(value, entry.value)
        self._merged[name] = value
        return value

    @cached_property
    def stamps(self) -> dict[str, Stamp]:
        """For each root key what stands for its content in all files, in no order."""
        listed = [layer.entries.listing.stamps for layer in self.layers]
        stamps: dict[str, Stamp] = {}
        shared: set[str] = set()
        for each in listed:
            shared |= stamps.keys() & each.keys()
            stamps |= each
        for name in shared:
            stamps[name] = stamp(*[each[name] for each in listed if name in each])
        stamps.pop("include", None)
        return stamps

    def stamp(self, name: str) -> Stamp:
        """What stands for the content of a root key in all files; 0 where there is none."""
        return self.stamps.get(name, 0)

    def where(self, name: str) -> tuple[str, Span]:
        """The file and span of the key that counts."""
        entry = self.entries[name][-1]
        return entry.layer.path, entry.key


class ConfigEntries(Mapping[str, tuple[RootEntry, ...]]):
    """For each root key the entries that define it, in GitLab's order; made when asked for."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._made: dict[str, tuple[RootEntry, ...]] = {}

    @cached_property
    def names(self) -> Mapping[str, object]:
        """The root keys in GitLab's order."""
        listed = [layer.entries.listing.places for layer in self._layers]
        if len(listed) == 1 and "include" not in listed[0]:
            return listed[0]
        names = dict.fromkeys(chain.from_iterable(listed))
        names.pop("include", None)
        return names

    def __getitem__(self, name: str) -> tuple[RootEntry, ...]:
        made = self._made.get(name)
        if made is not None:
            return made
        if name not in self.names:
            raise KeyError(name)
        made = tuple([layer.entries[name] for layer in self._layers if name in layer.entries])
        return self._made.setdefault(name, made)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
