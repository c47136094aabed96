"""Settings of uv that exclude each other (seen with uv 0.4.30 to 0.13.9)."""

from msgspec import Struct

from uvci.catalog.phases import Phases, stored_phases
from uvci.catalog.values import is_on
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion

_ALWAYS = stored_phases([("..", True)])
_UNTIL_08 = stored_phases([("..0.8.24", True), ("0.9.30..", False)])
_UNTIL_09 = stored_phases([("..0.9.30", True), ("0.12.5..", False)])
_UNTIL_012 = stored_phases([("..0.12.5", True), ("0.12.24..", False)])
_MANAGED = frozenset({"sync", "run", "lock", "pip", "venv", "publish", "build", "export"})
_LOCKING = frozenset({"sync", "run", "lock", "export"})
_PUBLISHING = frozenset({"publish"})
_SYNCING = frozenset({"sync"})


class Exclusion(Struct, frozen=True):
    """Two variables that make the `commands` exit 2 when both are set.

    `off_counts` says since and until when a boolean that is set to off counts as set.
    """

    first: str
    second: str
    commands: frozenset[str]
    off_counts: Phases[bool] = _UNTIL_08


EXCLUSIONS = (
    Exclusion("UV_LOCKED", "UV_FROZEN", _LOCKING),
    Exclusion("UV_MANAGED_PYTHON", "UV_PYTHON_PREFERENCE", _MANAGED),
    Exclusion("UV_NO_MANAGED_PYTHON", "UV_PYTHON_PREFERENCE", _MANAGED),
    Exclusion("UV_NO_INSTALL_PROJECT", "UV_ONLY_INSTALL_PROJECT", _SYNCING),
    Exclusion("UV_NO_INSTALL_WORKSPACE", "UV_ONLY_INSTALL_WORKSPACE", _SYNCING),
    Exclusion("UV_NO_INSTALL_LOCAL", "UV_ONLY_INSTALL_LOCAL", _SYNCING),
    Exclusion("UV_PUBLISH_URL", "UV_PUBLISH_INDEX", _PUBLISHING),
    Exclusion("UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME", _PUBLISHING),
    Exclusion("UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD", _PUBLISHING),
    Exclusion("UV_PUBLISH_INDEX", "UV_PUBLISH_CHECK_URL", _PUBLISHING),
)


class FlagExclusion(Struct, frozen=True):
    """A flag that a command refuses while `variable` is set; `holds` says at which releases.

    `off_counts` is as in `Exclusion`.
    """

    variable: str
    flag: str
    holds: Phases[bool]
    off_counts: Phases[bool] = _UNTIL_08


FLAG_EXCLUSIONS = (
    FlagExclusion("UV_SYSTEM_PYTHON", "--no-system", _ALWAYS, _ALWAYS),
    FlagExclusion("UV_COMPILE_BYTECODE", "--no-compile-bytecode", _ALWAYS),
    FlagExclusion("UV_BREAK_SYSTEM_PACKAGES", "--no-break-system-packages", _ALWAYS),
    FlagExclusion("UV_NO_BUILD", "--build", _ALWAYS),
    FlagExclusion("UV_FROZEN", "--locked", _UNTIL_012),
    FlagExclusion("UV_LOCKED", "--frozen", _UNTIL_012),
    FlagExclusion("UV_NO_EDITABLE", "--editable", _UNTIL_09),
    FlagExclusion("UV_NO_DEV", "--dev", _UNTIL_08),
)


def counts_as_set(name: str, text: str, version: UvVersion | None, off: Phases[bool]) -> bool:
    """Whether uv `version` surely sees the variable as set to something."""
    variable = find_variable(name)
    if variable is None or (version and variable.since and version < variable.since):
        return False
    match is_on(variable, text):
        case True:
            return True
        case False:
            return off.at(version) is True
        case None:
            return text != ""
