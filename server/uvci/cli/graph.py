"""`uvci graph`: a picture of a pipeline's jobs and caches."""

from pathlib import Path

import click

from uvci.cli.pipeline_file import default_file, open_file, print_gaps
from uvci.features.graph.picture import ALL, Form, Subject, picture
from uvci.pipeline.resolve import refusals


@click.command(short_help="Draw a pipeline: its jobs with their uv, and its caches.")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--output-format",
    "--format",
    "form",
    type=click.Choice([form.value for form in Form]),
    default=Form.TEXT.value,
    show_default=True,
    help="How to draw it.",
)
@click.option(
    "--only",
    type=click.Choice([subject.value for subject in Subject]),
    help="The jobs and what they wait for, or the caches and who uses them.",
)
def graph(file: Path | None, form: str, only: str | None) -> None:
    """Draw the pipeline of FILE: its jobs with the uv and Python of each, and its caches.

    Without FILE: the .gitlab-ci.yml of the repository you stand in. Nothing is fetched.
    """
    snapshot, path = open_file(file or default_file())
    roots = snapshot.with_named([path]).roots_of(path)
    context = snapshot.context(roots[0] if roots else path)
    subjects = frozenset({Subject(only)}) if only else ALL
    for line in picture(context, Form(form), subjects):
        click.echo(line)
    print_gaps(context.pipeline, refusals(context.pipeline))
