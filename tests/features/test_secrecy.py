"""No feature of the editor shows a secret that is written out."""

from collections.abc import Iterator

from msgspec.structs import replace
from uvci.features.actions import code_actions
from uvci.features.code_lens import code_lenses
from uvci.features.completion import complete
from uvci.features.hover import hover
from uvci.features.inlay_hints import inlay_hints
from uvci.features.symbols import outline
from uvci.features.view import View
from uvci.rules.check import check
from uvci.rules.rule import Context, Finding
from uvci.text.span import Span

from tests.features.cases import view_of

WORD = "pl41n-w0rds"
TOKENS = (
    "glpat-Ab3dEf6hIj9lMn2pQr5t",
    "ghp_Ab3dEf6hIj9lMn2pQr5tAb3dEf6hIj9lMn2p",
    "pypi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAt",
)
TEXT = f"""\
variables:
  UV_PUBLISH_TOKEN: {WORD}
  KEY: {TOKENS[0]}
  UV_DEFAULT_INDEX: https://reader:{WORD}@pypi.example.org/simple
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INDEX_INTERNAL_PASSWORD: {WORD}
    OTHER: "{TOKENS[1]} {TOKENS[2]}"
  script:
    - uv publish --token {WORD}
    - echo "$UV_PUBLISH_TOKEN $KEY $OTHER $UV_DEFAULT_INDEX"
"""


def view_with_findings() -> View:
    view = view_of(TEXT)
    found = check(Context(view.pipeline, view.project, view.files))
    return replace(view, findings=lambda: found)


def texts_of(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        yield finding.message
        yield from (related.message for related in finding.related)
        yield from (fix.title for fix in finding.fixes())


def shown(view: View) -> Iterator[str]:
    yield from texts_of(view.findings())
    whole = Span(0, len(TEXT))
    yield from (f"{hint.label} {hint.tooltip}" for hint in inlay_hints(view, whole))
    yield from (lens.title for lens in code_lenses(view))
    yield repr(outline(view.document))
    for offset in range(len(TEXT)):
        if (card := hover(view, offset)) is not None:
            yield card.markdown
        if TEXT[offset] in "$:-":
            for item in complete(view, offset + 1).items:
                yield f"{item.label} {item.detail} {item.documentation and item.documentation()}"
    yield from (action.title for action in code_actions(view, whole))


def test_no_feature_shows_a_secret() -> None:
    view = view_with_findings()
    assert {finding.rule.code for finding in view.findings()} >= {"UVC501"}
    texts = list(shown(view))
    assert len(texts) > 100
    for secret in (WORD, *TOKENS):
        assert not [text for text in texts if secret in text]
