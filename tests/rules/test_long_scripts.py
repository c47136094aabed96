"""A script of thousands of lines that all but fit a pattern is read as fast as any other."""

import pytest
from uvci.rules.images.git_missing_in_image import RULE as GIT_MISSING
from uvci.rules.uv_jobs import adds_python

from tests.rules.building import context_of

LINES = "apt-get update\napt-get install -y curl\napk add make\n" * 500
SCRIPT = "".join(f"      {line}\n" for line in LINES.splitlines())
TEXT = f"""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - |
{SCRIPT}    - uv sync
"""
PYPROJECT = '[project]\nname = "app"\ndependencies = ["tool"]\n'
LOCK = """\
version = 1
[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "tool" }]
[[package]]
name = "tool"
version = "1.0"
source = { git = "https://gitlab.example.org/tool.git#0a1b2c3" }
"""


@pytest.mark.parametrize(("last", "found"), [("apt-get -y full-upgrade", False), ("python3", True)])
def test_a_python_is_looked_for_in_all_of_it(last: str, found: bool) -> None:
    context = context_of(TEXT.replace("    - uv sync", f"      {last}\n    - uv sync"))
    assert adds_python(context.jobs[0]) is found


@pytest.mark.parametrize(("last", "missing"), [("apt-get -y full-upgrade", 1), ("git", 0)])
def test_git_is_looked_for_in_all_of_it(last: str, missing: int) -> None:
    text = TEXT.replace("    - uv sync", f"      {last}\n    - uv sync")
    context = context_of(text, {"pyproject.toml": PYPROJECT, "uv.lock": LOCK})
    assert len(list(GIT_MISSING.check(context))) == missing
