import pytest
from uvci.catalog.availability import Availability
from uvci.catalog.commands import (
    all_commands,
    find_command,
    find_flag,
    find_global_flag,
    flags_of,
)
from uvci.catalog.corrections import (
    all_refused_flags,
    deprecated_flag,
    meant_command,
    meant_flag,
    older_flags,
    refused_flag,
)
from uvci.catalog.package_data import load_json

from tests.catalog.lookup import command, version


@pytest.mark.parametrize(
    ("name", "written", "at", "refused"),
    [
        ("pip install", "--user", "0.12.5", True),
        ("pip install", "--user", None, True),
        ("pip list", "--outdated", "0.4.30", True),
        ("pip list", "--outdated", "0.5.10", False),
        ("pip list", "--outdated", None, False),
        ("pip install", "--system", "0.12.5", False),
    ],
)
def test_some_flags_are_there_to_be_refused(
    name: str, written: str, at: str | None, *, refused: bool
) -> None:
    match = find_flag(command(name), written, None)
    assert match is not None
    found = refused_flag(command(name), match.flag, version(at) if at else None)
    assert (found is not None) == refused


def test_every_refused_flag_is_one_of_its_command() -> None:
    for refused in all_refused_flags():
        match = find_flag(command(refused.command), refused.flag, None)
        assert match is not None, refused
        assert match.flag.name == refused.flag


def test_what_is_meant_exists_and_what_is_typed_does_not() -> None:
    for entry in load_json("commands.json")["meant"]:
        meant = meant_command(entry["words"].split())
        assert meant is not None
        assert find_command(entry["words"].split(), None) is None, entry
        for use in filter(None, (meant.use, meant.with_packages)):
            assert find_command(use.split(), None) is not None, entry
    for entry in load_json("commands.json")["meant_flags"]:
        holder = command(entry["command"])
        use = meant_flag(holder, entry["flag"])
        assert use is not None
        if use.use and use.use.startswith("-"):
            assert find_flag(holder, use.use, None) is not None, entry


@pytest.mark.parametrize(
    ("name", "written", "at", "availability"),
    [
        ("pip install", "-r", "0.4.30", Availability.KNOWN),
        ("pip install", "-t", "0.8.24", Availability.TOO_NEW),
        ("pip install", "--target", "0.8.24", Availability.KNOWN),
        ("sync", "--version", "0.6.17", Availability.KNOWN),
        ("sync", "-V", "0.7.0", Availability.REMOVED),
    ],
)
def test_spellings_have_lifetimes_of_their_own(
    name: str, written: str, at: str, availability: Availability
) -> None:
    match = find_flag(command(name), written, version(at))
    assert match is not None
    assert match.availability is availability
    assert match.lifetime.at(version(at)) is availability


def test_only_global_flags_stand_before_a_command() -> None:
    assert find_global_flag("--locked", None) is None
    found = find_global_flag("--directory=app", version("0.12.5"))
    assert found is not None
    assert found.is_global
    assert find_global_flag("-V", version("0.12.5")) is not None


def test_the_version_is_no_longer_offered_behind_a_command() -> None:
    for at, offered in (("0.6.17", True), ("0.12.5", False)):
        names = [flag.name for flag in flags_of(command("sync"), version(at))]
        assert ("--version" in names) == offered


def test_the_global_isolated_is_outdated_and_that_of_run_is_not() -> None:
    for name, outdated in (("sync", True), ("run", False)):
        match = find_flag(command(name), "--isolated", version("0.12.5"))
        assert match is not None
        assert (deprecated_flag(command(name), match.flag) is not None) == outdated


def test_older_names_are_those_that_a_release_has() -> None:
    sync = command("sync")
    new = find_flag(sync, "--system-certs", None)
    assert new is not None
    assert older_flags(sync, new.flag, version("0.9.29")) == ["--native-tls"]
    assert older_flags(sync, sync.flags["--locked"], version("0.9.29")) == []


def test_outdated_flags_belong_to_a_command() -> None:
    for entry in load_json("commands.json")["deprecated_flags"]:
        holders = [
            each
            for each in all_commands()
            if (match := find_flag(each, entry["flag"], None))
            and deprecated_flag(each, match.flag) is not None
        ]
        assert holders, entry
