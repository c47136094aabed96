"""What GitLab's loader says about the text of one file."""

from collections.abc import Iterator

from uvci.syntax.tree import Document, Mapping
from uvci.text.span import Span

MOST_BYTES = 2 * 1024 * 1024
"""The largest file that GitLab reads (GitLab docs: maximum size of YAML files)."""

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
        line, column = _position(text, problem.span.start)
        yield f"(<unknown>): {said} at line {line} column {column}", problem.span
    root = None if document.problems else document.root
    if root is not None and not isinstance(root, Mapping):
        yield "Invalid configuration format", root.span


def _position(text: str, offset: int) -> tuple[int, int]:
    """Line and column from 1, as libyaml counts them: a byte order mark is not counted."""
    start = 1 if text.startswith("\ufeff") else 0
    before = text[start:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
