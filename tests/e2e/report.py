"""The last lines of a run: which editors ran, in which version, for how long, or why not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

VERSION = "editor"
_PHASES = ("passed", "failed", "error", "skipped", "")


@dataclass
class Editor:
    """What the reports of one file of tests say."""

    version: str = ""
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        self.seconds += report.duration
        self.version = dict(report.user_properties).get(VERSION, self.version)
        self.passed += report.passed and report.when == "call"
        self.failed += report.failed
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons.append(report.longrepr[2].removeprefix("Skipped: "))

    def line(self, name: str) -> str:
        """One line for the summary."""
        title = self.version or name
        if self.reasons and not self.passed and not self.failed:
            return f"{title}: did not run: {self.reasons[0]}"
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{title}: {self.passed} passed{failed} in {self.seconds:.0f} s"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the editors, where any was asked for."""
    editors = _editors(
        report
        for phase in _PHASES
        for report in terminalreporter.stats.get(phase, [])
        if isinstance(report, pytest.TestReport)
    )
    if not editors:
        return
    terminalreporter.section("editors")
    for name, editor in sorted(editors.items()):
        terminalreporter.line(editor.line(name))


def _editors(reports: Iterable[pytest.TestReport]) -> dict[str, Editor]:
    editors: dict[str, Editor] = defaultdict(Editor)
    for report in reports:
        folder, _, test = report.nodeid.partition("tests/e2e/test_")
        if not folder and test:
            editors[test.partition(".py")[0]].add(report)
    return editors
