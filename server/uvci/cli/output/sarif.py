"""SARIF 2.1.0, the exchange format of static analysis (OASIS standard)."""

import json
from typing import Any
from urllib.parse import quote

from uvci import __version__
from uvci.cli.report import Item, Report, Source
from uvci.rules.docs import rule_page
from uvci.rules.registry import RULES
from uvci.rules.rule import Fix, Related, Rule, Severity
from uvci.text.span import Span

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}


def render_sarif(report: Report) -> str:
    """One run; its rules are all there are, columns count code points."""
    driver = {"name": "uvci", "version": __version__, "rules": [_rule(rule) for rule in RULES]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item) for item in report.items],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.what} {rule.why}", "markdown": rule_page(rule)},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(item: Item) -> dict[str, Any]:
    finding = item.finding
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": next(index for index, rule in enumerate(RULES) if rule is finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(item.source, finding.span)],
    }
    related = [each for place in finding.related if (each := _related(item, place))]
    if related:
        result["relatedLocations"] = related
    if item.fix:
        result["fixes"] = [_fix(item, item.fix)]
    if finding.jobs:
        result["properties"] = {"jobs": list(finding.jobs)}
    return result


def _related(item: Item, related: Related) -> dict[str, Any] | None:
    source = item.source_of(related.path)
    if source is None:
        return None
    return {**_location(source, related.span), "message": {"text": related.message}}


def _location(source: Source, span: Span) -> dict[str, Any]:
    place = {"artifactLocation": _artifact(source), "region": _region(source, span)}
    return {"physicalLocation": place}


def _fix(item: Item, fix: Fix) -> dict[str, Any]:
    changes: dict[Source, list[dict[str, Any]]] = {}
    for edit in sorted(fix.edits):
        if source := item.source_of(edit.path):
            replacement = {
                "deletedRegion": _region(source, edit.edit.span),
                "insertedContent": {"text": edit.edit.content},
            }
            changes.setdefault(source, []).append(replacement)
    listed = [
        {"artifactLocation": _artifact(source), "replacements": replacements}
        for source, replacements in changes.items()
    ]
    return {"description": {"text": fix.title}, "artifactChanges": listed}


def _artifact(source: Source) -> dict[str, str]:
    scheme = "file://" if source.shown.startswith("/") else ""
    return {"uri": scheme + quote(source.shown)}


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.start(span), source.end(span)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
