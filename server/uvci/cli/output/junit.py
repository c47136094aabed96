"""JUnit's XML, which GitLab and others show as test results."""

from collections.abc import Iterator

from uvci.cli.report import Item, Report, Source
from uvci.text.patterns import lazy_re

_NOT_IN_XML = lazy_re("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: Report) -> str:
    """A suite for each file: a failure for each finding, or one test that passed."""
    by_file: dict[Source, list[Item]] = {source: [] for source in report.files}
    for item in report.items:
        by_file.setdefault(item.source, []).append(item)
    failures = len(report.items)
    tests = sum(max(len(items), 1) for items in by_file.values())
    suites = "".join(line for pair in by_file.items() for line in _suite(*pair))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<testsuites name="uvci" tests="{tests}" failures="{failures}" errors="0">\n'
        f"{suites}</testsuites>\n"
    )


def _suite(source: Source, items: list[Item]) -> Iterator[str]:
    name = _quoted(source.shown)
    tests = max(len(items), 1)
    counts = f'tests="{tests}" failures="{len(items)}" errors="0" skipped="0"'
    yield f"  <testsuite name={name} {counts}>\n"
    for item in items:
        yield from _case(item, name)
    if not items:
        yield f'    <testcase name="uvci" classname={name} file={name}/>\n'
    yield "  </testsuite>\n"


def _case(item: Item, file: str) -> Iterator[str]:
    finding, start = item.finding, item.start
    test = _quoted(f"{finding.rule.code} {finding.rule.name}")
    kind = _quoted(finding.severity.name.lower())
    place = f"{item.source.shown}:{start.line}:{start.column}"
    yield f'    <testcase name={test} classname={file} file={file} line="{start.line}">\n'
    yield f"      <failure type={kind} message={_quoted(finding.message)}>"
    yield f"{_escaped(f'{place}: {finding.rule.code} {finding.message}')}</failure>\n"
    yield "    </testcase>\n"


def _escaped(text: str) -> str:
    safe = _NOT_IN_XML.sub("\ufffd", text)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    flat = _escaped(text).replace('"', "&quot;")
    return '"' + flat.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;") + '"'
