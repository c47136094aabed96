"""A change made of steps, each taken on what the one before it left."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from uvci.rules.edits import united
from uvci.rules.proof import fixed_texts, rebuilt
from uvci.rules.rule import Context, FileEdit
from uvci.text.difference import edits_between

Step: TypeAlias = Callable[[Context], tuple[FileEdit, ...]]
"""The edits of one step, for the pipeline as it then is; none where nothing is to be done."""


def after_steps(context: Context, steps: Iterable[Step]) -> Context | None:
    """The pipeline once all steps are taken; None where edits of one get into each other's way."""
    for step in steps:
        edits = united(step(context))
        if not edits:
            continue
        texts = fixed_texts(edits, context.pipeline)
        if texts is None:
            return None
        context = rebuilt(context, texts)
    return context


def edits_to(before: Context, after: Context) -> tuple[FileEdit, ...]:
    """The edits of whole lines that lead from one to the other."""
    new = {file.path: file.document.text for file in after.pipeline.files}
    return tuple(
        FileEdit(file.path, edit)
        for file in before.pipeline.files
        for edit in edits_between(file.document.text, new.get(file.path, file.document.text))
    )
