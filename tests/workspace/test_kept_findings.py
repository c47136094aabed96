"""What is kept over edits against what a fresh look finds."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from uvci.rules.asking import Looked, ask
from uvci.rules.registry import RULES
from uvci.rules.rule import Finding
from uvci.workspace.snapshot import Snapshot

from tests.forgetting import forgetting
from tests.shared import shared

NAME = ".gitlab-ci.yml"
WORDS = (
    "UV_VERSION: '0.9.1'\n",
    "image: ghcr.io/astral-sh/uv:latest\n",
    "  - uv sync\n",
    "x",
    "\n",
    ".a:\n  extends: .b\n",
    "UV_CACHE_DIR: ~/.cache/uv\n",
    "needs: []\n",
    "rules: [{when: never}]\n",
    ": ",
)


def shown(snapshot: Snapshot) -> list[tuple[object, ...]]:
    return [
        (each.rule.code, each.span, each.message, each.severity, each.jobs)
        for each in snapshot.findings(NAME)
    ]


def fresh_look(folder: Path, text: str) -> list[tuple[object, ...]]:
    with forgetting():
        return shown(Snapshot.open(folder).with_buffer(NAME, text))


def bare(finding: Finding) -> tuple[object, ...]:
    return (finding.rule.code, finding.path, finding.span, finding.message, finding.jobs)


def told(rule_by_rule: Iterable[Finding]) -> list[tuple[object, ...]]:
    return sorted(map(bare, rule_by_rule))


def edited(text: str, chance: random.Random) -> str:
    """The text after an edit at some line: a word put in, or a line taken out."""
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    if chance.random() < 0.4:
        return "".join(lines[:at] + lines[at + 1 :])
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return "".join([*lines[:at], indent + chance.choice(WORDS), *lines[at:]])


@pytest.mark.parametrize("number", range(12))
def test_findings_after_edits_are_those_of_a_fresh_look(tmp_path: Path, number: int) -> None:
    files = sorted(shared("corpus/uv").glob("*.yml"))
    chance = random.Random(number)
    (tmp_path / ".git").mkdir()
    text = chance.choice(files).read_text(encoding="utf-8")[:12_000]
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    snapshot = Snapshot.open(tmp_path)
    for _ in range(12):
        text = edited(text, chance)
        snapshot = snapshot.with_buffer(NAME, text)
        assert shown(snapshot) == fresh_look(tmp_path, text)
        context = snapshot.context(NAME)
        every_job = told(found for rule in RULES for found in rule.check(context))
        assert told(ask(RULES, context, Looked())) == every_job  # a rule misses no job it concerns


@pytest.mark.parametrize(
    "text",
    [
        "spec:\n---\n.a:\n  stage: $[[# inputs.stage ]]\nb:\n  script: [x]\n",
        "spec:\n---\n.a:\n  image: a$[[ inputs.b$[[ inputs.c ]] ]]\nb:\n  script: [x]\n",
        "spec:\n---\na:\n  stage: $[[ inputs.a ]]\n  script: [x]\na:\n  tags: [$[[ inputs.a ]]]\n",
    ],
)
def test_what_is_wrong_with_inputs_stays_over_edits(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").mkdir()
    snapshot = Snapshot.open(tmp_path)
    for version in (text, text.replace("[x]", "[xy]"), text + "c:\n  script: [z]\n", text):
        snapshot = snapshot.with_buffer(NAME, version)
        found = shown(snapshot)
        assert any("interpolation" in str(message) for _, _, message, *_ in found)
        assert found == fresh_look(tmp_path, version)


def test_a_keystroke_reads_the_values_of_the_job_it_is_in_and_of_no_other(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    rules = ("", "  rules: [{when: never}]\n")
    jobs = [f"job-{n}:\n  script: [make test]\n{rules[n % 2]}" for n in range(40)]
    snapshot = Snapshot.open(tmp_path).with_buffer(NAME, "".join(jobs))
    assert shown(snapshot) == []
    jobs[0] = jobs[0].replace("make", "make -j2")
    snapshot = snapshot.with_buffer(NAME, "".join(jobs))
    assert shown(snapshot) == []
    entries = snapshot.pipeline(NAME).parts.effective.config.entries
    loaded = [name for name, (*_, entry) in entries.items() if entry.loaded is not None]
    assert loaded == ["job-0"]


UV_JOB = """\
job-{n}:
  stage: test
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables: {{UV_CACHE_DIR: .uv-cache}}
  cache: {{key: {{files: [uv.lock]}}, paths: [$UV_CACHE_DIR]}}
  script: [uv sync --locked, uv run pytest tests/{n}]
  after_script: [uv cache prune --ci]
"""


@pytest.mark.parametrize("edited_job", [0, 20, 39])
def test_no_rule_looks_at_other_jobs_where_nothing_is_wrong(
    tmp_path: Path, edited_job: int
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "uv.lock").touch()
    jobs = [UV_JOB.format(n=n) for n in range(40)]
    snapshot = Snapshot.open(tmp_path).with_buffer(NAME, "".join(jobs))
    assert shown(snapshot) == []
    jobs[edited_job] = jobs[edited_job].replace("tests/", "tests/x")
    snapshot = snapshot.with_buffer(NAME, "".join(jobs))
    assert shown(snapshot) == []
    made = snapshot.pipeline(NAME).parts.effective.config.entries._made
    assert [name for name in made if name.startswith("job")] == [f"job-{edited_job}"]


def test_what_pipelines_of_one_repository_share_speaks_of_none_of_them(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    texts = [file.read_text(encoding="utf-8") for file in sorted(shared("corpus/uv").glob("*.yml"))]
    pairs = [(f"{n}.gitlab-ci.yml", f"{n}-again.gitlab-ci.yml") for n in range(len(texts[:25]))]
    for (first, second), text in zip(pairs, texts, strict=False):
        (tmp_path / first).write_text(text, encoding="utf-8")
        (tmp_path / second).write_text(f"# the same, further down\n\n{text}", encoding="utf-8")
    together = Snapshot.open(tmp_path)
    for first, second in pairs:
        found = [bare(each) for each in together.findings(second)]
        assert found == [bare(each) for each in Snapshot.open(tmp_path).findings(second)]
        places = [(code, path, span, jobs) for code, path, span, _, jobs in found]
        before = [bare(each) for each in together.findings(first)]
        assert places == [(code, second, span.shift(26), jobs) for code, _, span, _, jobs in before]
