"""Versions and commands by what they are called, for tests that know they exist."""

from uvci.catalog.command import Command
from uvci.catalog.commands import find_command
from uvci.catalog.versions import UvVersion


def version(text: str) -> UvVersion:
    parsed = UvVersion.parse(text)
    assert parsed is not None
    return parsed


def command(name: str) -> Command:
    match = find_command(name.split(), None)
    assert match is not None, name
    return match.command
