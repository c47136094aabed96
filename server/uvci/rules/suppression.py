"""Comments that silence findings: `# uvci: ignore[UVC209] reason` and `# uvci: ignore-file[…]`.

A comment behind code speaks of what begins on its line, one on a line of its own of what begins on
the next. Beside a job's name it also silences what that job gets from elsewhere.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.model import SourceFile
from uvci.pipeline.stamps import Memory
from uvci.rules.rule import Finding, Rule
from uvci.syntax.tree import Document, Mapping, Node, Scalar, Sequence
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_COMMENT = lazy_re(
    r"(?<![^\s])#[ \t]*uvci:[ \t]*ignore(?P<file>-file)?(?![\w-])(?:\[(?P<codes>[^\]\r\n]*)\])?"
    r"[^\r\n]*"
)
_MARK = "uvci:"
_silent: Memory[bool] = Memory(8192)
_WORD = lazy_re(r"[^\s,]+")


class Code(Struct, frozen=True):
    """One code or rule name inside the brackets; `text` is empty for a comment without any."""

    text: str
    span: Span

    def names(self, rule: Rule) -> bool:
        """Whether it means `rule`."""
        return self.text in ("", rule.code, rule.name)


class Suppression(Struct, frozen=True):
    """One comment. `target` is the text it speaks of, `job` the name of the job it stands beside.

    `span` covers the comment from its `#` to the end of the line.
    """

    path: str
    span: Span
    codes: tuple[Code, ...]
    target: Span
    job: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is typed within what the comment speaks of."""
        return finding.path == self.path and self.target.touches(finding.span.start)


class Suppressed(Struct, frozen=True):
    """What is left of some findings, and the codes that silenced at least one."""

    findings: tuple[Finding, ...]
    used: frozenset[tuple[Suppression, Code]]


def find_suppressions(file: SourceFile) -> tuple[Suppression, ...]:
    """All such comments of a file, in the order typed."""
    if not _mentions_us(file.document):
        return ()
    return tuple(_read(match, file) for match in _COMMENT.finditer(file.document.text))


def _mentions_us(document: Document) -> bool:
    """Whether such a comment may be there: told of each section once, a file may be long."""
    text, body = document.text, document.body
    if "#" not in text:
        return False
    if body is None or body.starts[0] > 1 or body.starts[-1] < len(text):
        return _MARK in text  # more than one YAML document: what parts them is in no section
    unclear = _silent.missing(body.parts)
    for number, part in enumerate(body.parts) if unclear else ():
        if part in unclear:
            if _MARK in text[body.starts[number] : body.starts[number + 1]]:
                return True
            _silent.keep(part, True)  # noqa: FBT003  what is kept
    return False


def suppress(findings: Iterable[Finding], suppressions: Iterable[Suppression]) -> Suppressed:
    """The findings that no comment silences; one that hits several jobs may lose some of them."""
    ordered = tuple(suppressions)
    used: set[tuple[Suppression, Code]] = set()
    kept = [left for finding in findings if (left := _left(finding, ordered, used))]
    return Suppressed(tuple(kept), frozenset(used))


def ignore_edit(document: Document, finding: Finding) -> TextEdit:
    """The edit that silences `finding` where it is typed."""
    text, code = document.text, finding.rule.code
    line = _line(text, finding.span.start)
    scalar = _lasting_scalar(document, line)
    if scalar is not None:
        line = _line(text, scalar.span.start)
    comment = _COMMENT.search(text, line.start, line.end)
    if comment and not comment["file"] and comment["codes"]:
        return TextEdit(Span(comment.end("codes"), comment.end("codes")), f", {code}")
    if scalar is None and "#" not in line.of(text):
        return TextEdit(Span(line.end, line.end), f"  # uvci: ignore[{code}]")
    indent = re.match(r"[ \t]*", line.of(text))
    newline = "\r\n" if "\r\n" in text else "\n"
    above = f"{indent[0] if indent else ''}# uvci: ignore[{code}]{newline}"
    return TextEdit(Span(line.start, line.start), above)


def _read(match: re.Match[str], file: SourceFile) -> Suppression:
    document = file.document
    span = Span(match.start(), len(match[0].rstrip()) + match.start())
    if match["file"]:
        return Suppression(file.path, span, _codes(match), Span(0, len(document.text)))
    line = _code_line(document.text, match.start())
    node = _first_on(document.root, line) if document.root else None
    job = _job_of(document, node) if node else None
    return Suppression(file.path, span, _codes(match), node or line, job)


def _codes(match: re.Match[str]) -> tuple[Code, ...]:
    if match["codes"] is None:
        return (Code("", Span(match.start(), match.end())),)
    start = match.start("codes")
    words = _WORD.finditer(match["codes"])
    return tuple(Code(word[0], Span(start + word.start(), start + word.end())) for word in words)


def _left(
    finding: Finding,
    suppressions: tuple[Suppression, ...],
    used: set[tuple[Suppression, Code]],
) -> Finding | None:
    jobs = finding.jobs
    for suppression in suppressions:
        code = next((code for code in suppression.codes if code.names(finding.rule)), None)
        if code is None:
            continue
        if suppression.covers(finding):
            used.add((suppression, code))
            return None
        if suppression.job in jobs:
            used.add((suppression, code))
            jobs = tuple(job for job in jobs if job != suppression.job)
    if finding.jobs and not jobs:
        return None
    return finding if jobs == finding.jobs else replace(finding, jobs=jobs)


def _line(text: str, offset: int) -> Span:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return Span(start, end - 1 if text[start:end].endswith("\r") else end)


def _code_line(text: str, comment: int) -> Span:
    line = _line(text, comment)
    while not (stripped := line.of(text).lstrip()) or stripped.startswith("#"):
        following = text.find("\n", line.end)
        if following < 0:
            return line
        line = _line(text, following + 1)
    return line


def _first_on(node: Node, line: Span) -> Span | None:
    """The outermost pair or item that begins on a line."""
    for part in _parts(node):
        if line.touches(part.start):
            return part
    for child in _children(node):
        if child.span.overlaps(line) and (found := _first_on(child, line)):
            return found
    return None


def _parts(node: Node) -> Iterator[Span]:
    match node:
        case Mapping():
            yield from (pair.span for pair in node.pairs)
        case Sequence():
            yield from (item.span for item in node.items)
        case _:
            return


def _children(node: Node) -> Iterator[Node]:
    match node:
        case Mapping():
            yield from (pair.value for pair in node.pairs)
        case Sequence():
            yield from node.items
        case _:
            return


def _job_of(document: Document, target: Span) -> str | None:
    pairs = document.mapping.pairs if document.mapping else ()
    keys = (pair.key for pair in pairs if pair.span == target)
    return next((key.text for key in keys if isinstance(key, Scalar)), None)


def _lasting_scalar(document: Document, line: Span) -> Scalar | None:
    """The scalar that begins on an earlier line or goes on after this one, if any."""
    node: Node | None = document.root
    while node is not None and not isinstance(node, Scalar):
        node = next((child for child in _children(node) if child.span.overlaps(line)), None)
    if node is None or line.covers(node.span):
        return None
    return node
