"""`extends`: jobs built from other jobs (GitLab docs: `extends`)."""

from collections.abc import Sequence

from uvci.pipeline.config import Config
from uvci.pipeline.merge import deep_merge
from uvci.pipeline.model import Phase, Problem
from uvci.pipeline.origins import via
from uvci.pipeline.values import Items, Link, LinkKind, Plain, Table, Unknown, Value

MAX_LEVELS = 11


class Extended:
    """The configuration after `extends`. `problems` fill as entries are asked for."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.problems: list[Problem] = []
        self.incomplete: set[str] = set()
        self._values: dict[str, Table] = {}
        self._levels: dict[str, int] = {}
        self._deepest: dict[str, str] = {}
        self._open: list[str] = []

    @property
    def has_begun(self) -> bool:
        """Whether any entry was asked for."""
        return bool(self._values)

    def value(self, name: str) -> Value | None:
        """The entry with all it extends; None where there is no such entry."""
        if name in self._values:
            if len(self._open) + self._levels[name] > MAX_LEVELS:
                deep = self._below(name, MAX_LEVELS - len(self._open))
                self._report(f"{deep}: nesting too deep in `extends`", self._values[deep])
            return self._values[name]
        value = self.config.value(name)
        if not isinstance(value, Table) or "extends" not in value.entries:
            return value
        if name in self._open:
            self._report(f"{name}: circular dependency detected in `extends`", value)
            return value
        if len(self._open) >= MAX_LEVELS:
            self._report(f"{name}: nesting too deep in `extends`", value)
            return value
        self._open.append(name)
        merged = self._merge(name, value, self._bases(name, value.entries["extends"]))
        self._open.pop()
        self._values[name] = merged
        return merged

    def _below(self, name: str, steps: int) -> str:
        """The entry that many steps down the longest way of `extends`."""
        for _ in range(steps):
            name = self._deepest.get(name, name)
        return name

    def _bases(self, name: str, extends: Value) -> Sequence[Plain]:
        """The entries of `extends` that can be merged; reports the others."""
        entries = extends.values if isinstance(extends, Items) else (extends,)
        named = [item for item in entries if isinstance(item, Plain) and item.value is not None]
        if any(isinstance(item, Unknown) for item in entries):
            self.incomplete.add(name)
        unknown = [item for item in named if self.config.value(item.text) is None]
        if unknown:
            self.incomplete.add(name)
        if unknown and self.config.complete:
            self._report_bases(name, "unknown keys", unknown)
        known = [item for item in named if item not in unknown]
        invalid = [item for item in known if not isinstance(self.config.value(item.text), Table)]
        if invalid:
            self._report_bases(name, "invalid base hashes", invalid)
        return [item for item in known if item not in invalid]

    def _merge(self, name: str, value: Table, bases: Sequence[Plain]) -> Table:
        merged: Value = Table({}, value.origin)
        levels = 0
        for entry in bases:
            base = self.value(entry.text)
            if self._levels.get(entry.text, 0) > levels:
                levels = self._levels[entry.text]
                self._deepest[name] = entry.text
            if entry.text in self.incomplete:
                self.incomplete.add(name)
            if isinstance(base, Table):
                link = Link(LinkKind.EXTENDS, entry.text, entry.origin.path, entry.origin.span)
                merged = deep_merge(merged, via(base, link))
        self._levels[name] = levels + 1
        result = deep_merge(merged, value)
        return Table(result.entries, value.origin) if isinstance(result, Table) else value

    def _report_bases(self, name: str, fault: str, entries: Sequence[Plain]) -> None:
        shown = ", ".join(entry.text for entry in entries)
        self._report(f"{name}: {fault} in `extends` ({shown})", entries[0])

    def _report(self, message: str, value: Value) -> None:
        if all(known.message != message for known in self.problems):
            origin = value.origin
            place = origin.span if isinstance(value, Plain) else origin.key or origin.span
            self.problems.append(Problem(message, origin.path, place, phase=Phase.EXTENDS))
