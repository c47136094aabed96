"""A view as rules and proofs take it."""

from functools import lru_cache

from uvci.features.view import View
from uvci.rules.rule import Context
from uvci.syntax.tree import Document


@lru_cache(maxsize=4)
def context_of(view: View) -> Context:
    """The pipeline around a view."""
    return Context(view.pipeline, view.project, view.files, view.settings)


def document_of(view: View, path: str) -> Document | None:
    """The parsed text of one of the pipeline's files."""
    if path == view.path:
        return view.document
    file = view.pipeline.file(path)
    return file.document if file else None
