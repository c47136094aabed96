"""What the catalog says about conflicts, held against real releases of uv."""

from pathlib import Path

import pytest
from uvci.catalog.availability import Availability
from uvci.catalog.commands import find_command, find_flag
from uvci.catalog.conflicts import Conflict, all_conflicts, find_conflicts
from uvci.catalog.variable import Kind
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion

from tests.catalog.uv_binary import HARMLESS, run_uv

pytestmark = pytest.mark.slow

VERSIONS = ("0.8.24", "0.10.12", "0.13.9")
VALUES = {
    "UV_PYTHON_PREFERENCE": "system",
    "UV_PUBLISH_URL": "https://example.invalid/",
    "UV_PUBLISH_CHECK_URL": "https://example.invalid/simple",
}
FLAG_VALUES = {"--check-url": "https://example.invalid/simple"}


def settings(name: str) -> list[str]:
    """Values that switch the variable on and, for booleans, off."""
    variable = find_variable(name)
    assert variable is not None
    return ["1", "0"] if variable.kind is Kind.BOOLEAN else [VALUES.get(name, "x")]


def command_of(conflict: Conflict, version: UvVersion) -> str | None:
    for name in HARMLESS:
        match = find_command(name.split(), version)
        assert match is not None
        if match.availability is Availability.KNOWN and conflict.concerns(name):
            flag = find_flag(match.command, conflict.second, version)
            if not conflict.with_flag or (flag and flag.availability is Availability.KNOWN):
                return name
    return None


def arguments(name: str, conflict: Conflict, version: UvVersion) -> list[str]:
    if not conflict.with_flag:
        return HARMLESS[name]
    match = find_command(name.split(), version)
    assert match is not None
    found = find_flag(match.command, conflict.second, version)
    assert found is not None
    value = [FLAG_VALUES.get(conflict.second, "x")] if found.flag.takes_value else []
    words = len(name.split())
    return [*HARMLESS[name][:words], conflict.second, *value, *HARMLESS[name][words:]]


@pytest.mark.parametrize("at", VERSIONS)
def test_settings_exclude_each_other_as_the_catalog_says(at: str, tmp_path: Path) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    compared = 0
    for conflict in all_conflicts():
        name = command_of(conflict, version)
        # Links into a cache that is thrown away only fail where something is installed.
        if name is None or conflict.only_value:
            continue
        for value in settings(conflict.first):
            others = [""] if conflict.with_flag else settings(conflict.second)
            for other in others:
                variables = {conflict.first: value}
                if not conflict.with_flag:
                    variables[conflict.second] = other
                flags = [conflict.second] if conflict.with_flag else []
                said = conflict in find_conflicts(name, variables, flags, version)
                outcome = run_uv(version, arguments(name, conflict, version), variables, tmp_path)
                stopped = outcome.exit_code == 2 and (
                    "cannot be used with" in outcome.errors or "used together" in outcome.errors
                )
                assert said == stopped, (name, variables, flags, outcome)
                compared += 1
    assert compared > 60
