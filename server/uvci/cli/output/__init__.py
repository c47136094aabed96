"""One file for each format of `uvci check`; `render` picks, and imports only what it needs."""

# ruff: noqa: PLC0415

from typing import assert_never

from uvci.cli.options import Format
from uvci.cli.report import Report
from uvci.cli.terminal import Paint


def render(report: Report, form: Format, paint: Paint) -> str:
    """The findings in a format."""
    match form:
        case Format.FULL:
            from uvci.cli.output.full import render_full

            return render_full(report, paint)
        case Format.CONCISE:
            from uvci.cli.output.concise import render_concise

            return render_concise(report, paint)
        case Format.JSON:
            from uvci.cli.output.json_list import render_json

            return render_json(report)
        case Format.GITLAB:
            from uvci.cli.output.gitlab import render_gitlab

            return render_gitlab(report)
        case Format.SARIF:
            from uvci.cli.output.sarif import render_sarif

            return render_sarif(report)
        case Format.JUNIT:
            from uvci.cli.output.junit import render_junit

            return render_junit(report)
        case Format.GITHUB:
            from uvci.cli.output.github import render_github

            return render_github(report)
        case _:
            assert_never(form)


def render_counts(report: Report, form: Format, paint: Paint) -> str:
    """The number of findings of each rule: as JSON where that is the format, else as lines."""
    from uvci.cli.output.statistics import render_statistics, render_statistics_json

    if form is Format.JSON:
        return render_statistics_json(report)
    return render_statistics(report, paint)
