"""The effective configuration: what each job has after `default`, root keywords and `inherit`."""

from functools import cached_property
from threading import RLock

from msgspec import Struct

from uvci.pipeline.config import Config
from uvci.pipeline.dependencies import Dependencies
from uvci.pipeline.extend import Extended
from uvci.pipeline.model import JobKind, Scope, Variable
from uvci.pipeline.origins import via
from uvci.pipeline.references import Referenced
from uvci.pipeline.stamps import Kept, Memory, Stamp, stamp
from uvci.pipeline.values import Items, Link, LinkKind, Plain, Table, Unknown, Value, plains
from uvci.pipeline.variables import Variables, layer_all, read_variables, rule_variables

ROOT_KEYWORDS = frozenset(
    {
        "default",
        "include",
        "stages",
        "workflow",
        "variables",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
    }
)
INHERITED = (
    "after_script",
    "artifacts",
    "before_script",
    "cache",
    "hooks",
    "id_tokens",
    "identity",
    "image",
    "interruptible",
    "retry",
    "services",
    "tags",
    "timeout",
)
"""The keywords that `default:` gives to jobs (GitLab docs: `default`)."""

ROOT_DEFAULTS = ("after_script", "before_script", "cache", "image", "services")
"""Keywords that act as defaults at the root too, the deprecated way."""

SURROUNDINGS = ("default", "variables", "workflow", *ROOT_DEFAULTS)
"""The root entries that every job depends on."""

DEFAULT_STAGES = (".pre", "build", "test", "deploy", ".post")
DEFAULT_STAGE = "test"
EDGES = (".pre", ".post")


class Effective:
    """All entries of a configuration, each worked out when it is asked for.

    What stands for those that an edit left alone since `before` is taken from there.
    """

    def __init__(self, config: Config, before: "Effective | None" = None) -> None:
        self.config = config
        self.extended = Extended(config)
        self.referenced = Referenced(self.extended)
        last = before.dependencies if before else None
        self.dependencies: Dependencies = Dependencies(config, last)
        self._before = [before] if before else []
        self._keywords: dict[str, Table] = {}
        self._lock = RLock()

    def value(self, name: str) -> Value | None:
        """A root entry after `extends` and `!reference`."""
        with self._lock:
            return self.referenced.value(name)

    def afresh(self) -> "Effective":
        """The same entries, none of them worked out."""
        again = Effective(self.config)
        again.standings = self.standings
        return again

    @property
    def has_begun(self) -> bool:
        """Whether any entry is merged already."""
        return self.referenced.has_begun or self.extended.has_begun

    def kind(self, name: str) -> JobKind | None:
        """What GitLab makes of a root entry; None for keywords and what is no mapping."""
        if name in ROOT_KEYWORDS:
            return None
        if name.startswith("."):
            return JobKind.HIDDEN
        if not self.dependencies.facts(name).mapping:
            return None
        if "script" in self.dependencies.facts(name).keys:
            return JobKind.SCRIPT
        keys = self.dependencies.keys(name)
        if "script" in keys or "run" in keys:
            return JobKind.SCRIPT
        if "trigger" in keys:
            return JobKind.TRIGGER
        # A script may still come from a file that cannot be read.
        return JobKind.TRIGGER if "needs" in keys and self.is_known(name) else JobKind.SCRIPT

    def is_known(self, name: str) -> bool:
        """Whether all keywords of a job are known."""
        if not self.config.complete:
            return False
        with self._lock:
            self.extended.value(name)
        return name not in self.extended.incomplete

    def keywords(self, name: str) -> Table:
        """A job's keywords with what it inherits."""
        if name in self._keywords:
            return self._keywords[name]
        own = self.value(name)
        if not isinstance(own, Table):
            origin = own.origin if own is not None else self.config.entries[name][-1].value.origin
            return Table({}, origin)
        entries = dict(own.entries)
        for keyword, value in self._inheritable(name, own).items():
            if _is_unset(entries.get(keyword)):
                entries[keyword] = value
        self._keywords[name] = Table(entries, own.origin)
        return self._keywords[name]

    def _inheritable(self, name: str, own: Table) -> dict[str, Value]:
        inherit = own.get("inherit", "default")
        match inherit:
            case Plain(value=False) | Unknown():
                return {}
            case Items():
                names = {item.text for item in plains(inherit)}
                found = {key: value for key, value in self.defaults.items() if key in names}
            case _:
                found = self.defaults
        if self.kind(name) is JobKind.TRIGGER:
            return {key: value for key, value in found.items() if key == "interruptible"}
        return found

    @cached_property
    def defaults(self) -> dict[str, Value]:
        """What `default:` and the root give to every job."""
        defaults: dict[str, Value] = {}
        table = self.value("default")
        entries = table.entries if isinstance(table, Table) else {}
        for keyword in INHERITED:
            kind, value = LinkKind.DEFAULT, entries.get(keyword)
            if _is_unset(value) and keyword in ROOT_DEFAULTS:
                kind, value = LinkKind.ROOT, self.value(keyword)
            if value is not None and not _is_unset(value):
                place = value.origin.key or value.origin.span
                defaults[keyword] = via(value, Link(kind, keyword, value.origin.path, place))
        return defaults

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages as GitLab has them: `.pre` first, `.post` last, repeated ones repeated."""
        value = self.value("stages")
        if not isinstance(value, Items):
            return DEFAULT_STAGES
        if not value.values:
            return ()  # GitLab adds the outer ones to others only
        named = [one for one in value.values if not isinstance(one, Plain) or one.text not in EDGES]
        inner = [plain.text for one in named for plain in plains(one)]
        return (EDGES[0], *inner, EDGES[1])

    @property
    def known_stages(self) -> tuple[str, ...] | None:
        """The stages; None where what cannot be read may name others: a file, or broken text."""
        known = self.config.complete or "stages" in self.config.layers[-1].entries
        is_whole = isinstance(self.value("stages"), Items) or not any(
            layer.document.problems for layer in self.config.layers
        )
        return self.stages if known and is_whole else None

    @cached_property
    def root_variables(self) -> dict[str, Variable]:
        """The variables at the root."""
        return read_variables(self.value("variables"), Scope.ROOT)

    @cached_property
    def pipeline_variables(self) -> tuple[Variables, ...]:
        """What all jobs may see: the root's variables, with each set of `workflow:rules`."""
        workflow = self.value("workflow")
        rules = workflow.entries.get("rules") if isinstance(workflow, Table) else None
        return layer_all(self.root_variables, rule_variables(rules, Scope.WORKFLOW_RULE))

    @cached_property
    def surroundings(self) -> Stamp:
        """What stands for all that every job is built from."""
        return stamp("all", self.config.complete, *map(self.dependencies.stamp, SURROUNDINGS))

    @cached_property
    def standings(self) -> "Standings":
        """What stands for each entry with all that it is built from, and what each is."""
        before = self._before.pop().standings if self._before else None
        known, now, changed = (
            self.dependencies.stamps,
            self.config.stamps,
            self.dependencies.changed,
        )
        stamps: dict[str, Stamp] = {}
        kinds: dict[str, JobKind | None] = {}
        if before is None or changed is None or before.surroundings != self.surroundings:
            changed = frozenset(now)
        else:
            stamps, kinds = dict(before.stamps), dict(before.kinds)
        for name in changed:
            if name in now:
                stamps[name] = stamp(known[name], self.surroundings)
                kinds[name] = self.kind(name)
            else:
                del stamps[name], kinds[name]
        if before is not None and before.kinds == kinds:
            kinds = before.kinds
        return Standings(self.surroundings, stamps, kinds)

    def stamp(self, name: str) -> Stamp:
        """What stands for an entry with all that it is built from, wherever that stands."""
        return self.standings.stamps[name]

    def unkept(self, memory: Memory[Kept]) -> list[str]:
        """The entries under whose stamps `memory` holds nothing, in GitLab's order."""
        names = self.standings.names
        missing = memory.missing(names)
        if len(missing) < 2:
            return [names[own] for own in missing]
        return [name for name in self.config.entries if self.standings.stamps[name] in missing]

    def basis(self, name: str) -> tuple[object, ...]:
        """All that a job is built from: equal where that says and stands as before."""
        return (self._common_basis, *self.dependencies.basis(name))

    @cached_property
    def _common_basis(self) -> tuple[object, ...]:
        return (self.surroundings, *map(self.dependencies.basis, SURROUNDINGS))


class Standings(Struct, frozen=True, eq=False, dict=True):
    """What stands for each root entry with all that it is built from, and what each one is."""

    surroundings: Stamp
    stamps: dict[str, Stamp]
    kinds: dict[str, JobKind | None]

    @cached_property
    def names(self) -> dict[Stamp, str]:
        """The entries by stamp: what one stands for holds the name of the entry."""
        return dict(zip(self.stamps.values(), self.stamps, strict=True))


def _is_unset(value: Value | None) -> bool:
    return value is None or (isinstance(value, Plain) and value.value is None)
