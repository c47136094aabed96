"""What GitLab's loader says about the text of one file."""

from collections.abc import Iterator

from uvci.pipeline.tags import refused_classes
from uvci.syntax.tree import Document, SyntaxProblem
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

MOST_BYTES = 2 * 1024 * 1024
"""The largest file that GitLab reads (GitLab docs: maximum size of YAML files)."""

NOTHING = "Please provide content of .gitlab-ci.yml"
_NO_MAPPING = "Invalid configuration format"
_BREAK = lazy_re("\r\n|[\r\n\x85\u2028\u2029]")
_VERBATIM = ("The parsed YAML is too big", "Unknown alias:", "Tried to load")


def loading_messages(document: Document) -> Iterator[tuple[str, Span]]:
    """Each refusal with its place; syntax errors in the words of GitLab's YAML reader."""
    text = document.text
    if len(text) > MOST_BYTES // 4 and len(text.encode("utf-8", "replace")) > MOST_BYTES:
        yield "The provided YAML is too big", Span(0, 0)
    for problem in document.problems:
        if problem.message.startswith(_VERBATIM):
            yield problem.message, problem.span
            continue
        said = f"{problem.message} {problem.context}".rstrip()
        line, column = _position(text, _began(problem, document))
        yield f"(<unknown>): {said} at line {line} column {column}", problem.span
    if document.problems:
        return
    for name, span in refused_classes(document):
        yield f"Tried to load unspecified class: {name}", span
    if not text or text.isspace():
        yield NOTHING, Span(0, 0)
    elif not document.holds_mapping:
        yield _NO_MAPPING, document.root.span if document.root else Span(0, 0)


def _began(problem: SyntaxProblem, document: Document) -> int:
    """Where GitLab says a syntax error is: where what was being read began, as libyaml has it.

    That is the first key of all where a line at column 0 does not go on as a mapping does.
    """
    if problem.message == "control characters are not allowed":
        return 0  # libyaml refuses the whole text for one of them
    began = problem.began if problem.began >= 0 else problem.span.start
    if problem.context == "while parsing a block mapping" and document.root is not None:
        at_margin = began == 0 or document.text[began - 1 : began] == "\n"
        return min(began, document.root.span.start) if at_margin else began
    return began


def _position(text: str, offset: int) -> tuple[int, int]:
    """Line and column from 1, as libyaml counts them: a byte order mark is not counted."""
    start = 1 if text.startswith("\ufeff") else 0
    before = text[start : max(start, offset)]
    ends = [found.end() for found in _BREAK.finditer(before)]
    return len(ends) + 1, len(before) - (ends[-1] if ends else 0) + 1
