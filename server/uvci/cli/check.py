"""`uvci check`: find mistakes, and fix them."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from uvci.cli.checkout import Checkout, shown
from uvci.cli.fixing import diff_of, fix_all, write_texts
from uvci.cli.options import Options, read_options
from uvci.cli.output import Format, render, render_counts
from uvci.cli.report import Report
from uvci.cli.selection import read_selectors
from uvci.cli.summary import summary, watched
from uvci.cli.targets import find_targets
from uvci.cli.terminal import Colour, Paint, paint_for, printable
from uvci.rules.rule import Severity
from uvci.workspace.disk import Refusal, Unreadable, decode
from uvci.workspace.repository import find_repository
from uvci.workspace.names import MAIN
from uvci.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC

FOUND, UNUSABLE = 1, 2
_SEVERITIES = [severity.name.lower() for severity in reversed(Severity)]


def _severity(_: click.Context, __: click.Parameter, name: str) -> Severity:
    return Severity[name.upper()]


def _selectors(name: str, text: str) -> "Callable[[FC], FC]":
    return click.option(name, multiple=True, callback=read_selectors, metavar="RULES", help=text)


@click.command()
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
@_selectors("--select", "Check these rules: codes (UVC101), beginnings (UVC1), names, or ALL.")
@_selectors("--ignore", "Leave these rules out.")
@_selectors("--extend-select", "Check these rules in addition to those in the settings.")
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
    callback=_severity,
    default="hint",
    show_default=True,
    help="Show findings of this severity and worse.",
)
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    callback=_severity,
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
    options = read_options(given)
    checkouts, problems = _open_stdin(options) if options.from_stdin else _open(options)
    report = _run(checkouts, options)
    changed = any(checkout.changed_texts() for checkout in checkouts)
    problems += _problems_of(checkouts)
    if options.fix and not options.diff and not options.from_stdin:
        problems += [problem for checkout in checkouts for problem in write_texts(checkout)]
    problems += _print(report, checkouts, options)
    for problem in problems:
        click.echo(f"uvci: {printable(problem)}", err=True)
    return UNUSABLE if problems else _exit_code(report, options, changed=changed)


def _open(options: Options) -> tuple[list[Checkout], list[str]]:
    targets = find_targets(options.paths)
    checkouts = []
    for repository, paths in targets.paths.items():
        snapshot = Snapshot.of(targets.disks.of(repository), options.selection.over)
        if not options.skip_others:
            snapshot = snapshot.with_named(targets.named.get(repository, ()))
        checkouts.append(Checkout(snapshot, tuple(paths), options.severity))
    return checkouts, list(targets.problems)


def _open_stdin(options: Options) -> tuple[list[Checkout], list[str]]:
    place = Path(os.path.realpath(options.stdin_filename or MAIN[0]))
    data = sys.stdin.buffer.read()
    text = decode(data)
    if isinstance(text, Unreadable):
        if text.refusal is not Refusal.TOO_BIG:
            return [], [f"{shown(place)}: {text.message}"]
        text = data.decode("utf-8", "replace")
    repository = find_repository(place)
    path = place.relative_to(repository).as_posix()
    snapshot = Snapshot.open(repository, options.selection.over)
    if not options.skip_others:
        snapshot = snapshot.with_named([path])
    snapshot = snapshot.with_buffer(path, text)
    return [Checkout(snapshot, (path,), options.severity, alone=True)], []


def _run(checkouts: list[Checkout], options: Options) -> Report:
    with watched(sum(len(checkout.paths) for checkout in checkouts)) as advance:
        for checkout in checkouts:
            for path in checkout.paths:
                checkout.look_at(path)
                advance(1)
    fixed = 0
    if options.fix or options.diff:
        fixed = sum(fix_all(checkout, unsafe=options.unsafe_fixes) for checkout in checkouts)
    items = (item for checkout in checkouts for item in checkout.items())
    files = tuple(source for checkout in checkouts for source in checkout.sources())
    return Report(tuple(items), files, fixed, unsafe=options.unsafe_fixes)


def _problems_of(checkouts: list[Checkout]) -> list[str]:
    for checkout in checkouts:
        for error in checkout.snapshot.settings_errors():
            click.echo(f"uvci: wrong settings are left out:\n{error}", err=True)
    return [
        f"{checkout.shown(path)}: {why}"
        for checkout in checkouts
        for path, why in checkout.problems.items()
    ]


def _print(report: Report, checkouts: list[Checkout], options: Options) -> list[str]:
    """Print what was found or would change; sentences about what could not be written."""
    if options.diff:
        paint = paint_for(sys.stdout, options.colour)
        sys.stdout.write(diff_of(checkouts, paint))
        return []
    stream: TextIO = sys.stdout
    if options.from_stdin and options.fix:
        for checkout in checkouts:
            sys.stdout.writelines(checkout.snapshot.buffers.values())
        stream = sys.stderr
    paint = paint_for(stream, options.colour)
    in_file = options.output_file is not None
    text = _rendered(report, options, Paint(on=False) if in_file else paint)
    if options.output_file is None:
        stream.write(text)
    else:
        try:
            options.output_file.write_text(text, encoding="utf-8")
        except OSError as error:
            return [f"{options.output_file}: it cannot be written: {error.strerror}"]
    if options.output_format.for_people and not options.statistics:
        stream.write(summary(report, options.output_format, paint))
    return []


def _rendered(report: Report, options: Options, paint: Paint) -> str:
    if options.statistics:
        return render_counts(report, options.output_format, paint)
    return render(report, options.output_format, paint)


def _exit_code(report: Report, options: Options, *, changed: bool) -> int:
    if options.exit_zero:
        return 0
    if options.diff:
        return FOUND if changed else 0
    failing = any(item.finding.severity >= options.fail_on for item in report.items)
    return FOUND if failing else 0
