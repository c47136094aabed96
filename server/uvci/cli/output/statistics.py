"""How many findings each rule has."""

import json
from collections.abc import Iterator

from uvci.cli.report import Report
from uvci.cli.terminal import BOLD, CYAN, RED, Paint
from uvci.rules.rule import Rule


def render_statistics(report: Report, paint: Paint) -> str:
    """A line for each rule, most findings first; `[*]` marks rules with findings to fix."""
    rows = list(_rows(report))
    if not rows:
        return ""
    wide = len(str(rows[0][1]))
    lines = []
    for rule, count, fixable in rows:
        mark = f"[{paint('*', CYAN)}]" if fixable else "[ ]"
        lines.append(
            f"{paint(f'{count:>{wide}}', BOLD)}  {paint(rule.code, BOLD, RED)}  {mark} {rule.name}"
        )
    return "\n".join(lines) + "\n"


def render_statistics_json(report: Report) -> str:
    """The same as a list of JSON objects."""
    rows = [
        {"code": rule.code, "name": rule.name, "count": count, "fixable": fixable}
        for rule, count, fixable in _rows(report)
    ]
    return json.dumps(rows, indent=2) + "\n"


def _rows(report: Report) -> Iterator[tuple[Rule, int, int]]:
    found: dict[str, tuple[Rule, int, int]] = {}
    for item in report.items:
        rule = item.finding.rule
        _, count, fixable = found.get(rule.code, (rule, 0, 0))
        found[rule.code] = (rule, count + 1, fixable + (item.fix is not None))
    yield from sorted(found.values(), key=lambda row: (-row[1], row[0].code))
