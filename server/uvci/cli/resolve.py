"""`uvci resolve`: the effective pipeline, as GitLab would build it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from uvci.cli.checkout import shown
from uvci.cli.pipeline_file import default_file, open_file, print_gaps
from uvci.features.discretion import discretion
from uvci.features.effective_yaml import effective_tables, effective_yaml, lines_of
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.model import Pipeline
from uvci.pipeline.resolve import expected, refusals
from uvci.pipeline.shapes import to_json
from uvci.pipeline.sources import Settings
from uvci.pipeline.values import Items, Table, Value


@click.command(short_help="Print the pipeline that GitLab would build.")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--job", metavar="NAME", help="Only this job (or hidden job).")
@click.option(
    "--output-format",
    "--format",
    "form",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help="How to print it.",
)
@click.option("--origins", is_flag=True, help="Tell of each value which file and line it is from.")
def resolve(file: Path | None, job: str | None, form: str, *, origins: bool) -> int:
    """Print the pipeline that GitLab would build from FILE: all includes, extends and defaults.

    Without FILE: the .gitlab-ci.yml of the repository you stand in. Nothing is fetched: what other
    projects would add is unknown. Secrets in plain text read `…`, as in every report. Exit code: 0
    valid, 1 refused by GitLab, 2 wrong usage or unreadable input.
    """
    file = file or default_file()
    pipeline = _build(file)
    if job is not None and pipeline.job(job) is None:
        raise click.UsageError(f"{shown(Path(os.path.realpath(file)))} has no job `{job}`.")
    result = expected(pipeline)
    match form, origins:
        case "json", False:
            _echo_json(discretion(pipeline).json(_only(result, job) if job else result))
        case "json", True:
            _echo_json(list(_located(pipeline, job)))
        case _:
            for line in effective_yaml(pipeline, job, origins=origins):
                click.echo(line)
    # JSON has the refusals among its values.
    print_gaps(pipeline, refusals(pipeline) if form == "yaml" else ())
    return 1 if result["valid"] is False else 0


def _build(file: Path) -> Pipeline:
    snapshot, path = open_file(file)
    files = snapshot.files(snapshot.configuration(path))
    return build_pipeline(path, files, Settings(undefined_is_empty=True))


def _echo_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _only(result: dict[str, Any], job: str) -> dict[str, Any]:
    """The result with what it says of one job; a matrix' jobs are named `job: [a, b]`."""
    kept = dict(result)
    for key in ("merged", "jobs"):
        if key in kept:
            kept[key] = {name: value for name, value in kept[key].items() if name == job}
    if expanded := kept.pop("expanded_jobs", None):
        own = {
            name: value
            for name, value in expanded.items()
            if name == job or name.startswith((f"{job}: [", f"{job} "))
        }
        kept["expanded_jobs"] = own
    return kept


def _located(pipeline: Pipeline, job: str | None) -> Iterator[dict[str, Any]]:
    """Every value that is no collection, with the place it is from."""
    line_of = lines_of(pipeline)
    stack: list[tuple[tuple[str | int, ...], Value]] = [
        ((name,), value) for name, value in effective_tables(pipeline, job)
    ]
    while stack:
        path, value = stack.pop(0)
        match value:
            case Table(entries=entries) if entries:
                stack[:0] = [((*path, name), each) for name, each in entries.items()]
            case Items(values=values) if values:
                stack[:0] = [((*path, index), each) for index, each in enumerate(values)]
            case _:
                via = [{"kind": k.kind.value, "name": k.name} for k in value.origin.chain]
                yield {
                    "path": list(path),
                    "value": to_json(value),
                    "file": value.origin.path,
                    "line": line_of(value),
                    "via": via,
                }
