"""`uvci migrate`: jobs on pip, poetry or pipenv, with uv in their place."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from uvci.catalog.tokens import masked
from uvci.cli.checkout import Checkout
from uvci.cli.fixing import diff_of, write_texts
from uvci.cli.pipeline_file import default_file, open_file
from uvci.cli.terminal import Colour, paint_for, printable
from uvci.features.context import context_of
from uvci.features.migration.model import Plan, Refusal
from uvci.features.migration.plan import plan_of
from uvci.features.migration.result import Migration, migration_of
from uvci.features.view import View
from uvci.rules.check import check
from uvci.rules.proof import is_proven
from uvci.text.edits import apply_edits

_UNPROVEN = Refusal("The pipeline would change in more than this job, or get new mistakes.")


@click.command(short_help="Show jobs on pip, poetry, pipenv or tox as jobs of uv.")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--job", "jobs", metavar="NAME", multiple=True, help="Only this job or template.")
@click.option("--write", is_flag=True, help="Write the file instead of showing the difference.")
def migrate(file: Path | None, jobs: tuple[str, ...], *, write: bool) -> int:
    """Show the jobs of FILE that work with pip, poetry, pipenv or tox as jobs of uv.

    What has no exact counterpart stays, and is named. Without FILE: the .gitlab-ci.yml of the
    repository you stand in. Exit code: 0 fine, 1 a job that was named cannot be migrated, 2 wrong
    usage or unreadable input.
    """
    snapshot, path = open_file(file or default_file())
    checkout = Checkout(snapshot.with_named([path]), (path,))
    view = checkout.snapshot.view(path)
    if view is None:
        raise click.UsageError(f"{checkout.shown(path)} is no pipeline.")
    refused = 0
    for name in _names(view, jobs):
        found = _migrated(checkout, path, name)
        refused += bool(jobs) and isinstance(found, Refusal)
        for line in _notes(name, found):
            click.echo(printable(f"uvci: {masked(line)}"), err=True)
    if write:
        problems = write_texts(checkout)
        for problem in problems:
            click.echo(f"uvci: {problem}", err=True)
        return 2 if problems else min(refused, 1)
    click.echo(diff_of([checkout], paint_for(sys.stdout, Colour.AUTO)), nl=False)
    return min(refused, 1)


def _names(view: View, wanted: tuple[str, ...]) -> list[str]:
    """The entries of the file to migrate, templates first: jobs may get their lines from them."""
    entries = (*view.pipeline.hidden, *view.pipeline.jobs)
    typed = [job.name for job in entries if job.name_origin.path == view.path]
    if missing := [name for name in wanted if name not in typed]:
        raise click.UsageError(f"{view.path} has no job `{missing[0]}`.")
    return [name for name in typed if not wanted or name in wanted]


def _migrated(checkout: Checkout, path: str, name: str) -> Migration | Refusal | None:
    """The migration of a job, which the checkout then has; None where there is nothing to do."""
    view = checkout.snapshot.view(path)
    job = view.pipeline.job(name) if view else None
    plan = plan_of(job, view) if view and job else None
    if view is None or not isinstance(plan, Plan):
        return plan if isinstance(plan, Refusal) else None
    found, context = migration_of(plan), context_of(view)
    if isinstance(found, Refusal) or not is_proven(found.fix, context, check(context)):
        return found if isinstance(found, Refusal) else _UNPROVEN
    text = apply_edits(view.document.text, [each.edit for each in found.fix.edits])
    checkout.snapshot = checkout.snapshot.with_buffer(path, text)
    return found


def _notes(name: str, found: Migration | Refusal | None) -> Iterator[str]:
    match found:
        case Migration(plan=plan, removed=removed):
            count = len(plan.rewrites) + len(plan.drops)
            yield f"{name}: {count} command{'s become' if count > 1 else ' becomes'} uv's"
            yield from (f"{name}: `{one.text}` stays: {one.why}" for one in plan.left)
            yield from (f"{name}: `{one}` goes: nothing reads it any more" for one in removed)
        case Refusal(why=why):
            yield f"{name}: stays as it is. {why}"
        case _:
            return
