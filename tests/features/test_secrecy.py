"""No feature of the editor shows a secret that is written out."""

from collections.abc import Iterator

from msgspec.structs import replace
from uvci.features.actions import code_actions
from uvci.features.code_lens import code_lenses
from uvci.features.completion import complete
from uvci.features.context import context_of
from uvci.features.effective_yaml import effective_yaml
from uvci.features.graph.picture import Form, picture
from uvci.features.hierarchy import member_at, used_by, users_of
from uvci.features.hover import hover
from uvci.features.inlay_hints import inlay_hints
from uvci.features.links import links
from uvci.features.symbols import outline, pipeline_names
from uvci.features.view import CodeAction, View
from uvci.rules.check import check
from uvci.rules.rule import Context, Finding
from uvci.text.span import Span

from tests.features.cases import view_of
from tests.secretive import PIPELINE, leaks

WHOLE = Span(0, len(PIPELINE))


def view_with_findings() -> View:
    view = view_of(PIPELINE)
    found = check(Context(view.pipeline, view.project, view.files))
    return replace(view, findings=lambda: found)


def of_findings(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        yield finding.message
        yield from (related.message for related in finding.related)
        yield from (fix.title for fix in finding.fixes())


def of_action(action: CodeAction) -> Iterator[str]:
    yield action.title
    if action.disabled:
        yield action.disabled
    if action.annotate:
        notes = map(action.annotate, action.edits())
        yield from (f"{note.label} {note.description}" for note in notes)


def at(view: View, offset: int) -> Iterator[str]:
    if (card := hover(view, offset)) is not None:
        yield card.markdown
    for item in complete(view, offset).items:
        yield f"{item.label} {item.detail} {item.documentation and item.documentation()}"
    if (member := member_at(view, offset)) is not None:
        around = (*users_of(view, member), *used_by(view, member))
        yield from (one.name for one in (member, *(relation.other for relation in around)))
    for action in code_actions(view, Span(offset, offset)):
        yield from of_action(action)


def shown(view: View) -> Iterator[str]:
    yield from of_findings(view.findings())
    yield from (f"{hint.label} {hint.tooltip} {hint.edits}" for hint in inlay_hints(view, WHOLE))
    yield from (lens.title for lens in code_lenses(view))
    yield repr(outline(view.document))
    yield from (named.name for named in pipeline_names(view.pipeline))
    yield from (link.url for link in links(view))
    yield from effective_yaml(view.pipeline, origins=True)
    for form in Form:
        yield from picture(context_of(view), form)
    for action in code_actions(view, WHOLE):
        yield from of_action(action)
    for offset in range(0, len(PIPELINE), 5):
        yield from at(view, offset)


def test_no_feature_shows_a_secret() -> None:
    view = view_with_findings()
    assert {finding.rule.code for finding in view.findings()} >= {"UVC501"}
    texts = list(shown(view))
    assert len(texts) > 300
    assert {text: found for text in texts if (found := leaks(text))} == {}
