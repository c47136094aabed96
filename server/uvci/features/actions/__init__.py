"""Code actions: what an author can press at a place, best first."""

from uvci.features.actions.cache_block import cache_refactorings
from uvci.features.actions.entrypoint import entrypoint_rewrites
from uvci.features.actions.extract import extractions
from uvci.features.actions.fix_all import fix_all_alike, fix_everything
from uvci.features.actions.inline import inlinings
from uvci.features.actions.key_files import key_file_switches
from uvci.features.actions.migrate import migrations
from uvci.features.actions.new_job import new_jobs
from uvci.features.actions.one_version import one_versions
from uvci.features.actions.quick_fix import quick_fixes
from uvci.features.actions.set_up import set_ups
from uvci.features.actions.suppress import removals, suppressions
from uvci.features.actions.tag_variables import tag_refactorings
from uvci.features.view import CodeAction, View
from uvci.text.span import Span

_SOURCES = (
    ("quickfix", quick_fixes),
    ("quickfix", fix_all_alike),
    ("quickfix", suppressions),
    ("quickfix", removals),
    ("refactor", entrypoint_rewrites),
    ("refactor", tag_refactorings),
    ("refactor", one_versions),
    ("refactor", key_file_switches),
    ("refactor", cache_refactorings),
    ("refactor.extract", extractions),
    ("refactor.inline", inlinings),
    ("refactor", migrations),
    ("refactor", set_ups),
    ("refactor", new_jobs),
    ("source.fixAll.uvci", fix_everything),
)
"""What makes actions, each with the kind that all of its actions are or lie below."""


def code_actions(
    view: View, span: Span, kinds: tuple[str, ...] | None = None
) -> tuple[CodeAction, ...]:
    """The actions for a selection; `kinds` are prefixes of the kinds wanted, None for all.

    Without `kinds` those that act on the whole file are left out, as editors expect. A source whose
    kind nobody wants is not asked: some compute proofs.
    """
    return tuple(
        action
        for kind, source in _SOURCES
        if _may_hold(kind, kinds)
        for action in source(view, span)
        if kinds is None or any(is_kind(action.kind, wanted) for wanted in kinds)
    )


def _may_hold(kind: str, kinds: tuple[str, ...] | None) -> bool:
    if kinds is None:
        return not kind.startswith("source.")
    return any(is_kind(kind, wanted) or is_kind(wanted, kind) for wanted in kinds)


def is_kind(kind: str, wanted: str) -> bool:
    """Whether a kind is the wanted one or below it; the empty kind holds all.

    >>> is_kind("refactor.extract", "refactor"), is_kind("refactoring", "refactor")
    (True, False)
    """
    return not wanted or kind == wanted or kind.startswith(wanted + ".")
