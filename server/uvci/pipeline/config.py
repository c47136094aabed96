"""The configuration of all files together, before `extends`."""

from collections.abc import Sequence
from functools import cached_property

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
        self._merged: dict[str, Value] = {}

    @cached_property
    def entries(self) -> dict[str, tuple[RootEntry, ...]]:
        """For each root key the entries that define it, in GitLab's order."""
        entries: dict[str, tuple[RootEntry, ...]] = {}
        for layer in self.layers:
            if not entries:
                entries = {name: (entry,) for name, entry in layer.entries.items()}
                continue
            for name, entry in layer.entries.items():
                before = entries.get(name)
                entries[name] = (entry,) if before is None else (*before, entry)
        entries.pop("include", None)
        return entries

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

    def stamp(self, name: str) -> Stamp:
        """What stands for the content of a root key in all files."""
        entries = self.entries.get(name, ())
        return entries[0].stamp if len(entries) == 1 else stamp(*[one.stamp for one in entries])

    def where(self, name: str) -> tuple[str, Span]:
        """The file and span of the key that counts."""
        entry = self.entries[name][-1]
        return entry.layer.path, entry.key
