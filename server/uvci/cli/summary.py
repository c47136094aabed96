"""What a run says while it works, and at its end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from uvci.cli.options import Format
from uvci.cli.report import Report
from uvci.cli.terminal import BOLD, CYAN, GREEN, Paint
from uvci.rules.rule import Applicability, Severity

_WORTH_A_BAR = 20


@contextmanager
def watched(count: int) -> Iterator[Callable[[int], None]]:
    """A progress bar for many files on a terminal; nothing elsewhere. Yields what advances it."""
    if count < _WORTH_A_BAR or not sys.stderr.isatty():
        yield lambda _: None
        return
    import click  # noqa: PLC0415  most runs are over before a bar is worth its loading

    with click.progressbar(length=count, label="Checking", file=sys.stderr) as bar:
        yield bar.update


def summary(report: Report, form: Format, paint: Paint) -> str:
    """One line or two: what was looked at, what is left, and what `--fix` could do.

    The latter costs proofs, which only the full format makes.
    """
    if not report.files:
        return ""
    looked_at = _counted(len(report.files), "file")
    done = f"Fixed {_counted(report.fixed, 'finding')}. " if report.fixed else ""
    if report.silenced:
        done = f"Silenced {_counted(report.silenced, 'finding')}. "
    if not report.items:
        return f"{done}{paint(f'Nothing to report in {looked_at}.', GREEN)}\n"
    hit = len({item.source for item in report.items})
    fixable = _fixable(report, paint) if form is Format.FULL else ""
    found = paint(f"Found {_counted(len(report.items), 'finding')}", BOLD)
    return f"{done}{found} in {hit} of {looked_at}: {_severities(report)}.\n{fixable}"


def _severities(report: Report) -> str:
    return ", ".join(
        _counted(report.severities[severity], severity.name.lower())
        for severity in reversed(Severity)
        if report.severities[severity]
    )


def _fixable(report: Report, paint: Paint) -> str:
    safe, unsafe = report.fixable[Applicability.SAFE], report.fixable[Applicability.UNSAFE]
    if report.unsafe:
        safe, unsafe = safe + unsafe, 0
    star = f"[{paint('*', CYAN)}]"
    match safe, unsafe:
        case 0, 0:
            return ""
        case 0, _:
            return f"{star} {unsafe} can be fixed with `--fix --unsafe-fixes`.\n"
        case _, 0:
            return f"{star} {safe} can be fixed with `--fix`.\n"
        case _:
            return (
                f"{star} {safe} can be fixed with `--fix`, {unsafe} more with `--unsafe-fixes`.\n"
            )


def _counted(count: int, noun: str) -> str:
    if noun == "info":
        return f"{count} info"
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
