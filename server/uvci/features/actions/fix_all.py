"""All fixes of a file at once."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice

from msgspec.structs import replace

from uvci.features.actions.quick_fix import KIND, findings_at
from uvci.features.context import context_of, document_of
from uvci.features.view import CodeAction, View
from uvci.rules.check import check
from uvci.rules.fix_all import fix_all, safe_fix
from uvci.rules.proof import proven_fixes, rebuilt
from uvci.rules.rule import FileEdit, Finding, Fix, Rule
from uvci.text.difference import edits_between
from uvci.text.span import Span

_ASKED = 8
SOURCE = "source.fixAll.uvci"


def fix_everything(view: View, _span: Span) -> Iterator[CodeAction]:
    """The action that takes every safe fix of the file."""
    if any(True for each in view.findings() if safe_fix(each)):
        yield CodeAction(
            "Fix all that uvci can fix safely", SOURCE, partial(_edits, view, safe_fix)
        )


def fix_all_alike(view: View, span: Span) -> Iterator[CodeAction]:
    """For each rule with a finding at the selection, and more in the file: all of its fixes."""
    for rule in dict.fromkeys(each.rule for each in findings_at(view, span)):
        alike = [each for each in view.findings() if each.rule is rule]
        if len(alike) > 1 and _several(alike, span):
            choose = partial(_fix_of, rule)
            title = f"Fix all {rule.code} ({rule.name}) in this file"
            yield CodeAction(title, KIND, partial(_edits, view, choose), tuple(alike))


def _several(alike: list[Finding], span: Span) -> bool:
    """Whether more than one can be fixed safely; asked of a few, as each fix is proven for it."""
    nearest = sorted(alike, key=lambda each: not each.span.touches(span.start))[:_ASKED]
    return len([*islice(filter(safe_fix, nearest), 2)]) > 1


def _fix_of(rule: Rule, finding: Finding) -> Fix | None:
    return safe_fix(finding) if finding.rule is rule else None


def _edits(view: View, choose: Callable[[Finding], Fix | None]) -> tuple[FileEdit, ...]:
    """The edits that lead to the texts after all chosen fixes."""

    def read(path: str) -> str | None:
        document = document_of(view, path)
        return document.text if document else None

    fixed = fix_all(partial(_look, view), read, choose)
    return tuple(
        FileEdit(path, edit)
        for path, text in fixed.texts.items()
        for edit in edits_between(read(path) or "", text)
    )


def _look(view: View, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """The file's findings once some files have other texts."""
    if not texts:
        return view.findings()
    if view.findings_after is not None:
        return view.findings_after(texts)
    context = rebuilt(context_of(view), texts)
    return tuple(
        replace(each, fixes=partial(proven_fixes, each, context))
        for each in check(context)
        if each.path == view.path
    )
