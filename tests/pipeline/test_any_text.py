"""Whatever is typed: a pipeline, and the same one however it was reached."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.model import Pipeline
from uvci.pipeline.releases import releases
from uvci.pipeline.resolve import expected
from uvci.pipeline.scripts import span_in_file, uv_commands, uv_installs
from uvci.pipeline.sources import MemoryFiles
from uvci.pipeline.values import Items, Origin, Table, Value
from uvci.text.span import Span

from tests.pipeline.pipelines import ROOT
from tests.shared import SHARED

PIECES = (
    "job:\n",
    ".a: &a\n",
    "  script: [s]\n",
    "  extends: .a\n",
    "  extends: [.a, .b]\n",
    "  <<: *a\n",
    "include: a.yml\n",
    "include:\n  - local: '*.yml'\n",
    "---\n",
    "spec: {inputs: {x: {default: y}}}\n",
    "  image: $[[ inputs.x ]]\n",
    "variables: {A: $B, B: $A}\n",
    "  script:\n    - !reference [.a, script]\n",
    "  - x\n",
    "  needs: [job]\n",
    "  parallel: {matrix: [{A: [1, 2]}]}\n",
    "  cache: {key: {files: [a]}, paths: [$A]}\n",
    "default:\n",
    "  rules: [{if: $X, variables: {A: b}}]\n",
    "stages: [a]\n",
    ".b: [",
    "}",
    "'",
    "\t",
    "  image: {name: x, entrypoint: ['']}\n",
    "  trigger: a/b\n",
    "  script: |\n    uv sync\n",
)


def look_at_everything(found: Pipeline) -> None:
    """Ask for all there is; each place lies in its file."""
    expected(found)
    for problem in found.problems:
        inside(found, problem.path, problem.span)
    for job in (*found.jobs, *found.hidden):
        look_at(found, job.keywords)
        assert job.variants
        assert job.stage
        assert len(releases(job)) == len(job.variants)
        for command in (*uv_commands(job), *uv_installs(job)):
            inside(found, command.path, command.span)
        for line in job.scripts:
            inside(found, line.plain.origin.path, span_in_file(line, Span(0, len(line.text))))
        for cache in job.caches:
            assert all(len(path.expansions) == len(job.variants) for path in cache.paths)


def look_at(found: Pipeline, value: Value) -> None:
    places(found, value.origin)
    if isinstance(value, Table):
        for below in value.entries.values():
            look_at(found, below)
    elif isinstance(value, Items):
        for item in value.values:
            look_at(found, item)


def places(found: Pipeline, origin: Origin) -> None:
    inside(found, origin.path, origin.span)
    for link in origin.chain:
        inside(found, link.path, link.span)


def inside(found: Pipeline, path: str, span: Span) -> None:
    file = found.file(path)
    if file is not None:
        assert span.end <= len(file.document.text)


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.sampled_from(PIECES), max_size=5)
)
def test_any_pieces(root: list[str], other: list[str]) -> None:
    files = MemoryFiles({ROOT: "".join(root), "a.yml": "".join(other)})
    look_at_everything(build_pipeline(ROOT, files))


@settings(max_examples=100)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    look_at_everything(build_pipeline(ROOT, MemoryFiles({ROOT: text})))


def corpus_files() -> list[Path]:
    roots = [SHARED / "corpus" / kind for kind in ("uv", "general")]
    return [file for root in roots if root.exists() for file in sorted(root.glob("*.yml"))[::6]]


@pytest.mark.parametrize("file", corpus_files(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_prefixes_of_real_files(file: Path) -> None:
    text = file.read_text()
    for end in range(0, len(text), max(1, len(text) // 12)):
        look_at_everything(build_pipeline(ROOT, MemoryFiles({ROOT: text[:end]})))


@pytest.mark.parametrize("file", corpus_files(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_pipeline_reached_by_typing_is_the_pipeline(file: Path) -> None:
    """What is kept from one keystroke to the next changes nothing."""
    text = file.read_text()
    middle = text.find("\n", len(text) // 2) + 1
    other = f"# {ROOT}\n{text[:middle]}typed: {{script: uv sync}}\n{text[middle:]}"
    for state in (text, other, text, f"\n{text}"):
        kept = build_pipeline(ROOT, MemoryFiles({ROOT: state}))
        fresh = build_pipeline("fresh.yml", MemoryFiles({"fresh.yml": state}))
        assert expected(kept) == expected(fresh)
        assert spans(kept) == spans(fresh)


def spans(found: Pipeline) -> list[object]:
    jobs = [
        (job.name, job.name_origin.span, [*below(job.keywords)])
        for job in (*found.jobs, *found.hidden)
    ]
    return [jobs, [(problem.message, problem.span) for problem in found.problems]]


def below(value: Value) -> list[object]:
    origin = value.origin
    own = (origin.span, origin.key, [link.span for link in origin.chain])
    shadows = [shadow.span for shadow in origin.shadows]
    children: list[object] = []
    if isinstance(value, Table):
        children = [(key, below(one)) for key, one in value.entries.items()]
    elif isinstance(value, Items):
        children = [below(one) for one in value.values]
    return [own, shadows, children]
