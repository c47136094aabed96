"""`uvci doctor`: why a file is looked at or not, what is read, and which settings count."""

import json
import os
import sys
from pathlib import Path

import click

from uvci.cli.terminal import BOLD, DIM, Colour, paint_for, printable
from uvci.workspace.doctor import Topic, examine
from uvci.workspace.repository import find_repository
from uvci.workspace.snapshot import Snapshot


@click.command(short_help="Tell which files and settings are used, and why.")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def doctor(path: Path | None, output_format: str) -> None:
    """Tell why PATH is checked or not, what is read for it, and which settings are in force.

    Without PATH: about the repository you stand in.
    """
    place = Path(os.path.realpath(path or Path.cwd()))
    repository = find_repository(place)
    below = place.relative_to(repository).as_posix()
    topics = examine(Snapshot.open(repository), None if place.is_dir() else below)
    if output_format == "json":
        tree = {topic.title: [list(fact) for fact in topic.facts] for topic in topics}
        click.echo(json.dumps(tree, indent=2, ensure_ascii=False))
    else:
        click.echo(_text(topics), nl=False)


def _text(topics: tuple[Topic, ...]) -> str:
    paint = paint_for(sys.stdout, Colour.AUTO)
    lines = []
    for topic in topics:
        lines.append(paint(topic.title, BOLD))
        wide = max((len(name) for name, _ in topic.facts), default=0)
        lines += [
            f"  {paint(f'{printable(name):<{wide}}', DIM)}  {printable(fact)}"
            for name, fact in topic.facts
        ]
        lines.append("")
    return "\n".join(lines)
