"""Code actions: what an author can press at a place, best first."""

from uvci.features.actions.quick_fix import quick_fixes
from uvci.features.actions.suppress import suppressions
from uvci.features.view import CodeAction, View
from uvci.text.span import Span

_SOURCES = (quick_fixes, suppressions)


def code_actions(
    view: View, span: Span, kinds: tuple[str, ...] | None = None
) -> tuple[CodeAction, ...]:
    """The actions for a selection; `kinds` are prefixes of the kinds wanted, None for all.

    A source whose kind nobody wants is not asked: some compute proofs.
    """
    return tuple(
        action
        for source in _SOURCES
        for action in source(view, span)
        if kinds is None or any(is_kind(action.kind, wanted) for wanted in kinds)
    )


def is_kind(kind: str, wanted: str) -> bool:
    """Whether a kind is the wanted one or below it; the empty kind holds all.

    >>> is_kind("refactor.extract", "refactor"), is_kind("refactoring", "refactor")
    (True, False)
    """
    return not wanted or kind == wanted or kind.startswith(wanted + ".")
