"""The one pipeline file that a command is about."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from uvci.features.discretion import discretion
from uvci.pipeline.model import Pipeline
from uvci.workspace.repository import find_repository
from uvci.workspace.snapshot import Snapshot

ROOT = ".gitlab-ci.yml"


def open_file(file: Path) -> tuple[Snapshot, str]:
    """The repository around a file, and the file's path in it; an error where it is unusable."""
    real = Path(os.path.realpath(file))
    repository = find_repository(real)
    if not real.is_relative_to(repository):
        raise click.UsageError(f"{file} leads out of the repository {repository}.")
    path = real.relative_to(repository).as_posix()
    snapshot = Snapshot.open(repository)
    if refusal := snapshot.refusal(path):
        raise click.UsageError(f"{file}: {refusal.message}")
    return snapshot, path


def default_file() -> Path:
    """The pipeline of the repository that the user stands in."""
    file = find_repository(Path.cwd()) / ROOT
    if not file.is_file():
        raise click.UsageError(f"there is no {ROOT} here; name the file.")
    return file


def print_gaps(pipeline: Pipeline, refusals: Sequence[str]) -> None:
    """Say on standard error why what was printed may not be all of the pipeline."""
    hidden = discretion(pipeline)
    for refusal in refusals:
        click.echo(f"uvci: GitLab refuses this pipeline: {hidden.text(refusal)}", err=True)
    for unknown in pipeline.unread:
        click.echo(f"uvci: not known here: {hidden.text(unknown.why)}", err=True)
