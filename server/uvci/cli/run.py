"""One run of `uvci check`, from options to what is printed."""

import os
import sys
from pathlib import Path

from msgspec import Struct

from uvci.cli.checkout import Checkout, shown
from uvci.cli.fixing import diff_of, fix_all, write_texts
from uvci.cli.options import Options, Outcome
from uvci.cli.output import render, render_counts
from uvci.cli.report import Report
from uvci.cli.selection import read_selection
from uvci.cli.sharing import look_at_all
from uvci.cli.silencing import silence_all
from uvci.cli.summary import summary, watched
from uvci.cli.targets import find_targets
from uvci.cli.terminal import Paint, paint_for, printable
from uvci.rules.rule import Severity
from uvci.workspace.disk import Refusal, Unreadable, decode
from uvci.workspace.names import MAIN
from uvci.workspace.repository import find_repository
from uvci.workspace.snapshot import Snapshot

FOUND, UNUSABLE = 1, 2


class _Work(Struct, frozen=True, eq=False):
    """What is to be checked; `problems` are sentences about what cannot be."""

    checkouts: list[Checkout]
    problems: list[str]


def print_check(options: Options) -> int:
    """Check, print what there is to print, and answer with the exit code."""
    done = run_check(options)
    sys.stdout.write(done.out)
    sys.stdout.flush()
    sys.stderr.write(done.err)
    return done.code


def run_check(options: Options) -> Outcome:
    """What a run prints, and its exit code.

    Raises:
        click.UsageError: when an option names a rule that there is not.
    """
    work = _open_stdin(options) if options.from_stdin else _open(options)
    report = _look(work.checkouts, options)
    settings = [
        f"uvci: wrong settings are left out:\n{error}\n"
        for checkout in work.checkouts
        for error in checkout.snapshot.settings_errors()
    ]
    problems = [*work.problems, *_unread(work.checkouts)]
    if options.changes and not options.from_stdin:
        problems += [problem for checkout in work.checkouts for problem in write_texts(checkout)]
    printed, report_problems = _printed(report, work.checkouts, options)
    problems += report_problems
    told = [f"uvci: {printable(problem)}\n" for problem in problems]
    code = UNUSABLE if problems else _exit_code(report, work.checkouts, options)
    fixed_text = options.from_stdin and options.changes
    out = "".join(_texts(work.checkouts)) if fixed_text else printed
    err = "".join([*settings, *([printed] if fixed_text else []), *told])
    return Outcome(out, err, code)


def _open(options: Options) -> _Work:
    selection, least = read_selection(options), Severity[options.severity.upper()]
    targets = find_targets(options.paths)
    checkouts = []
    for repository, paths in targets.paths.items():
        snapshot = Snapshot.of(targets.disks.of(repository), selection.over)
        if not options.skip_others:
            snapshot = snapshot.with_named(targets.named.get(repository, ()))
        checkouts.append(Checkout(snapshot, tuple(paths), least))
    return _Work(checkouts, list(targets.problems))


def _open_stdin(options: Options) -> _Work:
    selection, least = read_selection(options), Severity[options.severity.upper()]
    place = Path(os.path.realpath(options.stdin_filename or MAIN[0]))
    data = sys.stdin.buffer.read()
    text = decode(data)
    if isinstance(text, Unreadable):
        if text.refusal is not Refusal.TOO_BIG:
            return _Work([], [f"{shown(place)}: {text.message}"])
        text = data.decode("utf-8", "replace")
    repository = find_repository(place)
    path = place.relative_to(repository).as_posix()
    snapshot = Snapshot.open(repository, selection.over)
    if not options.skip_others:
        snapshot = snapshot.with_named([path])
    return _Work([Checkout(snapshot.with_buffer(path, text), (path,), least, alone=True)], [])


def _look(checkouts: list[Checkout], options: Options) -> Report:
    alone = options.diff or options.changes  # the texts go on from here
    with watched(sum(len(checkout.paths) for checkout in checkouts)) as advance:
        look_at_all(checkouts, advance, with_fixes=options.shows_fixes, alone=alone)
    fixed = silenced = 0
    if options.add_ignore:
        silenced = sum(map(silence_all, checkouts))
    elif options.fix or options.diff:
        fixed = sum(fix_all(checkout, unsafe=options.unsafe_fixes) for checkout in checkouts)
    items = (item for checkout in checkouts for item in checkout.items())
    files = tuple(source for checkout in checkouts for source in checkout.sources())
    return Report(tuple(items), files, fixed, silenced, unsafe=options.unsafe_fixes)


def _unread(checkouts: list[Checkout]) -> list[str]:
    return [
        f"{checkout.shown(path)}: {why}"
        for checkout in checkouts
        for path, why in checkout.problems.items()
    ]


def _printed(report: Report, checkouts: list[Checkout], options: Options) -> tuple[str, list[str]]:
    """What is printed, and sentences about what could not be written."""
    stream = sys.stderr if options.from_stdin and options.changes else sys.stdout
    paint = paint_for(stream, options.colour)
    if options.diff:
        return diff_of(checkouts, paint), []
    people = options.output_format.for_people and not options.statistics
    end = summary(report, options.output_format, paint) if people else ""
    if options.output_file is None:
        return _rendered(report, options, paint) + end, []
    try:
        text = _rendered(report, options, Paint(on=False))
        options.output_file.write_text(text, encoding="utf-8")
    except OSError as error:
        return "", [f"{options.output_file}: it cannot be written: {error.strerror}"]
    return end, []


def _rendered(report: Report, options: Options, paint: Paint) -> str:
    if options.statistics:
        return render_counts(report, options.output_format, paint)
    return render(report, options.output_format, paint)


def _texts(checkouts: list[Checkout]) -> list[str]:
    return [text for checkout in checkouts for text in checkout.snapshot.buffers.values()]


def _exit_code(report: Report, checkouts: list[Checkout], options: Options) -> int:
    if options.exit_zero:
        return 0
    if options.diff:
        return FOUND if any(checkout.changed_texts() for checkout in checkouts) else 0
    least = Severity[options.fail_on.upper()]
    failing = any(item.finding.severity >= least for item in report.items)
    return FOUND if failing else 0
