"""One line for each finding, as compilers print them."""

from uvci.cli.report import Item, Report
from uvci.cli.terminal import BOLD, CYAN, RED, Paint, printable


def render_concise(report: Report, paint: Paint) -> str:
    """`path:line:column: CODE message`."""
    return "".join(f"{_line(item, paint)}\n" for item in report.items)


def _line(item: Item, paint: Paint) -> str:
    colon = paint(":", CYAN)
    start = item.start
    place = f"{paint(item.source.shown, BOLD)}{colon}{start.line}{colon}{start.column}{colon}"
    finding = item.finding
    return f"{place} {paint(finding.rule.code, BOLD, RED)} {printable(finding.message)}"
