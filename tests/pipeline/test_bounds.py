"""Input that asks for too much: an answer, a clear problem, and an end."""

import pytest
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.includes import MOST_FILES
from uvci.pipeline.resolve import expected
from uvci.pipeline.sources import MemoryFiles

from tests.pipeline.pipelines import ROOT, pipeline

JOB = "job: {script: s}\n"
TOO_MANY = "Maximum of 150 nested includes are allowed!"
TOO_BIG = "The parsed YAML is too big"


def messages(files: dict[str, str]) -> list[str]:
    return [problem.message for problem in build_pipeline(ROOT, MemoryFiles(files)).problems]


def test_a_tree_of_300_files() -> None:
    files = {
        f"f{n}.yml": f"include: [f{2 * n}.yml, f{2 * n + 1}.yml]\nj{n}: {{script: s}}\n"
        for n in range(1, 301)
    }
    files |= {f"f{n}.yml": f"j{n}: {{script: s}}\n" for n in range(301, 603)}
    found = build_pipeline(ROOT, MemoryFiles({ROOT: f"include: f1.yml\n{JOB}", **files}))
    assert TOO_MANY in {problem.message for problem in found.problems}
    assert len(found.files) <= MOST_FILES + 1
    assert found.job("job") is not None


def test_a_chain_of_140_files() -> None:
    files = {f"f{n}.yml": f"include: f{n + 1}.yml\nj{n}: {{script: s}}\n" for n in range(140)}
    files[ROOT] = f"include: f0.yml\n{JOB}"
    files["f140.yml"] = "last: {script: s}\n"
    assert messages(files) == []


def test_a_diamond() -> None:
    files = {
        ROOT: f"include: [a.yml, b.yml]\n{JOB}",
        "a.yml": "include: c.yml\nx: {image: a}\n",
        "b.yml": "include: c.yml\n",
        "c.yml": "x: {image: c, script: s}\n",
    }
    found = build_pipeline(ROOT, MemoryFiles(files))
    assert found.problems == ()
    x = found.job("x")
    assert x is not None
    assert [image.name.text for image in [x.image] if hasattr(image, "name")] == ["c"]


@pytest.mark.parametrize("through", ["a.yml", "b.yml", ROOT])
def test_a_circle(through: str) -> None:
    files = {
        ROOT: f"include: a.yml\n{JOB}",
        "a.yml": f"include: {through}\nx: {{script: s}}\n",
        "b.yml": "include: a.yml\n",
    }
    assert messages(files) == [TOO_MANY]


def test_a_pattern_with_a_thousand_matches() -> None:
    files = {f"ci/{n}.yml": f"j{n}: {{script: s}}\n" for n in range(1000)}
    found = build_pipeline(ROOT, MemoryFiles({ROOT: f"include: ci/*.yml\n{JOB}", **files}))
    assert {problem.message for problem in found.problems} == {TOO_MANY}
    assert len(found.jobs) == MOST_FILES + 1


def test_a_pyramid_of_anchors() -> None:
    levels = "".join(f".l{n}: &l{n} [*l{n - 1}, *l{n - 1}]\n" for n in range(1, 40))
    found = pipeline(f".l0: &l0 [x, x]\n{levels}job: {{script: *l39}}\nother: {{script: s}}\n")
    assert TOO_BIG in {problem.message for problem in found.problems}
    assert [job.name for job in found.jobs] == ["job", "other"]
    assert len(found.jobs[0].scripts) < 100_000


def test_a_pyramid_of_merges() -> None:
    levels = "".join(f".l{n}: &l{n} {{<<: *l{n - 1}, k{n}: *l{n - 1}}}\n" for n in range(1, 40))
    found = pipeline(f".l0: &l0 {{a: x}}\n{levels}job: {{<<: *l39, script: s}}\n")
    assert TOO_BIG in {problem.message for problem in found.problems}


def test_a_pyramid_of_references() -> None:
    levels = "".join(
        f".l{n}: [!reference [.l{n - 1}], !reference [.l{n - 1}]]\n" for n in range(1, 40)
    )
    found = pipeline(f".l0: [x, x]\n{levels}job: {{script: [!reference [.l39]]}}\n")
    assert len(found.jobs[0].scripts) < 100_000


def test_a_pyramid_of_extends() -> None:
    levels = "".join(
        f".l{n}: {{extends: [.l{n - 1}, .l{n - 1}], v{n}: {{a: 1}}}}\n" for n in range(1, 11)
    )
    found = pipeline(f".l0: {{script: s}}\n{levels}job: {{extends: .l10}}\n")
    assert found.jobs[0].keywords.get("script") is not None


def test_patterns_that_backtrack() -> None:
    spec = "spec: {inputs: {a: {default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!, regex: '^(a+)+$'}}}"
    glob = "a*" * 60
    text = f"{spec}\n---\ninclude: '{glob}.yml'\n{JOB}"
    files = {ROOT: text, "a" * 200: ""}
    assert build_pipeline(ROOT, MemoryFiles(files)).job("job") is not None


def test_deep_nesting() -> None:
    deep = "[" * 3000 + "]" * 3000
    found = pipeline(f".x: {deep}\n{JOB}")
    assert TOO_BIG in {problem.message for problem in found.problems}
    assert expected(found)["valid"] is False
