"""Three fixes, executed: what they make of a job works with a real uv and a real index."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from uvci.pipeline.model import Job
from uvci.rules.cache import cached_path_unused, missing_prune, no_cache
from uvci.rules.check import check
from uvci.rules.proof import fixed_texts, proven_fixes
from uvci.rules.rule import Rule

from tests.catalog.uv_binary import uv_binary
from tests.rules.building import PIPELINE, context_of
from tests.rules.runner import Index, Runner, package_index, size_of

pytestmark = pytest.mark.slow

VERSION = "0.13.9"
IMAGE = f"ghcr.io/astral-sh/uv:{VERSION}-python3.13-trixie-slim"
FILES = {"pyproject.toml": '[project]\nname = "app"\nversion = "1"\n', "uv.lock": "version = 1\n"}
NOTHING_CACHED = f"test:\n  image: {IMAGE}\n  script:\n    - uv sync\n"
ANOTHER_FOLDER = f"""\
test:
  image: {IMAGE}
  cache:
    key: uv
    paths:
      - .uv-cache
  script:
    - uv sync
"""
NEVER_PRUNED = f"""\
test:
  image: {IMAGE}
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key: uv
    paths:
      - $UV_CACHE_DIR
  script:
    - uv sync
"""
SOURCE, WHEEL = "built-1.0.tar.gz", "ready-1.0-py3-none-any.whl"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with package_index(tmp_path / "index") as running:
        yield running


def job_of(text: str) -> Job:
    job = context_of(text, FILES).pipeline.job("test")
    assert job is not None
    return job


def fixed(text: str, rule: Rule) -> str:
    """The pipeline after the preferred fix of the one finding that the rule has."""
    context = context_of(text, FILES)
    found = [one for one in check(context) if one.rule is rule]
    assert len(found) == 1
    texts = fixed_texts(proven_fixes(found[0], context)[0].edits, context.pipeline)
    assert texts is not None
    return texts[PIPELINE]


def runner(folder: Path, index: Index) -> Runner:
    folder.mkdir()
    return Runner(folder, uv_binary(VERSION), index)


def second_run(text: str, folder: Path, index: Index) -> list[str]:
    """What a job fetches from the index once it ran before."""
    here, job = runner(folder, index), job_of(text)
    here.run(job)
    index.served.clear()
    here.run(job)
    return index.served


@pytest.mark.parametrize(
    ("text", "rule"),
    [(NOTHING_CACHED, no_cache.RULE), (ANOTHER_FOLDER, cached_path_unused.RULE)],
    ids=["no-cache", "cached-path-unused"],
)
def test_a_second_run_reuses_what_the_fix_keeps(
    text: str, rule: Rule, tmp_path: Path, index: Index
) -> None:
    before = second_run(text, tmp_path / "before", index)
    assert {SOURCE, WHEEL} <= set(before)
    after = second_run(fixed(text, rule), tmp_path / "after", index)
    assert SOURCE not in after


def test_what_is_pruned_is_smaller_and_still_serves(tmp_path: Path, index: Index) -> None:
    text = fixed(NEVER_PRUNED, missing_prune.RULE)
    assert "uv cache prune --ci" in text
    whole = size_of(runner(tmp_path / "before", index).run(job_of(NEVER_PRUNED)))
    here = runner(tmp_path / "after", index)
    pruned = size_of(here.run(job_of(text)))
    assert 0 < pruned < whole / 2
    index.served.clear()
    here.run(job_of(text))
    assert SOURCE not in index.served  # built once, kept
    assert WHEEL in index.served  # not kept: to fetch it is as fast
