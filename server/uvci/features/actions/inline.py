"""A template written out in a job that extends it."""

from collections.abc import Iterator
from functools import partial

from uvci.features.actions.extract import same_jobs
from uvci.features.actions.refactoring import INLINE, offered, refused
from uvci.features.actions.typed_lines import typed_lines
from uvci.features.context import context_of
from uvci.features.stages import Step, after_steps, edits_to
from uvci.features.view import CodeAction, View
from uvci.rules.places import Owner, job_owner
from uvci.rules.rule import Change, Context, FileEdit, Fix
from uvci.syntax.layout import column_of
from uvci.syntax.patch import remove_item, remove_pair
from uvci.syntax.paths import key_text
from uvci.syntax.splice import insert_after
from uvci.syntax.tree import Mapping, Pair, Scalar, Sequence
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_EXTENDS = "extends"
_OTHERWISE = "The job would then run with something else."


def inlinings(view: View, span: Span) -> Iterator[CodeAction]:
    """The action for the template that a job extends, at the cursor on its name."""
    context = context_of(view)
    for job in view.pipeline.jobs:
        owner = job_owner(job, context)
        if owner is None or owner.path != view.path or owner.mapping.flow:
            continue
        name = _extended(owner, span.start)
        if name is not None:
            yield _inline(owner, name, view)
            return


def _extended(owner: Owner, offset: int) -> str | None:
    pair = owner.get(_EXTENDS)
    items = pair.value.items if pair and isinstance(pair.value, Sequence) else ()
    nodes = (pair.value,) if pair and isinstance(pair.value, Scalar) else items
    return next(
        (node.text for node in nodes if isinstance(node, Scalar) and node.span.touches(offset)),
        None,
    )


def _inline(owner: Owner, name: str, view: View) -> CodeAction:
    title = f"Write out `{name}` in this job"
    context = context_of(view)
    template = _owner(name, context)
    if template is None or template.mapping.flow:
        return refused(title, INLINE, f"`{name}` is not written in lines of its own here.")
    if template.get(_EXTENDS) is not None:
        return refused(title, INLINE, f"`{name}` extends others itself.")
    steps: list[Step] = [
        *(partial(_with_pair, owner.name, pair, template) for pair in template.mapping.pairs),
        partial(_without, owner.name, name),
    ]
    after = after_steps(context, steps)
    if after is None:
        return refused(title, INLINE, _OTHERWISE)
    keywords = (key_text(pair.key) for pair in template.mapping.pairs)
    declares = tuple(Change(owner.name, (keyword,)) for keyword in (_EXTENDS, *keywords))
    fix = Fix(title, edits_to(context, after), declares=declares)
    return offered(view, fix, INLINE, keeps=same_jobs, otherwise=_OTHERWISE)


def _owner(name: str, context: Context) -> Owner | None:
    job = context.pipeline.job(name)
    return job_owner(job, context) if job else None


def _with_pair(name: str, pair: Pair, template: Owner, context: Context) -> tuple[FileEdit, ...]:
    """What the template has and the job lacks; of mappings what they lack."""
    owner = _owner(name, context)
    if owner is None:
        return ()
    edits = _filled(owner, owner.mapping, pair, template)
    return tuple(FileEdit(owner.path, edit) for edit in edits)


def _filled(owner: Owner, into: Mapping, pair: Pair, template: Owner) -> Iterator[TextEdit]:
    own = into.pair(key_text(pair.key))
    if own is None:
        last, column = into.pairs[-1], column_of(owner.document.text, into.span.start)
        lines = typed_lines(template.document, pair)
        yield insert_after(owner.document, last.span.start, last.value, lines, column)
        return
    here, there = own.value, pair.value
    if isinstance(here, Mapping) and isinstance(there, Mapping) and not (here.flow or there.flow):
        for below in there.pairs:
            yield from _filled(owner, here, below, template)


def _without(name: str, template: str, context: Context) -> tuple[FileEdit, ...]:
    owner = _owner(name, context)
    pair = owner.get(_EXTENDS) if owner else None
    if owner is None or pair is None:
        return ()
    value = pair.value
    if isinstance(value, Sequence) and len(value.items) > 1:
        names = [item.text if isinstance(item, Scalar) else "" for item in value.items]
        edits = remove_item(owner.document, value, names.index(template))
    else:
        edits = remove_pair(owner.document, owner.mapping, pair)
    return tuple(FileEdit(owner.path, edit) for edit in edits)
