"""What the catalog says about values, held against real releases of uv."""

from pathlib import Path

import pytest
from uvci.catalog.commands import find_command, takes_variable
from uvci.catalog.values import check_value, valid_values
from uvci.catalog.variable import Checked, Empty, Kind, UvVariable
from uvci.catalog.variables import uv_variables
from uvci.catalog.versions import UvVersion

from tests.catalog.uv_binary import HARMLESS, Outcome, run_uv

pytestmark = pytest.mark.slow

VERSIONS = ("0.8.24", "0.10.12", "0.13.9")
EVERYWHERE = ["cache", "dir"]

PROBES = {
    Kind.BOOLEAN: ["", "1", "OFF", "yes", "true", "maybe", "2", " true"],
    Kind.INTEGER: ["", "0", "1", "+5", "-1", "1.5", "abc", "99999999999999999999999"],
    Kind.SECONDS: ["", "1", "+5", "-1", "1.5", "30s", "99999999999999999999999"],
    Kind.DATE: ["", "2024-01-01", "2024-1-1", "2024-02-30", "yesterday", "7 days", "false"],
    Kind.LIST: ["", "numpy scipy", "numpy, scipy", "/x/"],
    Kind.PATH: [""],
    Kind.URL: ["", "https://example.invalid/x", "example.invalid/x"],
}

# Values that stop a command for another reason than being refused.
MEANINGFUL = {"UV_NO_GROUP", "UV_FIND_LINKS", "UV_MANAGED_PYTHON", "UV_PYTHON_PREFERENCE"}


def probes(variable: UvVariable, version: UvVersion) -> list[str]:
    if variable.kind is Kind.ENUM:
        offered = [value.text for value in valid_values(variable, version)]
        wrong = [] if variable.values_open else ["nonsense"]
        return ["", *offered[:12], *wrong]
    if variable.kind is Kind.LIST and variable.items not in ("package name", "group name"):
        return [""]
    return PROBES.get(variable.kind, [])


def flagged_command(variable: UvVariable) -> list[str] | None:
    for name, arguments in HARMLESS.items():
        match = find_command(name.split(), None)
        assert match is not None
        if takes_variable(match.command, variable.name):
            return arguments
    return None


def was_refused(outcome: Outcome, usual: Outcome) -> bool:
    return outcome.exit_code != 0 and any(
        sign in outcome.errors and sign not in usual.errors
        for sign in ("invalid value", "value is required", "Failed to parse", "not a valid")
    )


@pytest.mark.parametrize("at", VERSIONS)
def test_values_are_refused_as_the_catalog_says(at: str, tmp_path: Path) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    wrong: list[str] = []
    compared = 0
    for variable in uv_variables():
        untold = variable.checked is None or variable.name in MEANINGFUL
        if untold or variable.is_template or (variable.since or version) > version:
            continue
        command = flagged_command(variable)
        for text in probes(variable, version):
            compared += 1
            wrong += compare(variable, text, version, command, tmp_path)
    assert wrong == []
    assert compared > 300


def compare(
    variable: UvVariable, text: str, version: UvVersion, command: list[str] | None, folder: Path
) -> list[str]:
    """What the release does otherwise than the catalog says; empty where they agree."""
    said = check_value(variable, text, version)
    setting = {variable.name: text}
    usual = run_uv(version, EVERYWHERE, {}, folder)
    everywhere = run_uv(version, EVERYWHERE, setting, folder)
    label = f"{variable.name}={text!r} at {version}"
    if everywhere.exit_code != 0 and (said is None or not said.breaks_every_command):
        return [f"{label} stops every command: {everywhere.errors}"]
    if said is not None and said.breaks_every_command:
        ended = everywhere.exit_code
        return [] if ended == said.exit_code else [f"{label} ends `cache dir` with {ended}"]
    if command is None:
        return []
    outcome = run_uv(version, command, setting, folder)
    refused = was_refused(outcome, usual)
    if said is None and refused:
        return [f"{label} stops `uv {' '.join(command)}`: {outcome.errors}"]
    if said is not None and said.checked is Checked.TAKES_FLAG and not refused:
        return [f"{label} does not stop `uv {' '.join(command)}`: {outcome.errors}"]
    return []


def test_presence_and_unset_variables_take_an_empty_value(tmp_path: Path) -> None:
    version = UvVersion.parse("0.13.9")
    assert version is not None
    quiet = [
        variable
        for variable in uv_variables()
        if variable.empty and variable.empty.at(version) is not Empty.ERROR
    ]
    settings = {variable.name: "" for variable in quiet if not variable.is_template}
    outcome = run_uv(version, EVERYWHERE, settings, tmp_path)
    assert outcome.exit_code == 0, outcome.errors
    assert len(settings) > 50
