"""A job that works with pip, poetry or pipenv, with uv in their place."""

import re
from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from uvci.catalog.tokens import masked
from uvci.features.actions.refactoring import REWRITE, offered, refused
from uvci.features.context import document_of
from uvci.features.entries import entry_of
from uvci.features.migration.model import Plan, Refusal
from uvci.features.migration.plan import plan_of
from uvci.features.migration.result import TITLE, Migration, migration_of
from uvci.features.view import Annotation, CodeAction, View
from uvci.pipeline.model import Job
from uvci.rules.rule import FileEdit
from uvci.syntax.layout import line_end, line_start
from uvci.syntax.paths import locate, path_to
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_TOOLS = lazy_re(r"\b(?:pip3?|pip-sync|poetry|pipenv|tox)\b")
_KEYWORD = lazy_re(
    r"^\s*(image|cache|variables|after_script|before_script|script)\s*:", re.MULTILINE
)
_OTHERWISE = "The pipeline would change in more than this job, or get new mistakes."


def migrations(view: View, span: Span) -> Iterator[CodeAction]:
    """The action for the job at a selection, disabled with the reason where it cannot be done."""
    job = job_to_change(view, span, _TOOLS)
    plan = plan_of(job, view) if job else None
    if plan is None:
        return
    found = migration_of(plan) if isinstance(plan, Plan) else plan
    if isinstance(found, Refusal):
        yield refused(TITLE, REWRITE, masked(found.why))
        return
    action = offered(view, found.fix, REWRITE, otherwise=_OTHERWISE)
    yield replace(action, annotate=partial(_annotation, view, found))


def job_to_change(view: View, span: Span, words: re.Pattern[str]) -> Job | None:
    """The job whose name or keyword the selection begins on, or a line with one of some words."""
    document = view.document
    found = locate(document.root, span.start)
    keys = tuple(step for step in path_to(document, span.start) if isinstance(step, str))
    entry = entry_of(keys)
    if found is None or entry is None:
        return None
    line = document.text[
        line_start(document.text, span.start) : line_end(document.text, span.start)
    ]
    if not (found.on_key and len(found.path) <= 2) and not words.search(line):
        return None
    job = view.pipeline.job(entry)
    return job if job is not None and job.name_origin.path == view.path else None


def _annotation(view: View, migration: Migration, edit: FileEdit) -> Annotation:
    """What an edit is for, by the keywords it is about."""
    document = document_of(view, edit.path)
    old = edit.edit.span.of(document.text) if document else ""
    keywords = set(_KEYWORD.findall(f"{old}\n{edit.edit.content}"))
    gone = [name for name in migration.removed if name in old]
    if document is not None and not (keywords or gone):
        path = [step for step in path_to(document, edit.edit.span.start) if isinstance(step, str)]
        keywords = set(path[1:2])
    parts = dict(_about(keywords, migration.plan, ", ".join(gone)))
    first, *others = parts
    *most, last = [first, *map(str.lower, others)]
    label = f"{', '.join(most)} and {last}" if most else last
    return Annotation(label, ". ".join(filter(None, parts.values())), confirm=True)


def _about(keywords: set[str], plan: Plan, gone: str) -> Iterator[tuple[str, str]]:
    """What changes below some keywords, and what there is to say of it."""
    around_it = keywords & {"cache", "variables", "after_script"}
    if "image" in keywords:
        text = getattr(getattr(plan.job.image, "name", None), "text", "")
        yield "Image", f"{text} with uv in it" if text else ""
    if around_it:
        yield "Cache", "uv keeps its downloads in the project, pruned"
    if gone:
        yield "Variables", f"Nothing reads {gone} any more"
    if keywords & {"script", "before_script"} or not (around_it or gone or "image" in keywords):
        yield "Commands", _about_commands(plan)


def _about_commands(plan: Plan) -> str:
    """What goes and what stays, and why."""
    gone = [f"{one.span.of(one.line.text).strip()}: {one.why}" for one in plan.drops]
    left = [f"{one.text}: {one.why}" for one in plan.left]
    parts = [f"Not needed: {'; '.join(gone)}"] if gone else []
    parts += [f"Left as it is: {'; '.join(left)}"] if left else []
    return masked(". ".join(parts))
