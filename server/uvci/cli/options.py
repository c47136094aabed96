"""The options of `uvci check`, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from uvci.cli.output import Format
from uvci.cli.selection import Selection
from uvci.cli.terminal import Colour
from uvci.rules.rule import Severity

_STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one call."""

    paths: tuple[Path, ...]
    output_format: Format
    output_file: Path | None
    colour: Colour
    selection: Selection
    severity: Severity
    fail_on: Severity
    exit_zero: bool
    fix: bool
    unsafe_fixes: bool
    diff: bool
    statistics: bool
    stdin_filename: Path | None
    skip_others: bool

    @property
    def from_stdin(self) -> bool:
        """Whether the text to check comes on standard input."""
        return self.paths == (Path("-"),)


def read_options(given: Mapping[str, Any]) -> Options:
    """The options from the command line's values.

    Raises:
        click.UsageError: when they do not go together.
    """
    values = dict(given)
    paths = values.pop("paths")
    if values["stdin_filename"] is not None and not paths:
        paths = (_STDIN,)
    if _STDIN in paths and len(paths) > 1:
        raise click.UsageError("standard input (-) is checked alone, without other paths.")
    if values["stdin_filename"] is not None and paths != (_STDIN,):
        raise click.UsageError("--stdin-filename names the text on standard input: give - as PATH.")
    selection = Selection(values.pop("select"), values.pop("ignore"), values.pop("extend_select"))
    return Options(
        paths=paths,
        output_format=Format(values.pop("output_format")),
        colour=Colour(values.pop("colour")),
        selection=selection,
        **values,
    )
