"""GitLab's Code Quality report (GitLab docs: Code Quality, report format)."""

import json
import os
from collections import Counter
from hashlib import sha256
from pathlib import Path

from uvci.cli.report import Item, Report
from uvci.rules.rule import Severity
from uvci.syntax.paths import path_to

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "minor",
    Severity.HINT: "info",
}


def render_gitlab(report: Report) -> str:
    """One issue for each finding, paths relative to the project's folder."""
    seen: Counter[str] = Counter()
    issues = []
    for item in report.items:
        path = _project_path(item)
        identity = _identity(item, path, report)
        seen[identity] += 1
        finding = item.finding
        issues.append(
            {
                "description": f"{finding.rule.code}: {finding.message}",
                "check_name": finding.rule.name,
                "fingerprint": sha256(f"{identity}\0{seen[identity]}".encode()).hexdigest(),
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": path,
                    "lines": {"begin": item.start.line, "end": item.end.line},
                },
            }
        )
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _identity(item: Item, path: str, report: Report) -> str:
    """What stays the same when lines and jobs move: rule, file, keys that lead there, and text.

    Secrets are left out of the text: short ones could be guessed from what is made of it.
    """
    document, span = item.source.document, item.finding.span
    keys = "\0".join("-" if isinstance(key, int) else key for key in path_to(document, span.start))
    return "\0\0".join((item.finding.rule.code, path, keys, span.of(report.text_of(item.source))))


def _project_path(item: Item) -> str:
    project = os.environ.get("CI_PROJECT_DIR")
    place = item.source.repository / item.source.path
    if project and place.is_relative_to(real := Path(os.path.realpath(project))):
        return place.relative_to(real).as_posix()
    return item.source.path
