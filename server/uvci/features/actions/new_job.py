"""Whole jobs of uv, added at the end of a pipeline."""

from collections.abc import Iterator

from uvci.features.actions.refactoring import REWRITE, offered
from uvci.features.new_jobs.texts import JobText, job_texts
from uvci.features.view import CodeAction, View
from uvci.rules.rule import Change, FileEdit, Fix
from uvci.syntax.layout import line_end, line_start
from uvci.syntax.patch import append_root
from uvci.text.span import Span

_OTHERWISE = "The pipeline would change in more than this job, or get new mistakes."


def new_jobs(view: View, span: Span) -> Iterator[CodeAction]:
    """The jobs that can be added, where the selection is an empty line between entries."""
    text = view.document.text
    start = line_start(text, span.start)
    if span or text[start : line_end(text, start)].strip() or _is_inside(view, start):
        return
    if view.document.root is not None and view.document.mapping is None:
        return
    for found in job_texts(view, span.start):
        edits = append_root(view.document, "\n".join(found.lines))
        fix = Fix(
            _title(found),
            tuple(FileEdit(view.path, edit) for edit in edits),
            declares=tuple(Change(name) for name in (found.name, found.first) if name),
        )
        action = offered(view, fix, REWRITE, otherwise=_OTHERWISE)
        if not action.disabled:
            yield action


def _title(found: JobText) -> str:
    what = "template" if found.name.startswith(".") else "job"
    does = found.job.does.removeprefix("is a template of ")
    first = f", and a job `{found.first}` that extends it" if found.first else ""
    title = f"Add a {what} `{found.name}`{first}"
    return f"{title}: {does}" if what == "template" else f"{title} that {does}"


def _is_inside(view: View, start: int) -> bool:
    """Whether an entry goes on below an empty line, or a block scalar holds it."""
    text = view.document.text
    following = text[start:].lstrip("\r\n \t")
    at = len(text) - len(following)
    if not following:
        return False
    begins = [section.span.start for section in view.document.sections]
    return line_start(text, at) != at or (at not in begins and not following.startswith("#"))
