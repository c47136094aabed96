"""Settings of a command that uv refuses together, as far as a pipeline tells them."""

from collections.abc import Collection, Iterator
from functools import cache

from uvci.catalog.commands import find_command, find_flag
from uvci.catalog.conflicts import Conflict, all_conflicts, find_conflicts
from uvci.catalog.values import is_on
from uvci.catalog.variable import Kind
from uvci.catalog.variables import find_variable
from uvci.pipeline.shell.model import Flag
from uvci.rules.uv_jobs import UvRun


def conflicts_with_flags(run: UvRun) -> Iterator[tuple[Conflict, Flag]]:
    """What stops a call for one of its flags and a variable, with that flag as it was given."""
    given = _given_flags(run)
    if given:
        for conflict in _conflicts(run, given):
            variable = find_variable(conflict.first)
            if conflict.with_flag and not (variable and variable.flag in given):
                yield conflict, given[conflict.second]


def conflicts_of_variables(run: UvRun) -> Iterator[Conflict]:
    """What stops a call for two variables that are set for it."""
    return (conflict for conflict in _conflicts(run, ()) if not conflict.with_flag)


def value_for(run: UvRun, name: str) -> str | None:
    """What a variable is set to for a call, None where it may not be set at all.

    Empty where it is surely set and nobody can tell to what: no switch is taken to be on for that.
    """
    value = run.setting(name)
    if isinstance(value, str):
        return value
    return "" if run.is_surely_set(name) else None


def _given_flags(run: UvRun) -> dict[str, Flag]:
    """The flags of a call by their long names."""
    uv = run.call.command
    found = find_command(uv.subcommand, run.version) if uv.all_flags else None
    if found is None:
        return {}
    matches = ((flag, find_flag(found.command, flag.name, run.version)) for flag in uv.all_flags)
    return {match.flag.alias_of or match.flag.name: flag for flag, match in matches if match}


def _conflicts(run: UvRun, flags: Collection[str]) -> tuple[Conflict, ...]:
    found = find_command(run.call.command.subcommand, run.version)
    if found is None:
        return ()
    values = {
        name: value
        for name in run.set_among(_variables())
        if (value := _readable(run, name)) is not None
    }
    conflicts = find_conflicts(found.command.name, values, flags, run.version)
    # A conflict of one value stops only a command that really has something to do.
    return tuple(conflict for conflict in conflicts if conflict.only_value is None)


@cache
def _variables() -> frozenset[str]:
    second = (each.second for each in all_conflicts() if not each.with_flag)
    return frozenset({*(each.first for each in all_conflicts()), *second})


def _readable(run: UvRun, name: str) -> str | None:
    """What uv can read of a variable that is set: what it cannot stops it for that."""
    value, variable = value_for(run, name), find_variable(name)
    if value is None or variable is None:
        return None
    if value == "" and isinstance(run.setting(name), str):
        return None
    return None if variable.kind is Kind.BOOLEAN and is_on(variable, value) is None else value
