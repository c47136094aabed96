"""`uvci catalog`: how far the record of uv's releases reaches."""

import json

import click

from uvci.catalog.versions import UvVersion, newest, release_date, releases


@click.command()
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def catalog(output_format: str) -> None:
    """Show the newest uv on record, and how far its images are known."""
    read = releases().newest_read
    facts = {
        "newest_uv": _record(newest()),
        "images_known_up_to": _record(read),
        "releases": len(releases().versions),
    }
    if output_format == "json":
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"newest uv on record  {_line(newest())}")
    click.echo(f"images known up to   {_line(read)}; later ones are assumed to be like these")
    click.echo(f"releases on record   {len(releases().versions)}")


def _record(version: UvVersion) -> dict[str, str | None]:
    day = release_date(version)
    return {"version": str(version), "released": day.isoformat() if day else None}


def _line(version: UvVersion) -> str:
    day = release_date(version)
    return f"{version}, released {day}" if day else f"{version}, its day is not on record"
