"""UVC002: a comment that silences nothing."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from uvci.rules.rule import (
    Context,
    Example,
    FileEdit,
    Finding,
    FindingTag,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.suppression import Code, Suppression
from uvci.text.edits import TextEdit
from uvci.text.span import Span


def unused_suppressions(
    suppressions: Iterable[Suppression],
    used: Collection[tuple[Suppression, Code]],
    asked: Collection[Rule],
    known: Collection[Rule],
    context: Context,
) -> Iterator[Finding]:
    """The codes in comments that silenced nothing, and those that no rule of `known` has.

    Codes of rules that were not `asked` are left alone: nobody knows whether they are needed.
    """
    if RULE not in asked:
        return
    for suppression in suppressions:
        for code in suppression.codes:
            if (suppression, code) in used:
                continue
            if not any(code.names(rule) for rule in known):
                yield _finding(suppression, code, "no rule is called that", context)
            elif any(code.names(rule) for rule in asked):
                yield _finding(suppression, code, "nothing here would be reported", context)


def _finding(suppression: Suppression, code: Code, reason: str, context: Context) -> Finding:
    name = f" of `{code.text}`" if code.text else ""
    return Finding(
        RULE,
        f"This suppression{name} silences nothing: {reason}. Remove it.",
        suppression.path,
        code.span,
        RULE.severity,
        fixes=partial(_fixes, suppression, code, context),
        tags=(FindingTag.UNNECESSARY,),
    )


def _fixes(suppression: Suppression, code: Code, context: Context) -> tuple[Fix, ...]:
    file = context.pipeline.file(suppression.path)
    if file is None:
        return ()
    text = file.document.text
    if len(suppression.codes) > 1:
        span, title = _with_comma(code.span, text), f"Remove `{code.text}` from the suppression"
    else:
        span, title = _with_blanks(suppression.span, text), "Remove the suppression"
    return (Fix(title, (FileEdit(suppression.path, TextEdit(span, "")),), preferred=True),)


def _with_comma(span: Span, text: str) -> Span:
    """A code with the comma before it, or behind it where it is the first."""
    start = len(text[: span.start].rstrip(" \t,"))
    if text[start - 1] != "[":
        return Span(start, span.end)
    rest = text[span.end :]
    return Span(span.start, span.end + len(rest) - len(rest.lstrip(" \t,")))


def _with_blanks(comment: Span, text: str) -> Span:
    """A comment with the blanks before it, and with its line where nothing else is on it."""
    start = len(text[: comment.start].rstrip(" \t"))
    if start and text[start - 1] != "\n":
        return Span(start, comment.end)
    newline = text.find("\n", comment.end)
    return Span(start, len(text) if newline < 0 else newline + 1)


def _never(_: Context) -> Iterable[Finding]:
    """Nothing: what a comment silences is known only after all other rules were asked."""
    return ()


RULE = Rule(
    code="UVC002",
    name="unused-suppression",
    severity=Severity.WARNING,
    fix=FixKind.ALWAYS,
    what="Reports `# uvci: ignore[…]` comments, and single codes in them, that silence nothing.",
    why="A comment that outlives its reason hides the next mistake of that kind at this place.",
    check=_never,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim  # uvci: ignore[«UVC101»]
  script:
    - echo hello
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - echo hello
""",
        ),
    ),
    references=("https://docs.gitlab.com/ci/yaml/",),
)
