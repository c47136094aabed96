import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.commands import all_commands, find_command, find_flag
from uvci.catalog.conflicts import Clash, all_conflicts, find_conflicts
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion

from tests.shared import shared


def found(command: str, variables: dict[str, str], flags: list[str], at: str | None) -> list[str]:
    version = UvVersion.parse(at) if at else None
    conflicts = find_conflicts(command, variables, flags, version)
    return [f"{conflict.first} {conflict.second}" for conflict in conflicts]


BOTH = {"UV_FROZEN": "1", "UV_LOCKED": "true"}
ONE_OFF = {"UV_FROZEN": "0", "UV_LOCKED": "1"}


@pytest.mark.parametrize(
    ("command", "variables", "flags", "at"),
    [
        ("sync", BOTH, [], "0.4.30"),
        ("sync", BOTH, [], "0.13.9"),
        ("run", BOTH, [], None),
        ("sync", ONE_OFF, [], "0.8.24"),
        ("sync", {"UV_FROZEN": "1"}, ["--locked"], "0.12.5"),
        ("sync", {"UV_FROZEN": "0"}, ["--locked"], "0.8.24"),
        ("pip install", {"UV_SYSTEM_PYTHON": "0"}, ["--no-system"], "0.13.9"),
        ("pip list", {"UV_SYSTEM_PYTHON": "1"}, ["--no-system"], None),
        ("cache dir", {"UV_MANAGED_PYTHON": "1", "UV_PYTHON_PREFERENCE": "system"}, [], "0.13.9"),
        ("publish", {"UV_PUBLISH_TOKEN": "", "UV_PUBLISH_USERNAME": "x"}, [], None),
        ("publish", {"UV_PUBLISH_URL": "https://x/", "UV_PUBLISH_INDEX": "x"}, [], "0.13.9"),
        ("sync", {"UV_COMPILE_BYTECODE": "0"}, ["--no-compile-bytecode"], "0.13.9"),
        ("sync", {"UV_LINK_MODE": "symlink", "UV_NO_CACHE": "1"}, [], "0.13.9"),
        ("sync", {"UV_LINK_MODE": "symlink"}, ["--no-cache"], "0.13.9"),
        ("sync", {"UV_NO_INSTALL_PROJECT": "1", "UV_ONLY_INSTALL_PROJECT": "1"}, [], "0.13.9"),
        ("sync", {"UV_NO_DEV": "1"}, ["--dev"], "0.8.24"),
    ],
)
def test_these_exclude_each_other(
    command: str, variables: dict[str, str], flags: list[str], at: str | None
) -> None:
    assert len(found(command, variables, flags, at)) == 1


@pytest.mark.parametrize(
    ("command", "variables", "flags", "at"),
    [
        ("sync", ONE_OFF, [], "0.9.30"),
        ("sync", ONE_OFF, [], None),
        ("sync", BOTH, [], "0.4.20"),
        ("pip install", BOTH, [], "0.13.9"),
        ("sync", {"UV_FROZEN": "1"}, [], "0.13.9"),
        ("sync", {"UV_FROZEN": "1"}, ["--locked"], "0.13.9"),
        ("sync", {"UV_FROZEN": "1"}, ["--locked"], "0.12.8"),
        ("sync", {"UV_FROZEN": "1"}, ["--locked"], None),
        ("sync", {"UV_SYSTEM_PYTHON": "1"}, ["--no-system"], "0.13.9"),
        ("sync", {"UV_NO_DEV": "1"}, ["--dev"], "0.9.30"),
        ("publish", {"UV_PUBLISH_USERNAME": "x", "UV_PUBLISH_PASSWORD": "y"}, [], None),
        ("sync", {"UV_LINK_MODE": "copy", "UV_NO_CACHE": "1"}, [], "0.13.9"),
        ("sync", {"UV_LINK_MODE": "symlink", "UV_NO_CACHE": "0"}, [], "0.13.9"),
        ("sync", {"UV_NO_INSTALL_PROJECT": "1", "UV_ONLY_INSTALL_PROJECT": "0"}, [], "0.13.9"),
    ],
)
def test_these_go_together_or_nobody_knows(
    command: str, variables: dict[str, str], flags: list[str], at: str | None
) -> None:
    assert found(command, variables, flags, at) == []


def test_every_name_on_record_exists() -> None:
    names = {command.name for command in all_commands()}
    for conflict in all_conflicts():
        assert find_variable(conflict.first)
        assert conflict.commands <= names | {"*"}
        if not conflict.with_flag:
            assert find_variable(conflict.second)
            continue
        for name in conflict.commands - {"*"}:
            match = find_command(name.split(), None)
            assert match is not None
            assert find_flag(match.command, conflict.second, None), (name, conflict.second)


def test_the_pairs_of_the_record_are_there() -> None:
    facts = json.loads(shared("facts/uv-environment.json").read_text())
    newest = UvVersion.parse("0.13.9")
    ours = {
        frozenset((conflict.first, conflict.second)): conflict.clash.at(newest)
        for conflict in all_conflicts()
    }
    for fact in facts["conflicts_between_variables"]:
        names = frozenset(name.partition("=")[0] for name in fact["variables"])
        assert ours[names] in (Clash.ON, Clash.SET)
    for fact in facts["conflicts_with_flags"]:
        clash = ours[frozenset((fact["variable"], fact["flag"]))]
        lenient_today = re.search("flag wins", fact["result"]) is not None
        assert (clash is Clash.NEVER) == lenient_today, fact


@given(
    st.sampled_from([command.name for command in all_commands()]) | st.text(),
    st.dictionaries(st.sampled_from([each.first for each in all_conflicts()]), st.text()),
    st.lists(st.sampled_from([each.second for each in all_conflicts()]) | st.text()),
    st.sampled_from([None, "0.1.0", "0.8.24", "0.9.20", "0.13.9", "9.9.9"]),
)
def test_any_settings_have_an_answer(
    command: str, variables: dict[str, str], flags: list[str], at: str | None
) -> None:
    for name in found(command, variables, flags, at):
        assert name.split()[0] in variables
