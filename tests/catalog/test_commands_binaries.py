"""What the catalog says about commands and flags, held against the help of real releases."""

import re
import subprocess
from collections.abc import Iterator

import pytest
from uvci.catalog.availability import Availability
from uvci.catalog.commands import (
    all_commands,
    command_groups,
    find_command,
    find_flag,
    flags_of,
)
from uvci.catalog.versions import UvVersion

from tests.catalog.uv_binary import uv_binary

pytestmark = pytest.mark.slow

VERSIONS = ("0.4.30", "0.6.17", "0.8.24", "0.10.12", "0.12.5", "0.13.9")

# Accepted by these releases, and left out of their help.
LOCK_SYNONYMS = {("lock", "--locked"), ("lock", "--frozen")}
AUDIT_EXTRAS = {("audit", "--no-all-extras"), ("audit", "--dev")}
UNSHOWN = {
    "0.4.30": {
        ("tool upgrade", "--no-upgrade"),
        ("venv", "--clear"),
        ("pip list", "--outdated"),
        ("build", "--no-build-logs"),
        ("build", "--no-verify-hashes"),
        ("pip install", "--no-verify-hashes"),
        ("pip sync", "--no-verify-hashes"),
    },
    "0.6.17": {("venv", "--clear"), *LOCK_SYNONYMS},
    "0.8.24": LOCK_SYNONYMS,
    "0.10.12": {("lock", "--frozen"), *AUDIT_EXTRAS},
    "0.12.5": {("lock", "--frozen")},
}
UNSHOWN_COMMANDS = {"0.10.12": {"workspace dir", "workspace list", "workspace metadata"}}
EVERYWHERE = {"--help", "--version"}
LISTED = re.compile(r"^  ([a-z][a-z-]*)(?:\s|$)", re.MULTILINE)
FLAG = re.compile(r"^\s{2,6}(?:-\w, )?(--[a-z][\w-]*)(?:\.\.\.)?([ =\[]+<)?", re.MULTILINE)


def help_of(version: str, *words: str) -> str:
    arguments = [*words, "--help"] if words else ["help"]
    done = subprocess.run(
        [uv_binary(version), *arguments], capture_output=True, text=True, check=True
    )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def shown_commands(version: str) -> Iterator[str]:
    for word in words_of(help_of(version)):
        if word in command_groups():
            below = words_of(help_of(version, word))
            yield from (f"{word} {each}" for each in below if each != "help")
        else:
            yield word


def words_of(text: str) -> list[str]:
    _, _, commands = text.partition("Commands:\n")
    listed, _, _ = commands.partition("\n\n")
    return LISTED.findall(listed)


@pytest.mark.parametrize("at", VERSIONS)
def test_the_commands_are_those_that_help_lists(at: str) -> None:
    version = UvVersion.parse(at)
    known = {
        command.name
        for command in all_commands()
        if command.lifetime.at(version) is Availability.KNOWN and not command.hidden
    }
    assert known - UNSHOWN_COMMANDS.get(at, set()) == set(shown_commands(at))


@pytest.mark.parametrize("at", VERSIONS)
def test_the_flags_are_those_that_help_lists(at: str) -> None:
    version = UvVersion.parse(at)
    for name in shown_commands(at):
        if name == "help":
            continue
        match = find_command(name.split(), version)
        assert match is not None, name
        listed = dict(FLAG.findall(help_of(at, *name.split())))
        offered = {flag.name for flag in flags_of(match.command, version)} - EVERYWHERE
        unshown = {flag for command, flag in UNSHOWN.get(at, set()) if command == name}
        assert {flag for flag in offered - set(listed) if flag in match.command.flags} == unshown
        for written, takes_value in listed.items():
            found = find_flag(match.command, written, version)
            assert found is not None, (name, written)
            assert found.availability is Availability.KNOWN, (name, written)
            assert found.flag.takes_value == bool(takes_value), (name, written)
