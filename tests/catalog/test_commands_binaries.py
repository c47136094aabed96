"""What the catalog says about commands and flags, held against real releases of uv."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from uvci.catalog.availability import Availability
from uvci.catalog.command import Command, Flag
from uvci.catalog.commands import (
    all_commands,
    command_groups,
    find_command,
    find_flag,
    find_global_flag,
    flags_before_command,
    flags_of,
    global_flags,
    pythons,
    subcommands,
)
from uvci.catalog.corrections import all_refused_flags
from uvci.catalog.values import valid_values
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion

from tests.catalog.uv_binary import run_uv, uv_binary

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

# In the completion scripts, and not meant to be called.
UNCALLED = {"pip debug", "tool uvx"}
# In the completion scripts, and of no use in any release that was tried.
UNACCEPTED = {
    ("init", "--backend"),
    ("generate-shell-completion", "-V"),
    ("generate-shell-completion", "--version"),
}
# Other spellings of flags, which no completion script has.
SPELLINGS = {
    ("lock", "--locked"),
    ("lock", "--frozen"),
    ("pip sync", "--trusted-host"),
    ("pip compile", "--trusted-host"),
}
COMPLETED = re.compile(r'^        uv__(\w+)\)\n\s+opts="([^"]*)"', re.MULTILINE)
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


def completed(version: str) -> dict[str, set[str]]:
    """The flags of every command, hidden ones included, as the release completes them."""
    command = [uv_binary(version), "generate-shell-completion", "bash"]
    script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = {name: opts.split() for name, opts in COMPLETED.findall(script)}
    return {
        name: {word for word in opts if word.startswith("-")}
        for name, opts in names.items()
        if "__help" not in name and not name.startswith(("build__backend__", "auth__helper__"))
    }


def completed_name(name: str) -> str:
    return name.replace(" ", "__").replace("-", "__")


def other_spellings(command: Command) -> Iterator[str]:
    """The short forms and further long forms, which no completion script has."""
    for flag in (*command.flags.values(), *global_flags()):
        yield from flag.aliases
        if flag.short:
            yield flag.short


@pytest.mark.parametrize("at", VERSIONS)
def test_commands_and_flags_are_those_that_are_completed_hidden_ones_too(at: str) -> None:
    version = UvVersion.parse(at)
    theirs = completed(at)
    ours = {
        completed_name(command.name): command
        for command in all_commands()
        if command.lifetime.at(version) is Availability.KNOWN
    }
    uncalled = {completed_name(name) for name in UNCALLED}
    assert set(ours) == set(theirs) - set(command_groups()) - uncalled | set(ours) & {
        "auth__helper"
    }
    for name, command in ours.items():
        listed = theirs.get(name, set())
        unaccepted = {flag for other, flag in UNACCEPTED if other == command.name}
        for flag in listed - unaccepted:
            match = find_flag(command, flag, version)
            assert match is not None, (name, flag)
            assert match.availability is Availability.KNOWN, (name, flag)
        for flag in command.flags.values():
            if flag.alias_of or (command.name, flag.name) in SPELLINGS or not listed:
                continue
            assert (flag.lifetime.at(version) is Availability.KNOWN) == (flag.name in listed), (
                name,
                flag.name,
            )


@pytest.mark.parametrize("at", VERSIONS)
def test_flags_are_taken_in_the_spellings_on_record(at: str) -> None:
    version = UvVersion.parse(at)
    for name in ("pip install", "pip compile", "sync", "run", "build", "venv", "lock", "tool run"):
        match = find_command(name.split(), version)
        assert match is not None
        for spelling in set(other_spellings(match.command)) - {"-h"}:
            found = find_flag(match.command, spelling, version)
            assert found is not None, spelling
            joined = "=x" if spelling.startswith("--") else "x"
            written = spelling + joined if found.flag.takes_value else spelling
            command = [uv_binary(at), *name.split(), written, "--help"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            is_taken = "unexpected argument" not in done.stderr
            assert (found.availability is Availability.KNOWN) == is_taken, (name, spelling)


@pytest.mark.parametrize("at", VERSIONS)
def test_only_global_flags_may_stand_before_the_command(at: str) -> None:
    version = UvVersion.parse(at)
    for written in ("--locked", "--system", "--quiet", "-q", "--no-cache", "--isolated", "-V"):
        command = [uv_binary(at), written, "sync", "--help"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = find_global_flag(written, version)
        known = found is not None and found.availability is Availability.KNOWN
        assert known == ("unexpected argument" not in done.stderr), written


@pytest.mark.parametrize("at", VERSIONS)
def test_flags_are_refused_that_exist_only_for_that(at: str, tmp_path: Path) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    for refused in all_refused_flags():
        match = find_command(refused.command.split(), version)
        assert match is not None
        found = find_flag(match.command, refused.flag, version)
        assert found is not None
        if found.availability is not Availability.KNOWN:
            continue
        value = ["3"] if found.flag.takes_value else []
        words = [*refused.command.split(), "--offline", refused.flag, *value]
        files = ["requirements.txt"] if refused.command.startswith(("pip c", "pip s")) else ["x"]
        rest = [] if refused.command == "pip list" else files
        outcome = run_uv(version, [*words, *rest], {}, tmp_path)
        is_refused = outcome.exit_code == 2 and (
            "is unsupported" in outcome.errors or "not support" in outcome.errors
        )
        assert is_refused == bool(refused.holds.at(version)), (refused, outcome)


_SHORT_VALUES = re.compile(r"\[possible values: ([^\]]*)\]")
_LONG_VALUE = re.compile(r"^ +- ([\w.+-]+)(?::|$)")


def values_in_help(version: str, name: str) -> Iterator[tuple[str, set[str]]]:
    """The flags of a command that take one of some values, and those, as help shows them."""
    for section in re.split(r"\n(?=\s{2,6}-)", help_of(version, *name.split())):
        flag = FLAG.match(section.lstrip("\n"))
        if flag is None:
            continue
        short = _SHORT_VALUES.search(section)
        _, _, listed = section.partition("Possible values:\n")
        values = set(re.split(r",\s+", short[1])) if short else set(_LONG_VALUE.findall(listed))
        if values:
            yield flag[1], values


@pytest.mark.parametrize("at", VERSIONS)
def test_values_are_those_that_help_lists(at: str) -> None:
    version = UvVersion.parse(at)
    seen = 0
    for name in ("pip compile", "export", "sync", "publish", "init", "tree", "run", "pip list"):
        match = find_command(name.split(), version)
        assert match is not None
        for written, values in values_in_help(at, name):
            found = find_flag(match.command, written, version)
            assert found is not None, written
            assert offered_values(found.flag, version) == values, (name, written)
            seen += 1
    assert seen > 30


def offered_values(flag: Flag, version: UvVersion) -> set[str]:
    """The values on record of a flag, or else of the variable that does the same."""
    if flag.values:
        return set(flag.values_at(version))
    variable = find_variable(flag.env or "")
    values = valid_values(variable, version) if variable else ()
    return {value.text for value in values if not value.alias_of}


@pytest.mark.parametrize("at", VERSIONS)
def test_the_flags_before_a_command_are_those_that_help_lists(at: str) -> None:
    offered = {flag.name for flag in flags_before_command(UvVersion.parse(at))}
    assert offered == {written for written, _ in FLAG.findall(help_of(at))}


@pytest.mark.parametrize("at", VERSIONS)
def test_the_groups_are_those_that_help_lists(at: str) -> None:
    listed = set(words_of(help_of(at)))
    offered = command_groups().keys() & subcommands(None, UvVersion.parse(at)).keys()
    hidden = {"workspace"} if at == "0.10.12" else set()
    assert offered - hidden == command_groups().keys() & listed


@pytest.mark.parametrize("at", VERSIONS)
def test_the_pythons_are_those_that_can_be_downloaded(at: str) -> None:
    command = [uv_binary(at), "python", "list", "--all-versions", "--offline"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    released = set(re.findall(r"cpython-(3\.\d\d)\.\d+[+-]", done.stdout))
    assert set(pythons(UvVersion.parse(at))) == released
