"""The options of `uvci check`, as plain values."""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from uvci.cli.terminal import Colour

SEVERITIES = ("error", "warning", "info", "hint")
_STDIN = Path("-")


class Format(Enum):
    """The formats that findings can be printed in."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"

    @property
    def for_people(self) -> bool:
        """Whether it is read by people, and may be followed by a summary."""
        return self in (Format.FULL, Format.CONCISE)


class Options(Struct, frozen=True):
    """The options of one call; severities and rule selectors as they are written."""

    paths: tuple[Path, ...] = ()
    output_format: Format = Format.FULL
    output_file: Path | None = None
    colour: Colour = Colour.AUTO
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    severity: str = "hint"
    fail_on: str = "warning"
    exit_zero: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    add_ignore: bool = False
    statistics: bool = False
    stdin_filename: Path | None = None
    skip_others: bool = False

    @property
    def from_stdin(self) -> bool:
        """Whether the text to check comes on standard input."""
        return self.paths == (_STDIN,)

    @property
    def changes(self) -> bool:
        """Whether texts are changed, and not only shown."""
        return (self.fix or self.add_ignore) and not self.diff

    @property
    def shows_fixes(self) -> bool:
        """Whether each finding is shown with its fix, which costs a proof."""
        return self.statistics or self.output_format in (Format.FULL, Format.JSON, Format.SARIF)


class Outcome(Struct, frozen=True):
    """What a run prints, and its exit code."""

    out: str
    err: str
    code: int


def read_options(given: Mapping[str, Any]) -> Options:
    """The options from the command line's values.

    Raises:
        click.UsageError: when they do not go together.
    """
    values = dict(given)
    paths = values.pop("paths")
    if values["stdin_filename"] is not None and not paths:
        paths = (_STDIN,)
    if wrong := _conflict(paths, values):
        import click  # noqa: PLC0415  loaded where a command line has options

        raise click.UsageError(wrong)
    for name in ("select", "ignore", "extend_select"):
        values[name] = tuple(
            word for text in values[name] for word in text.replace(",", " ").split()
        )
    return Options(
        paths=paths,
        output_format=Format(values.pop("output_format")),
        colour=Colour(values.pop("colour")),
        **values,
    )


def _conflict(paths: tuple[Path, ...], values: Mapping[str, Any]) -> str:
    """What does not go together, if anything."""
    if _STDIN in paths and len(paths) > 1:
        return "standard input (-) is checked alone, without other paths."
    if values["stdin_filename"] is not None and paths != (_STDIN,):
        return "--stdin-filename names the text on standard input: give - as PATH."
    if values["add_ignore"] and values["fix"]:
        return "--add-ignore silences findings and --fix mends them: choose one."
    return ""
