"""Each finding with the lines it stands on, for reading."""

from collections.abc import Iterator

from uvci.cli.report import Item, Report, Source
from uvci.cli.terminal import BLUE, BOLD, CYAN, GREEN, RED, YELLOW, Paint, printable, width
from uvci.rules.rule import Applicability, Severity
from uvci.text.span import Span

_COLOURS = {
    Severity.ERROR: RED,
    Severity.WARNING: YELLOW,
    Severity.INFO: BLUE,
    Severity.HINT: CYAN,
}
_LONGEST = 160
_MARGIN = 40
_TAB = "    "


def render_full(report: Report, paint: Paint) -> str:
    """Severity, code and message; the place; the lines around it; what would help."""
    return "".join("\n".join(_block(item, report, paint)) + "\n\n" for item in report.items)


def _block(item: Item, report: Report, paint: Paint) -> Iterator[str]:
    finding, start = item.finding, item.start
    lines = _shown_lines(item)
    gutter = " " * len(str(lines[-1] + 1))
    rule = f"{finding.severity.name.lower()}[{finding.rule.code}]"
    colour = _COLOURS[finding.severity]
    yield f"{paint(rule, BOLD, colour)}: {paint(printable(finding.message), BOLD)}"
    arrow = paint("-->", BOLD, BLUE)
    yield f"{gutter}{arrow} {printable(item.source.shown)}:{start.line}:{start.column}"
    if item.source.text:
        bar = paint("|", BOLD, BLUE)
        yield f"{gutter} {bar}"
        for line in lines:
            yield from _excerpt(item, line, gutter, report, paint)
        yield f"{gutter} {bar}"
    for related in finding.related:
        if source := item.source_of(related.path):
            place = source.start(related.span)
            where = f"{source.shown}:{place.line}:{place.column}"
            yield f"{paint('note', BOLD, CYAN)}: {printable(related.message)} ({printable(where)})"
    if item.fix:
        how = _how(item.fix.applicability, report)
        yield f"{paint('help', BOLD, GREEN)}: {printable(item.fix.title)}{how}"


def _how(applicability: Applicability, report: Report) -> str:
    match applicability:
        case Applicability.SAFE:
            return " [--fix]"
        case Applicability.UNSAFE:
            return " [--fix --unsafe-fixes]" if not report.unsafe else " [--fix]"


def _shown_lines(item: Item) -> range:
    """The finding's first line, with one line before and one behind it if they say anything."""
    source = item.source
    line = source.lines.line_of(item.finding.span.start)
    first = line - 1 if line and _text(source, line - 1).strip() else line
    behind = line + 1 < source.lines.line_count and _text(source, line + 1).strip()
    return range(first, line + 2 if behind else line + 1)


def _text(source: Source, line: int) -> str:
    return source.lines.line_span(line).of(source.text)


def _excerpt(item: Item, line: int, gutter: str, report: Report, paint: Paint) -> Iterator[str]:
    source, span = item.source, item.finding.span
    content = report.text_of(source)
    bar = paint("|", BOLD, BLUE)
    whole = source.lines.line_span(line)
    marked = source.lines.line_of(span.start) == line
    begin = _crop(whole, span.start if marked else whole.start)
    shown = Span(begin, min(whole.end, begin + _LONGEST))
    text = _flat(shown.of(content))
    number = paint(f"{line + 1:>{len(gutter)}}", BOLD, BLUE)
    yield f"{number} {bar} {text}".rstrip()
    if marked:
        before = width(_flat(content[begin : span.start]))
        end = max(min(span.end, shown.end), span.start)
        carets = "^" * max(1, width(_flat(content[span.start : end])))
        under = paint(carets, BOLD, _COLOURS[item.finding.severity])
        yield f"{gutter} {bar} {' ' * before}{under}"


def _crop(line: Span, start: int) -> int:
    """Where to begin to show a line so that `start` is seen."""
    if len(line) <= _LONGEST or start - line.start < _LONGEST - _MARGIN:
        return line.start
    return start - _MARGIN


def _flat(text: str) -> str:
    return printable(text.replace("\t", _TAB))
