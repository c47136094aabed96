"""Workflow commands of GitHub Actions, which show findings beside the changed lines."""

from uvci.cli.report import Item, Report
from uvci.rules.rule import Severity

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}


def render_github(report: Report) -> str:
    """One command for each finding (GitHub docs: workflow commands)."""
    return "".join(f"{_command(item)}\n" for item in report.items)


def _command(item: Item) -> str:
    start, end, finding = item.start, item.end, item.finding
    properties = {
        "title": f"uvci ({finding.rule.code})",
        "file": item.source.shown,
        "line": str(start.line),
        "endLine": str(end.line),
    }
    if start.line == end.line:
        properties |= {"col": str(start.column), "endColumn": str(end.column)}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    place = f"{item.source.shown}:{start.line}:{start.column}"
    message = _data(f"{place}: {finding.rule.code} {finding.message}")
    return f"::{_COMMANDS[finding.severity]} {listed}::{message}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
