"""Real pipelines typed key by key: completion, hover and findings are right after each key."""

import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import pytest
from uvci.features.completion import complete
from uvci.features.hover import hover
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.parse import parse
from uvci.text.edits import apply_edits
from uvci.workspace.snapshot import Snapshot

from tests.features.test_completion import check_promises
from tests.shared import shared
from tests.typed import typed_states

ROOT = ".gitlab-ci.yml"
PIPELINES = ("014.yml", "018.yml", "055.yml")
PYPROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.11"
[project.optional-dependencies]
gpu = ["torch"]
[dependency-groups]
dev = ["pytest"]
"""

T = TypeVar("T")


class Clock:
    """How long each kind of answer took, in milliseconds."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = defaultdict(list)

    def time(self, name: str, ask: Callable[[], T]) -> T:
        start = perf_counter()
        answer = ask()
        self.taken[name].append((perf_counter() - start) * 1000)
        return answer

    def summary(self, name: str) -> str:
        taken = sorted(self.taken[name])
        at = [taken[min(int(len(taken) * part), len(taken) - 1)] for part in (0.5, 0.95, 1)]
        return "p50 {:.1f} ms, p95 {:.1f} ms, max {:.1f} ms".format(*at)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "uv.lock").write_text("version = 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", PIPELINES)
def test_a_real_pipeline_typed(
    repository: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    text = (shared("corpus/uv") / name).read_text(encoding="utf-8")
    snapshot, clock, chance = Snapshot.open(repository), Clock(), random.Random(name)
    states = offered = 0
    for typed, offset in typed_states(text):
        states += 1
        snapshot = snapshot.with_buffer(ROOT, typed)
        found = clock.time("findings", lambda now=snapshot: now.findings(ROOT))
        assert all(0 <= one.span.start <= one.span.end <= len(typed) for one in found)
        view = snapshot.view(ROOT)
        assert view is not None
        listed = clock.time("completion", lambda at=offset, v=view: complete(v, at))
        shown = clock.time("hover", lambda at=offset, v=view: hover(v, at))
        assert shown is None or shown.span.touches(offset)
        check_promises(typed, offset, listed)
        for item in chance.sample(listed.items, min(2, len(listed.items))):
            offered += 1
            check_taken(typed, item)
    assert states > len(text) * 0.8
    assert offered > 500
    for kind in clock.taken:
        record_property(kind, clock.summary(kind))
        print(f"{name}, {kind} after each of {states} keys: {clock.summary(kind)}")


def check_taken(typed: str, item: CompletionItem) -> None:
    """What is taken can be read wherever the text could be read before."""
    after = apply_edits(typed, sorted([*item.additional, item.edit], key=lambda edit: edit.span))
    if item.kind is ItemKind.IMAGE and item.edit.content.endswith(":"):
        return  # the tag follows, and until then it is no YAML
    assert len(parse(after).problems) <= len(parse(typed).problems), (item.label, after[-200:])


def test_the_last_state_is_the_text() -> None:
    text = 'a:\n  - "b: [c]"\n\nd: {e: f}\n'
    states = list(typed_states(text))
    assert states[-1] == (text, len(text))
    assert ('a:\n  - ""', 8) in states
    assert ("a:\n  ", 5) in states
