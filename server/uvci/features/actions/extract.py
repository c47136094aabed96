"""Keywords that jobs have in common, put where they stand once: in `default`, or in a template."""

from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.gitlab import Place, keywords_at
from uvci.features.actions.refactoring import EXTRACT, offered, refused
from uvci.features.actions.typed_lines import typed_content, typed_lines
from uvci.features.context import context_of
from uvci.features.markdown import listed
from uvci.features.stages import Step, after_steps, edits_to
from uvci.features.view import CodeAction, View
from uvci.pipeline.model import Job, Pipeline
from uvci.rules.check import name_jobs
from uvci.rules.places import Owner, job_owner
from uvci.rules.proof import effective_differences
from uvci.rules.rule import Change, Context, FileEdit, Fix
from uvci.syntax.layout import column_of, end_of_lines, line_start, newline_of
from uvci.syntax.patch import append_root
from uvci.syntax.paths import key_text
from uvci.syntax.splice import insert_after, insert_before
from uvci.syntax.tree import Mapping, Pair
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_DEFAULT, _EXTENDS = "default", "extends"
_STAYS = frozenset({_EXTENDS, "stage", "needs", "dependencies", "inherit", "trigger", "<<"})
"""Keywords that are a job's own, or that say what it is built from."""
_BEFORE_JOBS = frozenset({"include", "stages", "variables", "workflow", "spec", "image"})
_OTHERWISE = "Some job would then run with something else, or a comment would be lost."


class _Chosen(Struct, frozen=True):
    """The keywords of a job that are to move, as they are typed in lines of their own."""

    owner: Owner
    pairs: tuple[Pair, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key_text(pair.key) for pair in self.pairs)

    def lines(self) -> list[str]:
        """What is typed, from column 0 on, with the comments on its lines."""
        document = self.owner.document
        return [line for pair in self.pairs for line in typed_lines(document, pair)]

    def content(self) -> list[str]:
        """The same without the comments behind it."""
        document = self.owner.document
        return [line for pair in self.pairs for line in typed_content(document, pair)]


def extractions(view: View, span: Span) -> Iterator[CodeAction]:
    """What can be done with the keywords of a job whose names a selection touches."""
    chosen = _chosen(view, span)
    if chosen is None:
        return
    context = context_of(view)
    alike = _alike(chosen, context)
    names = {keyword.name for keyword in keywords_at((), Place.DEFAULT)}
    if len(chosen.pairs) == 1 and chosen.names[0] in names:
        yield _to_default(chosen, alike, view)
    yield _to_template(chosen, alike, view)


def _chosen(view: View, span: Span) -> _Chosen | None:
    context = context_of(view)
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        if job.name_origin.path != view.path:
            continue
        owner = job_owner(job, context)
        if owner is None or owner.mapping.flow or owner.path != view.path:
            continue
        pairs = tuple(pair for pair in owner.mapping.pairs if _is_chosen(pair, span))
        if pairs and not job.hidden:
            return _Chosen(owner, pairs)
    return None


def _is_chosen(pair: Pair, span: Span) -> bool:
    touched = span.touches(pair.key.span.start) or pair.key.span.touches(span.start)
    return touched and not pair.is_merge and key_text(pair.key) not in _STAYS


def _alike(chosen: _Chosen, context: Context) -> tuple[_Chosen, ...]:
    """The visible jobs of the same file that have just these keywords too, the job among them."""
    found = []
    for job in context.pipeline.jobs:
        owner = job_owner(job, context)
        if owner is None or owner.path != chosen.owner.path or owner.mapping.flow:
            continue
        pairs = tuple(pair for name in chosen.names if (pair := owner.get(name)))
        same = _Chosen(owner, pairs)
        if same.names == chosen.names and same.content() == chosen.content():
            found.append(same)
    return tuple(found)


# ---------------------------------------------------------------- where they go


def _to_default(chosen: _Chosen, alike: tuple[_Chosen, ...], view: View) -> CodeAction:
    name = chosen.names[0]
    title = f"Move `{name}` to `default`{_for(alike)}"
    root = chosen.owner.document.mapping
    default = root.pair(_DEFAULT) if root else None
    if default is not None and not isinstance(default.value, Mapping):
        return refused(title, EXTRACT, "`default` holds no keywords yet that this could join.")
    if default is not None and isinstance(default.value, Mapping) and default.value.pair(name):
        return refused(title, EXTRACT, f"`default` has another `{name}`.")
    others = [job.name for job in view.pipeline.jobs if name not in job.keywords.entries]
    if others:
        they = name_jobs(tuple(others))
        return refused(title, EXTRACT, f"{they[:1].upper()}{they[1:]} would get it too.")
    steps: list[Step] = [
        *_removals(alike),
        partial(_into_default, chosen.owner.path, chosen.lines()),
    ]
    declares = (
        Change("", (_DEFAULT, name)),
        *(Change(each.owner.name, (name,)) for each in alike),
        *(Change(job.name, (name,)) for job in view.pipeline.hidden),
    )
    return _offered(view, title, steps, declares)


def _to_template(chosen: _Chosen, alike: tuple[_Chosen, ...], view: View) -> CodeAction:
    template = _free_name(view.pipeline)
    what = listed([f"`{name}`" for name in chosen.names])
    title = f"Extract {what} into a template `{template}`{_for(alike)}"
    if any(len(each.pairs) == len(each.owner.mapping.pairs) for each in alike):
        return refused(title, EXTRACT, "Nothing would be left of the job.")
    names = [each.owner.name for each in alike]
    steps: list[Step] = [
        *_removals(alike),
        *(partial(_extending, name, template) for name in names),
        partial(_with_template, chosen.owner.path, template, chosen.lines()),
    ]
    declares = (
        Change(template),
        *(Change(name, (_EXTENDS,)) for name in names),
        *(Change(name, (keyword,)) for name in names for keyword in chosen.names),
    )
    return _offered(view, title, steps, declares)


def _for(alike: tuple[_Chosen, ...]) -> str:
    return f", for {len(alike)} jobs" if len(alike) > 1 else ""


def _free_name(pipeline: Pipeline) -> str:
    names = (f".base{number}" if number > 1 else ".base" for number in range(1, 1000))
    return next(name for name in names if pipeline.job(name) is None)


def _offered(view: View, title: str, steps: list[Step], declares: tuple[Change, ...]) -> CodeAction:
    context = context_of(view)
    after = after_steps(context, steps)
    if after is None:
        return refused(title, EXTRACT, _OTHERWISE)
    fix = Fix(title, edits_to(context, after), declares=declares)
    return offered(view, fix, EXTRACT, keeps=same_jobs, otherwise=_OTHERWISE)


def same_jobs(before: Pipeline, after: Pipeline) -> bool:
    """Whether every job runs as it did, whatever it is built from."""
    visible = {job.name for job in before.jobs}
    return not any(
        name in visible and path[:1] != (_EXTENDS,)
        for name, path in effective_differences(before, after)
    )


# ---------------------------------------------------------------- steps


def _removals(alike: tuple[_Chosen, ...]) -> list[Step]:
    return [partial(_without, each.owner.name, name) for each in alike for name in each.names]


def _in_job(
    name: str, context: Context, edit: Callable[[Owner], tuple[FileEdit, ...]]
) -> tuple[FileEdit, ...]:
    job: Job | None = context.pipeline.job(name)
    owner = job_owner(job, context) if job else None
    return edit(owner) if owner else ()


def _without(name: str, keyword: str, context: Context) -> tuple[FileEdit, ...]:
    """The keyword goes with its lines, and with the comments on them, which move with it."""

    def edit(owner: Owner) -> tuple[FileEdit, ...]:
        pair, text = owner.get(keyword), owner.document.text
        if pair is None:
            return ()
        start = line_start(text, pair.span.start)
        end = end_of_lines(text, pair.span.start, pair.value)
        end += len(newline_of(text)) if end < len(text) else 0
        return (FileEdit(owner.path, TextEdit(Span(start, end), "")),)

    return _in_job(name, context, edit)


def _extending(name: str, template: str, context: Context) -> tuple[FileEdit, ...]:
    """The template comes last: of several, GitLab lets the last one win."""

    def edit(owner: Owner) -> tuple[FileEdit, ...]:
        if owner.get(_EXTENDS) is None:
            return owner.add(_EXTENDS, template, before=owner.mapping.pairs[0])
        return owner.append(_EXTENDS, template)

    return _in_job(name, context, edit)


def _with_template(
    path: str, name: str, lines: list[str], context: Context
) -> tuple[FileEdit, ...]:
    file = context.pipeline.file(path)
    if file is None:
        return ()
    text = "\n".join([f"{name}:", *(f"  {line}" if line else "" for line in lines)])
    return tuple(FileEdit(path, edit) for edit in append_root(file.document, text))


def _into_default(path: str, lines: list[str], context: Context) -> tuple[FileEdit, ...]:
    file = context.pipeline.file(path)
    root = file.document.mapping if file else None
    if file is None or root is None:
        return ()
    default = root.pair(_DEFAULT)
    if default is not None and isinstance(default.value, Mapping):
        last = default.value.pairs[-1]
        column = column_of(file.document.text, default.value.span.start)
        edit = insert_after(file.document, last.span.start, last.value, lines, column)
    else:
        first = next((p for p in root.pairs if key_text(p.key) not in _BEFORE_JOBS), root.pairs[0])
        below = [f"  {line}" if line else "" for line in lines]
        edit = insert_before(file.document, first, [f"{_DEFAULT}:", *below, ""], 0)
    return (FileEdit(path, edit),)
