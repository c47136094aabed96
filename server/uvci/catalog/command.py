"""What is on record about uv's commands and their flags."""

from collections.abc import Mapping

from msgspec import Struct, field

from uvci.catalog.availability import Availability, Lifetime
from uvci.catalog.versions import UvVersion, newest


class Flag(Struct, frozen=True):
    """One flag as one command has it.

    `name` is the long form with its dashes, `short` the one letter form, `aliases` further long
    forms. `doc` is empty for flags that need no explanation here. `values` are those it takes, if
    they are fixed, and `value_lifetimes` says since when, where that is later than the flag itself;
    `env` is the variable that sets the same. `hidden_since` is None for a
    flag that uv's help never showed, and for one it shows. `short_lifetime` says when there was the
    short form, and `behind` when a global flag could stand behind the command, where either is
    another time than that of the flag.
    """

    name: str
    doc: str
    lifetime: Lifetime
    takes_value: bool = False
    short: str | None = None
    aliases: tuple[str, ...] = ()
    env: str | None = None
    values: tuple[str, ...] = ()
    alias_of: str | None = None
    hidden: bool = False
    hidden_since: UvVersion | None = None
    short_lifetime: Lifetime | None = None
    behind: Lifetime | None = None
    value_lifetimes: Mapping[str, Lifetime] = field(default_factory=dict)

    def values_at(self, version: UvVersion | None) -> tuple[str, ...]:
        """The values that `version` may take; for an unknown version the newest's."""
        missing = (Availability.TOO_NEW, Availability.REMOVED)
        at = version or newest()
        lives = self.value_lifetimes
        return tuple(v for v in self.values if v not in lives or lives[v].at(at) not in missing)

    def lifetime_of(self, spelling: str) -> Lifetime:
        """When there was the flag in this spelling."""
        if spelling == self.short and self.short_lifetime:
            return self.short_lifetime
        return self.lifetime

    def is_hidden(self, version: UvVersion | None) -> bool:
        """Whether the help of `version` leaves it out."""
        if not self.hidden or self.hidden_since is None or version is None:
            return self.hidden
        return version >= self.hidden_since


class Command(Struct, frozen=True, eq=False):
    """One command: `pip install` is called so, without `uv`.

    `does` and `advice` are sentences, the latter about CI and maybe empty. `alias_of` names the
    command it is an old spelling of. `flags` leaves out the global ones.
    """

    name: str
    does: str
    advice: str
    lifetime: Lifetime
    flags: dict[str, Flag]
    positionals: tuple[str, ...] = ()
    alias_of: str | None = None
    hidden: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Its name, word by word."""
        return tuple(self.name.split())

    @property
    def description(self) -> str:
        """What it does and what matters about it in CI, as one paragraph."""
        return f"{self.does} {self.advice}".rstrip()


class CommandMatch(Struct, frozen=True):
    """The command at the start of some words, how many of them it takes, and whether it exists.

    `lifetime` is that of the words, which may be another name of the command.
    """

    command: Command
    taken: int
    availability: Availability
    lifetime: Lifetime


class FlagMatch(Struct, frozen=True):
    """A flag of a command, and whether that uv has it. `is_global`: every command has it.

    `lifetime` is that of the flag in the spelling that was asked for.
    """

    flag: Flag
    availability: Availability
    is_global: bool
    lifetime: Lifetime


class Meant(Struct, frozen=True):
    """What people mean by a command or flag that does not exist.

    `use` is what to write instead, empty where dropping it is all, None where it depends;
    `with_packages` where packages or files are named. `until` is the last release that had it;
    `takes_value`: a flag whose value is typed behind it.
    """

    use: str | None
    says: str
    with_packages: str | None = None
    until: UvVersion | None = None
    takes_value: bool = False


class DeprecatedFlag(Struct, frozen=True):
    """A flag with a better name since `since`; `use` is None where dropping it is the fix.

    `values` are what to write for some values of the flag; for others nothing is better then.
    """

    flag: str
    since: UvVersion
    use: str | None
    warns: bool
    values: Mapping[str, str] = field(default_factory=dict)
