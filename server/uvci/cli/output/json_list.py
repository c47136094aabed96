"""Findings as a list of JSON objects."""

import json
from typing import Any

from uvci.cli.report import Item, Report
from uvci.rules.rule import Fix
from uvci.text.lines import Position


def render_json(report: Report) -> str:
    """One object for each finding; lines and columns are 1-based, columns count code points."""
    return (
        json.dumps([_finding(item) for item in report.items], indent=2, ensure_ascii=False) + "\n"
    )


def _finding(item: Item) -> dict[str, Any]:
    finding = item.finding
    return {
        "code": finding.rule.code,
        "name": finding.rule.name,
        "severity": finding.severity.name.lower(),
        "message": finding.message,
        "path": item.source.shown,
        "start": _position(item.start),
        "end": _position(item.end),
        "jobs": list(finding.jobs),
        "url": finding.rule.url,
        "fix": _fix(item, item.fix) if item.fix else None,
    }


def _fix(item: Item, fix: Fix) -> dict[str, Any]:
    edits = [
        {
            "path": source.shown,
            "start": _position(source.start(edit.edit.span)),
            "end": _position(source.end(edit.edit.span)),
            "content": edit.edit.content,
        }
        for edit in sorted(fix.edits)
        if (source := item.source_of(edit.path))
    ]
    return {"message": fix.title, "applicability": fix.applicability.value, "edits": edits}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}
