"""Every rule finds in a repository on disk what it finds in texts: nothing is left unread."""

from pathlib import Path

import pytest
from uvci.pipeline.uv_lock import read_lock
from uvci.rules.registry import RULES
from uvci.workspace.snapshot import Snapshot

from tests.rules.building import PIPELINE
from tests.rules.reading import Case, read_cases, unmark

EXAMPLES = [
    Case(rule.code, "example", "bad", *unmark(example.bad), example.files, example.good)
    for rule in RULES
    for example in rule.examples
]
BAD = [*EXAMPLES, *(case for case in read_cases() if case.kind == "bad")]


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.code}-{case.title}")
def test_what_is_wrong_in_texts_is_wrong_on_disk(case: Case, tmp_path: Path) -> None:
    for name, text in {**case.files, PIPELINE: case.text}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    found = Snapshot.open(tmp_path).findings(PIPELINE)
    spans = {finding.span for finding in found if finding.rule.code == case.code}
    assert {span.of(case.text) for span in spans} >= {span.of(case.text) for span in case.spans}


def test_a_lock_is_only_read_where_it_counts(tmp_path: Path) -> None:
    image = "ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim"
    (tmp_path / PIPELINE).write_text(f"test:\n  image: {image}\n  script: [uv sync --locked]\n")
    (tmp_path / "uv.lock").write_text('version = 1\nrequires-python = ">=3.12"\n')
    read_lock.cache_clear()
    snapshot = Snapshot.open(tmp_path)
    assert "UVC205" in [finding.rule.code for finding in snapshot.findings(PIPELINE)]
    assert read_lock.cache_info().misses == 0
    assert snapshot.project(PIPELINE).has_lock
