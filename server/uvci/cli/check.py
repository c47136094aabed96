"""`uvci check`: find mistakes, and fix them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uvci.cli.options import SEVERITIES, Format, read_options
from uvci.cli.terminal import Colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC


def _selectors(name: str, text: str) -> "Callable[[FC], FC]":
    return click.option(name, multiple=True, metavar="RULES", help=text)


@click.command(short_help="Check pipelines, and fix what can be fixed.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--output-format",
    type=click.Choice([form.value for form in Format]),
    default=Format.FULL.value,
    envvar="UVCI_OUTPUT_FORMAT",
    show_default=True,
    help="How to print what is found.",
)
@click.option(
    "-o",
    "--output-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what is found to this file.",
)
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--add-ignore",
    is_flag=True,
    help="Write a `# uvci: ignore[…]` comment beside what is found; with --diff: show them.",
)
@_selectors("--select", "Check these rules: codes (UVC101), beginnings (UVC1), names, or ALL.")
@_selectors("--ignore", "Leave these rules out.")
@_selectors("--extend-select", "Check these rules in addition to those in the settings.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="hint",
    show_default=True,
    help="Show findings of this severity and worse.",
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="Exit with 1 when there is a finding of this severity or worse.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead.")
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    help="The name of the text on standard input; PATH is then - or left out.",
)
@click.option(
    "--skip-others",
    is_flag=True,
    help="Leave out given files that are in no pipeline, rather than take them for one.",
)
@click.option(
    "--color",
    "colour",
    type=click.Choice([colour.value for colour in Colour]),
    default=Colour.AUTO.value,
    show_default=True,
    help="When to colour the output.",
)
def check(**given: Any) -> int:
    """Check pipelines: files, or all that are below folders and that git does not ignore.

    Without PATH the repository you stand in is checked. A file that pipelines include is checked
    as a part of them. Exit code: 0 nothing found that --fail-on names, 1 findings, 2 wrong usage or
    unreadable input.
    """
    from uvci.cli.run import print_check  # noqa: PLC0415  loads all rules

    return print_check(read_options(given))
