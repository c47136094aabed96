import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.availability import Availability, stored_lifetime
from uvci.catalog.command import Flag
from uvci.catalog.commands import (
    all_commands,
    command_groups,
    commands_with_flag,
    find_command,
    find_flag,
    flags_of,
    global_flags,
    missing_lock_exit_code,
    nearest_commands,
    nearest_flags,
    stale_lock_exit_code,
    subcommands,
    takes_variable,
)
from uvci.catalog.corrections import deprecated_flag, meant_command, meant_flag
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import newest

from tests.catalog.lookup import command, version
from tests.shared import shared


def flag(name: str, written: str) -> Flag:
    match = find_flag(command(name), written, None)
    assert match is not None, written
    return match.flag


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(shared("facts/uv-cli-ci.json").read_text())
    return facts


# Accepted by no release that was tried.
NOT_ACCEPTED = {("init", "--backend")}
# Every release that was tried demands a value, which the record leaves out.
WANTS_VALUE = {("tree", "--depth"), ("pip tree", "--depth")}


def test_every_command_and_flag_of_the_record_is_there(facts: dict[str, Any]) -> None:
    for name, fact in facts["commands"].items():
        ours = command(name)
        assert str(ours.lifetime.since) == fact["since"], name
        assert ours.positionals == tuple(fact.get("positionals", ()))
        for flag_name, figures in fact["flags"].items():
            if (name, flag_name) not in NOT_ACCEPTED:
                target = fact["flags"].get(figures.get("alias_of"), {})
                expected = {**figures, "value": figures.get("value") or target.get("value", False)}
                expected["value"] |= (name, flag_name) in WANTS_VALUE
                assert_figures(f"uv {name} {flag_name}", ours.flags[flag_name], expected)
    for flag_name, figures in facts["global_flags"].items():
        ours_global = {each.name: each for each in global_flags()}
        assert_figures(flag_name, ours_global[flag_name], figures)


def assert_figures(label: str, ours: Flag, fact: dict[str, Any]) -> None:
    assert ours.takes_value == fact.get("value", False), label
    assert ours.short == fact.get("short"), label
    assert ours.env == fact.get("env"), label
    assert ours.hidden == fact.get("hidden", False), label
    assert list(ours.aliases) == fact.get("aliases", []), label
    assert ours.alias_of == fact.get("alias_of"), label
    stretch = ours.lifetime.stretches[-1]
    earliest, _, latest = fact["since"].partition("..")
    if not latest:
        assert str(stretch.first) == earliest, label
    else:
        assert version(earliest) <= stretch.first <= version(latest), label
    if "until" in fact:
        assert str(stretch.last) == fact["until"], label


def test_flags_that_are_gone_have_an_end(facts: dict[str, Any]) -> None:
    # Seen to work in releases after the end on record.
    alive = {("pip sync", "--cert"), ("pip compile", "--cert")}
    alive |= {("pip sync", "--trusted-host"), ("pip compile", "--trusted-host")}
    for name, fact in facts["commands"].items():
        for gone, stretches in fact.get("removed_flags", {}).items():
            ours = command(name).flags[gone]
            assert str(ours.lifetime.since) == stretches[0][0]
            assert (ours.lifetime.until is None) == ((name, gone) in alive or gone in fact["flags"])


def test_aliases_and_mistaken_commands_equal_the_record(facts: dict[str, Any]) -> None:
    for written, meant in facts["aliases"].items():
        if written != "uvx":
            target = meant.partition(" (")[0].removeprefix("uv ")
            found = command(written.removeprefix("uv "))
            assert target in (found.name, found.alias_of)
    for written in facts["unknown_commands_people_write"]:
        words = written.removeprefix("uv ").split()
        if words[-1].startswith("--"):
            assert meant_flag(command(" ".join(words[:-1])), words[-1])
        else:
            assert meant_command(words), written
            match = find_command(words, None)
            assert match is None or match.taken < len(words), written


def test_sentences_are_our_own(facts: dict[str, Any]) -> None:
    theirs = {note for fact in facts["commands"].values() for note in fact.get("notes", [])}
    theirs |= {fact["meaning"] for fact in facts["ci_flags"].values()}
    for each in all_commands():
        assert 15 <= len(each.does) <= 110, each.name
        assert each.does.endswith("."), each.name
        assert not {each.does, each.advice} & theirs
    for name in facts["ci_flags"]:
        holders = [each for each in all_commands() if name in each.flags]
        documented = [each.flags[name].doc for each in holders] or [
            each.doc for each in global_flags() if each.name == name
        ]
        assert documented, name
        assert all(doc.endswith(".") for doc in documented), name
        assert not set(documented) & theirs


def test_every_flag_that_help_shows_is_explained() -> None:
    for each in all_commands():
        for flag in flags_of(each, newest()):
            about = find_variable(flag.env) if flag.env else None
            assert (flag.doc or (about.does if about else "")).endswith("."), (each.name, flag.name)


@pytest.mark.parametrize(
    ("words", "name", "taken"),
    [
        (["sync", "--locked"], "sync", 1),
        (["pip", "install", "ruff"], "pip install", 2),
        (["cache", "prune", "--ci"], "cache prune", 2),
        (["tool", "run", "ruff"], "tool run", 2),
        (["v"], "venv", 1),
        (["pip", "ls"], "pip list", 2),
    ],
)
def test_words_begin_with_a_command(words: list[str], name: str, taken: int) -> None:
    match = find_command(words, None)
    assert match is not None
    assert (match.command.name, match.taken) == (name, taken)


@pytest.mark.parametrize("words", [[], ["install"], ["pip"], ["pip", "instal"], ["--locked"], [""]])
def test_other_words_do_not(words: list[str]) -> None:
    assert find_command(words, None) is None


@pytest.mark.parametrize(
    ("name", "at", "answer"),
    [
        ("publish", "0.4.15", Availability.TOO_NEW),
        ("publish", "0.4.16", Availability.KNOWN),
        ("format", "0.8.12", Availability.TOO_NEW),
        ("python upgrade", "0.7.0", Availability.UNKNOWN),
        ("python upgrade", "0.7.22", Availability.KNOWN),
        ("help", "0.1.0", Availability.UNKNOWN),
    ],
)
def test_commands_have_a_first_release(name: str, at: str, answer: Availability) -> None:
    match = find_command(name.split(), version(at))
    assert match is not None
    assert match.availability is answer


@pytest.mark.parametrize(
    ("name", "written", "at", "answer"),
    [
        ("sync", "--locked", "0.4.30", Availability.KNOWN),
        ("lock", "--check", "0.5.7", Availability.TOO_NEW),
        ("lock", "--check", "0.5.8", Availability.KNOWN),
        ("cache prune", "--force", "0.8.19", Availability.TOO_NEW),
        ("publish", "--direct", "0.9.30", Availability.KNOWN),
        ("publish", "--direct", "0.12.10", Availability.UNKNOWN),
        ("publish", "--direct", "0.13.9", Availability.REMOVED),
        ("audit", "--extra", "0.11.16", Availability.REMOVED),
        ("sync", "--no-clean", "0.4.30", Availability.REMOVED),
        ("sync", "--cache-dir=.uv-cache", "0.9.0", Availability.KNOWN),
        ("sync", "-qq", "0.9.0", Availability.KNOWN),
        ("sync", "-p3.13", "0.9.0", Availability.KNOWN),
        ("pip install", "-r", "0.13.9", Availability.KNOWN),
        ("pip install", "--requirement", "0.13.9", Availability.KNOWN),
        ("build", "--all", "0.13.9", Availability.KNOWN),
        ("sync", "--trusted-host", "0.13.9", Availability.KNOWN),
    ],
)
def test_flags_have_a_lifetime(name: str, written: str, at: str, answer: Availability) -> None:
    match = find_flag(command(name), written, version(at))
    assert match is not None
    assert match.availability is answer


@pytest.mark.parametrize(
    ("name", "written"),
    [("cache clean", "--ci"), ("sync", "--no-root"), ("sync", "-Z"), ("sync", ""), ("sync", "-")],
)
def test_other_flags_are_unknown(name: str, written: str) -> None:
    assert find_flag(command(name), written, None) is None


def test_what_was_probably_meant() -> None:
    meant = meant_command(["install", "ruff"])
    assert meant is not None
    assert meant.use == "sync"
    assert nearest_commands(["snyc"], None) == ["sync"]
    assert nearest_commands(["pip", "isntall"], None) == ["pip install"]
    assert nearest_commands(["deploy"], None) == []
    assert nearest_commands([], None) == []
    assert nearest_flags(command("sync"), "--forzen", None) == ["--frozen"]
    assert nearest_flags(command("sync"), "--lokced=1", None) == ["--locked"]
    assert nearest_flags(command("sync"), "-x", None) == []
    assert "sync" in commands_with_flag("--inexact", version("0.9.0"))


def test_what_to_offer() -> None:
    top = subcommands(None, version("0.9.0"))
    assert {"sync", "run", "pip", "cache", "publish"} <= set(top)
    assert not {"v", "clean", "build-backend", "audit"} & set(top)
    assert set(subcommands("cache", version("0.9.0"))) == {"clean", "dir", "prune"}
    assert subcommands("nonsense", None) == {}
    names = [each.name for each in flags_of(command("cache prune"), version("0.9.0"))]
    assert names[:2] == ["--ci", "--force"]
    assert "--cache-dir" in names
    assert "--native-tls" in names
    assert "--native-tls" not in [
        each.name for each in flags_of(command("sync"), version("0.13.9"))
    ]
    assert "--check" not in [each.name for each in flags_of(command("lock"), version("0.5.0"))]
    assert set(command_groups()) >= {"pip", "cache", "python", "tool"}


def test_a_flag_knows_its_values_and_variable() -> None:
    assert flag("publish", "--trusted-publishing").values == ("automatic", "always", "never")
    assert flag("sync", "--locked").env == "UV_LOCKED"
    assert flag("pip list", "--format").values == ("columns", "freeze", "json")
    assert flag("pip install", "--constraint").takes_value
    assert takes_variable(command("sync"), "UV_LINK_MODE")
    assert takes_variable(command("cache dir"), "UV_CACHE_DIR")
    assert not takes_variable(command("cache dir"), "UV_LINK_MODE")


def test_deprecated_flags_name_the_new_one() -> None:
    for name, written, use in [
        ("sync", "--index-url", "--default-index"),
        ("sync", "--native-tls", "--system-certs"),
        ("lock", "--locked", "--check"),
        ("build", "--all", "--all-packages"),
    ]:
        outdated = deprecated_flag(command(name), flag(name, written))
        assert outdated is not None
        assert outdated.use == use
    assert deprecated_flag(command("sync"), flag("sync", "--locked")) is None


@pytest.mark.parametrize(
    ("name", "at", "stale", "missing"),
    [
        ("sync", "0.7.22", 2, 2),
        ("sync", "0.8.0", 1, 2),
        ("lock", "0.13.9", 1, 1),
        ("run", "0.12.12", 2, 2),
        ("run", "0.12.20", None, None),
        ("export", "0.12.24", 1, 1),
        ("pip install", "0.12.5", None, None),
    ],
)
def test_exit_codes_of_a_lock_file_that_does_not_fit(
    name: str, at: str, stale: int | None, missing: int | None
) -> None:
    assert stale_lock_exit_code(command(name), version(at)) == stale
    assert missing_lock_exit_code(command(name), version(at)) == missing


def test_lifetimes_tell_what_nobody_looked_at() -> None:
    lifetime = stored_lifetime("~0.4.30..0.6.0~0.6.4 0.8.2~0.8.6..")
    answers = [
        lifetime.at(version(text)).value
        for text in ("0.4.0", "0.5.0", "0.6.2", "0.6.4", "0.8.2", "0.8.4", "0.8.6")
    ]
    assert answers == ["unknown", "known", "unknown", "removed", "removed", "unknown", "known"]
    assert lifetime.at(None) is Availability.UNKNOWN
    with pytest.raises(ValueError, match="not a stretch"):
        stored_lifetime("0.4.30")


@given(st.lists(st.text() | st.sampled_from(["pip", "sync", "cache"])), st.text())
def test_any_words_have_an_answer(words: list[str], text: str) -> None:
    find_command(words, None)
    meant_command(words)
    nearest_commands(words, None)
    for written in (text, f"-{text}", f"--{text}"):
        find_flag(command("sync"), written, None)
        nearest_flags(command("sync"), written, None)
        meant_flag(command("sync"), written)
