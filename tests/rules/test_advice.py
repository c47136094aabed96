"""What a message advises can be done with the uv and the images at hand."""

import pytest
from uvci.rules.check import check
from uvci.rules.proof import proven_fixes

from tests.rules.building import context_of

BACKGROUND = """\
test:
  image: ghcr.io/astral-sh/uv:{release}-python3.12-bookworm
  variables: {{UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache}}
  cache: {{key: uv, paths: [.uv-cache]}}
  script: ["uv run server &", uv run --no-sync pytest, uv cache prune --ci]
"""
IMAGE = "test:\n  image: ghcr.io/astral-sh/uv:{release}\n  script: [uv sync]\n"


@pytest.mark.parametrize(
    ("code", "text", "release", "advice"),
    [
        ("UVC210", BACKGROUND, "0.8.20", "stop it first, as `--force` begins with uv 0.8.24."),
        ("UVC210", BACKGROUND, "0.8.24", "add `--force`."),
        ("UVC102", IMAGE, "python3.8-alpine", "move to a newer Python."),
        ("UVC102", IMAGE, "python3.12-bookworm", "use `python3.12-trixie`."),
        ("UVC101", IMAGE, "v0.9", "use `0.9-python3.14-trixie-slim`."),
        ("UVC101", IMAGE, "0.3.5-alpine", "use `0.4.6-alpine`."),
    ],
)
def test_the_advice_fits_the_release(code: str, text: str, release: str, advice: str) -> None:
    found = check(context_of(text.format(release=release)))
    (message,) = [finding.message for finding in found if finding.rule.code == code]
    assert message.endswith(advice)


CONFLICT = """\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie
  variables: {{UV_SYSTEM_PYTHON: "{value}"}}
  script: [uv venv, uv pip install --no-system ruff]
"""


@pytest.mark.parametrize(("value", "kind"), [("0", "safe"), ("1", "unsafe")])
def test_a_flag_is_dropped_unasked_only_where_the_variable_says_the_same(
    value: str, kind: str
) -> None:
    context = context_of(CONFLICT.format(value=value))
    (found,) = [each for each in check(context) if each.rule.code == "UVC403"]
    assert {fix.applicability.value for fix in proven_fixes(found, context)} == {kind}
