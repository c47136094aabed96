"""What completion and hover promise on any text: no error, and nothing changed outside a range."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvci.features.completion import complete
from uvci.features.hover import hover
from uvci.features.view import View

from tests.features.cases import Case, view_of
from tests.features.test_completion import CASES, check_promises
from tests.shared import shared

PER_FILE = 12
PIECES = (
    "test:\n", "  image: ", "ghcr.io/astral-sh/uv:", "0.12.5-", "python3.13-", "\n", "  script:\n",
    "    - ", "uv ", "sync ", "--locked", "$", "${", "}", "UV_", "variables:\n", "  cache:\n",
    "    key: ", "[", "]", "{", '"', "'", "\t", "\r\n", " ", ": ", "#", "!reference ", "|\n",
    ">-\n", "&a ", "*a", "<<: *a\n", "---\n", "é", "\U0001f680", "\ufeff", "\u2028", "extends: ",
    ".base",
)  # fmt: skip


def ask(view: View, offset: int) -> None:
    """Asks for both and checks what every answer promises."""
    text = view.document.text
    check_promises(text, offset, complete(view, offset))
    found = hover(view, offset)
    if found is not None:
        assert found.markdown.strip()
        assert found.span.end <= len(text)
        assert found.span.touches(offset)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_all_over_the_cases(case: Case) -> None:
    view = case.view()
    for offset in range(0, len(view.document.text) + 1, 3):
        ask(view, offset)


@pytest.mark.parametrize("case", CASES[::16], ids=lambda case: case.title)
def test_after_every_prefix_of_the_cases(case: Case) -> None:
    for end in range(len(case.text) + 1):
        ask(view_of(case.text[:end]), end)


def test_in_real_pipelines() -> None:
    sampler = random.Random(20)
    folder = shared("corpus")
    asked = 0
    for path in sorted(folder.rglob("*.y*ml")):
        view = view_of(path.read_text(encoding="utf-8", errors="replace"))
        for _ in range(PER_FILE):
            ask(view, sampler.randint(0, len(view.document.text)))
            asked += 1
    assert asked > 1000


@pytest.mark.slow
def test_in_gitlab_s_own_tests() -> None:
    for path in sorted(shared("gitlab-yaml-tests").rglob("*.y*ml")):
        view = view_of(path.read_text(encoding="utf-8", errors="replace"))
        for offset in range(0, len(view.document.text) + 1, 5):
            ask(view, offset)


@given(st.lists(st.sampled_from(PIECES), max_size=24), st.integers(0, 400))
@settings(max_examples=150)
def test_on_anything_typed(pieces: list[str], offset: int) -> None:
    text = "".join(pieces)
    ask(view_of(text), min(offset, len(text)))


def test_documentation_of_every_item_is_text() -> None:
    for case in CASES[::5]:
        for item in complete(case.view(), case.offset).items:
            assert item.documentation is None or isinstance(item.documentation(), str)
