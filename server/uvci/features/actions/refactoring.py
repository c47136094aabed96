"""Changes that keep what a pipeline does, proven before they are offered."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from uvci.features.context import context_of
from uvci.features.view import CodeAction, View
from uvci.pipeline.model import Pipeline
from uvci.rules.check import check
from uvci.rules.edits import united
from uvci.rules.proof import fixed_texts, is_proven, rebuilt
from uvci.rules.rule import Context, Finding, Fix

EXTRACT = "refactor.extract"
INLINE = "refactor.inline"
REWRITE = "refactor.rewrite"

Check: TypeAlias = Callable[[Pipeline, Pipeline], bool]
"""Whether the pipeline after a change is as good as the one before it."""


def offered(
    view: View, fix: Fix, kind: str, *, keeps: Check | None = None, otherwise: str
) -> CodeAction:
    """The action for a change; disabled, with `otherwise` as the reason, where the proof fails.

    The change must do what it declares and nothing else, and `keeps` must hold of the pipelines.
    """
    edits = united(fix.edits)
    promise = Fix(fix.title, edits, fix.applicability, declares=fix.declares)
    if not edits or not _holds(view, promise, keeps):
        return refused(fix.title, kind, otherwise)
    return CodeAction(fix.title, kind, lambda: edits)


def refused(title: str, kind: str, reason: str) -> CodeAction:
    """An action that cannot be pressed, and why."""
    return CodeAction(title, kind, tuple, disabled=reason)


def _holds(view: View, fix: Fix, keeps: Check | None) -> bool:
    context = context_of(view)
    if not is_proven(fix, context, _findings(context)):
        return False
    if keeps is None:
        return True
    texts = fixed_texts(fix.edits, view.pipeline)
    return bool(texts) and keeps(view.pipeline, rebuilt(context, texts or {}).pipeline)


@lru_cache(maxsize=2)
def _findings(context: Context) -> tuple[Finding, ...]:
    """What is found before any change; each proof of one request compares with it."""
    return check(context)
