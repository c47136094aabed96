"""One variable for the uv of all images that write its release out."""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from uvci.features.actions.quick_fix import findings_at
from uvci.features.actions.refactoring import EXTRACT, offered
from uvci.features.context import context_of
from uvci.features.view import Annotation, CodeAction, View
from uvci.pipeline.values import Origin
from uvci.rules.images import uv_version_drift
from uvci.rules.images.one_version import OneVersion, one_version, pins
from uvci.rules.rule import FileEdit
from uvci.text.span import Span

_OTHERWISE = "Some job would not get the variable with this value."


def one_versions(view: View, span: Span) -> Iterator[CodeAction]:
    """The action for a pinned image at a selection, if other images pin a release too.

    A finding there offers the same as its fix.
    """
    context = context_of(view)
    if not any(_is_at(pin.origin, view, span) for pin in pins(context)):
        return
    shown = any(each.rule is uv_version_drift.RULE for each in findings_at(view, span))
    found = None if shown else one_version(context)
    if found is not None:
        action = offered(view, found.fix, EXTRACT, keeps=found.keeps_images, otherwise=_OTHERWISE)
        yield replace(action, annotate=partial(_annotation, found))


def _is_at(origin: Origin, view: View, span: Span) -> bool:
    return (
        origin.path == view.path
        and origin.span.touches(span.start)
        and origin.span.touches(span.end)
    )


def _annotation(found: OneVersion, edit: FileEdit) -> Annotation:
    """Whether an image keeps its uv."""
    for pin in found.pins:
        if pin.origin.path == edit.path and pin.origin.span.covers(edit.edit.span):
            same = pin.version == found.version
            return Annotation(
                f"uv {found.version} as before"
                if same
                else f"uv {pin.version} becomes {found.version}",
                confirm=not same,
            )
    return Annotation(f"The variable, {found.version}")
