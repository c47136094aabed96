"""A pipeline taken over from the one before an edit is the one that is built from nothing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.model import Pipeline
from uvci.pipeline.python_project import read_project
from uvci.pipeline.resolve import expected
from uvci.pipeline.sources import MemoryFiles
from uvci.pipeline.stamps import same_ends
from uvci.pipeline.values import Items, Origin, Plain, Table, Value
from uvci.rules.asking import Looked
from uvci.rules.check import check
from uvci.rules.rule import Context
from uvci.syntax.parse import parse
from uvci.syntax.tree import Document

from tests.forgetting import forgetting
from tests.pipeline.pipelines import ROOT

BLOCKS = (
    "# nothing\n",
    "stages: [build, test]\n",
    "default:\n  image: ghcr.io/astral-sh/uv:latest\n",
    "image: python:3.13\n",
    "variables: {A: b, UV_LINK_MODE: copi}\n",
    "workflow: {rules: [{variables: {A: c}}]}\n",
    "include: other.yml\n",
    "include: missing.yml\n",
    ".base:\n  script: [a]\n  variables: {B: c}\n",
    ".base: &base\n  script: [uv sync]\n  needs: []\n",
    ".other:\n  extends: .base\n",
    "a:\n  extends: .base\n",
    "b:\n  extends: [.base, .other]\n  stage: build\n",
    "c:\n  <<: *base\n  tags: [x]\n",
    "d: *base\n",
    "<<: *base\n",
    "<<: {x: {script: [x]}, image: y}\n",
    "e:\n  script: [!reference [.base, script], uv run x]\n",
    "a:\n  script: [again]\n",
    "a: {}\n",
    "f:\n  script: [2001-01-01]\n  needs: [a]\n",
    "g:\n  script: ['uv cache prune']  # uvci: ignore\n  cache: {key: k, paths: [.uv]}\n",
    "h:\n  script: [x]\n  cache: {key: k, paths: [.venv]}\n  stage: nowhere\n",
    "i:\n  script: [x]\n  needs: [j]\nj:\n  script: [x]\n  needs: [i]\n",
    "k:\n  extends: nobody\n  script: [x]\n",
    "m:\n  trigger: n\n  rules: [{when: never}]\n",
    'o: "open\n',
    "p:\n  image: ghcr.io/astral-sh/uv:\n  script: [x]\n",
    "1: {script: [x]}\n",
    "---\n",
)
OTHER = ".base:\n  script: [other]\nz:\n  extends: .base\n"


def value(of: Value | None) -> Any:
    match of:
        case None:
            return None
        case Plain():
            return (repr(of.value), origin(of.origin))
        case Items():
            return ([value(each) for each in of.values], origin(of.origin))
        case Table():
            return ({name: value(below) for name, below in of.entries.items()}, origin(of.origin))
        case _:
            return (of.why, origin(of.origin))


def origin(of: Origin) -> Any:
    return (of.path, of.span, of.key, of.chain, [origin(each) for each in of.shadows])


def told(root: str, document: Document) -> Any:
    """All that is known of a pipeline, in all its places."""
    files = MemoryFiles({"other.yml": OTHER})
    pipeline = build_pipeline(root, files, documents={root: document})
    context = Context(pipeline, read_project(files), files)
    findings = [(f.rule.code, f.message, f.span, f.jobs) for f in check(context)]
    jobs = [
        (job.name, job.kind, origin(job.name_origin), value(job.keywords), job.stage, job.complete)
        for job in (*pipeline.jobs, *pipeline.hidden)
    ]
    return (findings, jobs, value(pipeline.merged), pipeline.problems, expected(pipeline))


_EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.booleans(), st.one_of(st.sampled_from(BLOCKS), st.just("x"))),
    min_size=1,
    max_size=6,
)


@given(st.lists(st.sampled_from(BLOCKS[:-1]), min_size=3, max_size=14), _EDITS)
@settings(max_examples=200, deadline=None)
def test_a_pipeline_after_edits_is_the_one_built_from_nothing(
    blocks: list[str], edits: list[tuple[float, bool, str]]
) -> None:
    document = parse("".join(blocks))
    told(ROOT, document)
    for place, replaced, typed in edits:
        at = int(place * len(blocks))
        if typed == "x":  # a letter in the middle of something
            text = "".join(blocks)
            there = int(place * len(text))
            blocks = (text[:there] + "x" + text[there:]).splitlines(keepends=True)
        else:
            blocks = [*blocks[:at], typed, *blocks[at + replaced :]]
        document = parse("".join(blocks), document)
        after = told(ROOT, document)
        with forgetting():
            assert after == told(ROOT, parse("".join(blocks)))


def built(document: Document) -> Pipeline:
    return build_pipeline(ROOT, MemoryFiles({}), documents={ROOT: document})


def test_a_job_is_one_object_in_a_pipeline_and_lasts_while_nothing_of_it_moves() -> None:
    jobs = [f"job{n}:\n  extends: .base\n" for n in range(9)]
    text = "".join([".base:\n  script: [x]\n", *jobs])
    before = parse(text)
    with forgetting():  # jobs are made afresh after some versions, of other tests too
        first = built(before)
        known = {job.name: job for job in first.jobs}
        assert all(first.job(name) is job for name, job in known.items())
        after = built(parse(text.replace("job4:\n", "job4:\n  tags: [x]\n"), before))
        kept = [job.name for job in after.jobs if job is known[job.name]]
        assert kept == ["job0", "job1", "job2", "job3"]
        assert [job.stamp for job in after.jobs][5:] == [job.stamp for job in first.jobs][5:]
        moved = built(parse("\n" + text, before))
        assert not any(job is known[job.name] for job in moved.jobs)
        assert [job.stamp for job in moved.jobs] == [job.stamp for job in first.jobs]


def test_jobs_that_nobody_looks_at_are_not_made() -> None:
    text = "".join(f"job{n}:\n  script: [x]\n" for n in range(40))
    document, looked = parse(text), Looked()
    checked(document, looked)
    changed = parse(text.replace("job7:\n  script: [x]", "job7:\n  script: [y]"), document)
    pipeline = checked(changed, looked)
    assert len(pipeline.jobs) == 40
    assert list(pipeline.parts.effective.config.entries._made) == ["job7"]


def checked(document: Document, looked: Looked) -> Pipeline:
    files = MemoryFiles({})
    pipeline = built(document)
    check(Context(pipeline, read_project(files), files), looked=looked)
    return pipeline


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [("", "", (0, 0)), ("ab", "ab", (2, 0)), ("ab", "aXb", (1, 1)), ("aab", "ab", (1, 1))],
)
def test_what_two_rows_share_is_counted_once(
    before: str, after: str, same: tuple[int, int]
) -> None:
    assert same_ends(before, after) == same
