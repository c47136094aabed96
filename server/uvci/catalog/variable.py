"""What is on record about one environment variable."""

from enum import Enum

from msgspec import Struct

from uvci.catalog.phases import Phases
from uvci.catalog.versions import UvVersion


class Kind(Enum):
    """What a variable's value is."""

    BOOLEAN = "boolean"
    PRESENCE = "presence"
    INTEGER = "integer"
    SECONDS = "seconds"
    ENUM = "enum"
    DATE = "date"
    PATH = "path"
    URL = "url"
    INDEX = "index"
    LIST = "list"
    STRING = "string"
    SECRET = "secret"  # noqa: S105  a kind of value, not a password
    NONE = "none"


class Empty(Enum):
    """What `NAME: ""` does: stops uv, counts as not set, or counts as a value."""

    ERROR = "error"
    UNSET = "unset"
    SET = "set"


class Checked(Enum):
    """Where a bad value stops uv: everywhere, in commands that have the flag, or nowhere."""

    EVERY_COMMAND = "every command"
    TAKES_FLAG = "commands that take the flag"
    LENIENT = "nowhere"


class Reader(Enum):
    """Which program looks at a variable."""

    UV = "uv"
    INSTALLER = "installer"
    COMPILER = "compiler"


class Deprecation(Struct, frozen=True):
    """An old name: `since` when, what to write instead, and from when on uv warns (None: never)."""

    since: UvVersion
    replacement: str
    warns_since: UvVersion | None


class ValidValue(Struct, frozen=True):
    """One value an enumeration takes: what it means, and at which versions uv takes it.

    `alias_of` is the value it is another spelling of. `deprecated` holds from that release on.
    """

    text: str
    doc: str
    accepted: Phases[bool]
    alias_of: str | None = None
    deprecated: Deprecation | None = None
    risky: bool = False


class UvVariable(Struct, frozen=True):
    """One environment variable. `does` says what it does, `advice` when to set it in CI.

    A template's name holds a placeholder: `UV_INDEX_{name}_USERNAME`. `since` is the first
    release that reads it, None where that is not on record. `default` is None where there is none.
    `values` are those of an enumeration, and suggestions where `values_open` is set; with
    `folds_case` their case does not matter. `flag` and `setting` are the same switch on the command
    line and in `[tool.uv]`. `empty` and `checked` are None where they were not established,
    `exit_code` where a bad value does not stop uv. `strict` booleans take only `true` and `false`.
    `minimum` and `maximum` are for numbers, `separator` is for lists, `items` says what a list
    holds or what a URL must be.
    """

    name: str
    kind: Kind
    does: str
    advice: str
    since: UvVersion | None
    default: str | None = None
    values: tuple[ValidValue, ...] = ()
    values_open: bool = False
    folds_case: bool = False
    flag: str | None = None
    setting: str | None = None
    empty: Phases[Empty] | None = None
    checked: Phases[Checked] | None = None
    exit_code: Phases[int] | None = None
    strict: Phases[bool] | None = None
    minimum: int | None = None
    maximum: int | None = None
    separator: str | None = None
    items: str | None = None
    read_by: Reader = Reader.UV
    alias_of: str | None = None
    deprecated: Deprecation | None = None
    hidden: bool = False
    internal: bool = False
    set_by_uv: bool = False
    may_hold_secret: bool = False
    risky: bool = False

    @property
    def secret(self) -> bool:
        """Whether its value is a secret by nature."""
        return self.kind is Kind.SECRET

    @property
    def is_template(self) -> bool:
        """Whether its name holds a placeholder."""
        return "{" in self.name

    @property
    def description(self) -> str:
        """What it does and when to set it in CI, as one paragraph."""
        return f"{self.does} {self.advice}".rstrip()


class RemovedVariable(Struct, frozen=True):
    """A variable that uv read once. `last` is None where the release is not known exactly."""

    name: str
    first: UvVersion | None
    last: UvVersion | None
    replacement: str | None
    says: str
    internal: bool = False


class AssumedVariable(Struct, frozen=True):
    """A name that people set and no uv reads. `use` is the variable to set instead, if any."""

    name: str
    use: str | None
    says: str
