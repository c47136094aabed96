"""Pictures of pipelines: what they show, and that every form of them can be read."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from uvci.features.context import context_of
from uvci.features.graph.boxes import NAME_SIZE, NOTE_SIZE, Box, Line, Point, text_width
from uvci.features.graph.caches import cache_map
from uvci.features.graph.jobs import job_graph
from uvci.features.graph.layout import lay_out
from uvci.features.graph.map_layout import lay_out_map
from uvci.features.graph.measure import cells, shortened
from uvci.features.graph.model import Access, CacheAccess, Wait
from uvci.features.graph.picture import Form, Subject, picture
from uvci.rules.rule import Context

from tests.features.cases import view_of
from tests.shared import shared

HERE = Path(__file__).parent / "graph"
LIBRARY = (HERE / "library.yml").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = '"\\"]); <b>&amp; `x` #1; --> end\\u0007\\u6784\\u5efa and a very long tail of a name"'
HARD = f"""\
stages: [{NASTY}, end]
{NASTY}:
  stage: {NASTY}
  cache:
    key: {NASTY}
    paths: [{NASTY}]
  script: [a]
end:
  stage: end
  needs: [{NASTY}]
  script: [a]
"""


def context(text: str) -> Context:
    return context_of(view_of(text))


def drawn(text: str, form: Form, *subjects: Subject) -> str:
    return "\n".join(picture(context(text), form, frozenset(subjects or Subject))) + "\n"


@pytest.mark.parametrize("form", [Form.TEXT, Form.MERMAID])
def test_a_library(form: Form) -> None:
    wanted = (HERE / f"library.{form.value}").read_text(encoding="utf-8")
    assert drawn(LIBRARY, form) == wanted


def test_each_job_has_its_own_uv_and_python() -> None:
    graph = job_graph(
        context("""\
.base: {image: "ghcr.io/astral-sh/uv:0.12.5-python3.12-alpine", script: [uv sync]}
pinned: {extends: .base}
asked: {extends: .base, variables: {UV_PYTHON: "3.11"}}
flag: {extends: .base, script: [uv sync --python 3.10, uv run -p 3.11 x]}
moving: {image: "astral/uv:0.12-alpine", script: [uv build]}
pip: {image: "python:3.14-slim", script: [pip install uv==0.11.0, uv sync]}
unknown: {image: registry/own, script: [uv sync]}
other: {image: "node:22", script: [npm ci]}
many: {extends: .base, parallel: {matrix: [{UV_PYTHON: ["3.10", "3.11", "3.12", "3.13"]}]}}
""")
    )
    assert {job.title: job.tools for job in graph.jobs} == {
        "pinned": "uv 0.12.5, Python 3.12",
        "asked": "uv 0.12.5, Python 3.11",
        "flag": "uv 0.12.5, Python 3.10, 3.11",
        "moving": "uv 0.12",
        "pip": "uv 0.11.0, Python 3.14",
        "unknown": "uv ?",
        "other": "",
        "many \N{MULTIPLICATION SIGN}4": "uv 0.12.5, Python 3.10, 3.11, 3.12 and 1 more",
    }


def test_jobs_wait_for_what_they_need() -> None:
    graph = job_graph(
        context("""\
stages: [a, b, c]
one: {stage: a, parallel: 2, script: [x]}
two: {stage: b, needs: ["one 1/2", {job: three, optional: true}], script: [x]}
three: {stage: b, needs: [], script: [x]}
four: {stage: c, rules: [{needs: [two]}], script: [x]}
five: {stage: c, needs: [{pipeline: $P, job: one}, gone], script: [x]}
""")
    )
    assert graph.waits == (
        Wait("one", "two"),
        Wait("three", "two", optional=True),
        Wait("two", "four"),
    )
    assert [job.name for job in graph.jobs if job.at_once] == ["three"]


def test_caches_are_those_that_gitlab_would_keep() -> None:
    found = cache_map(
        context("""\
default: {image: "ghcr.io/astral-sh/uv:0.12.5-python3.12-alpine"}
variables: {UV_CACHE_DIR: .uv, V: "7"}
fill: {cache: {key: "uv-$V", paths: [.uv], policy: push}, script: [uv sync]}
read:
  cache: {key: uv-7, paths: [.uv, x], policy: pull, fallback_keys: [old-$V]}
  script: [uv sync]
both: {cache: [{key: "$CI_COMMIT_REF_SLUG", paths: [y]}], script: [uv sync]}
whatever: {cache: {key: {files: [a, b], prefix: p}, policy: $P, untracked: true}, script: [x]}
plain: {cache: {paths: [z]}, script: [x]}
""")
    )
    assert {cache.key: (cache.paths, cache.holds_uv) for cache in found.caches} == {
        "uv-7": ((".uv", "x"), True),
        "old-7": ((), False),
        "$CI_COMMIT_REF_SLUG": (("y",), False),
        "p-<hash of a, b>": (("untracked files",), False),
        "default": (("z",), False),
    }
    both = Access.READS | Access.WRITES
    assert found.accesses == (
        CacheAccess("fill", "uv-7", Access.WRITES),
        CacheAccess("read", "uv-7", Access.READS),
        CacheAccess("read", "old-7", Access.READS, fallback=True),
        CacheAccess("both", "$CI_COMMIT_REF_SLUG", both),
        CacheAccess("whatever", "p-<hash of a, b>", both),
        CacheAccess("plain", "default", both),
    )
    assert [job.name for job in found.uncached] == ["both"]


def test_the_name_of_a_job_in_a_key_is_known() -> None:
    found = cache_map(
        context("""\
default: {cache: {key: "uv-${CI_JOB_NAME_SLUG}", paths: [a]}}
Lint it: {script: [x]}
test: {parallel: {matrix: [{PY: ["3.12", "3.13"]}]}, script: [x]}
""")
    )
    assert [cache.key for cache in found.caches] == [
        "uv-lint-it",
        "uv-test---3-12",
        "uv-test---3-13",
    ]


def test_caches_with_unknown_keys_are_not_taken_for_one() -> None:
    found = cache_map(
        context("""\
include: {project: a/b, file: /x.yml}
one: {cache: {key: !reference [.far, key], paths: [a]}, script: [x]}
two: {cache: {key: !reference [.far, key], paths: [a]}, script: [x]}
""")
    )
    assert len(found.caches) == len(found.accesses)


def test_a_picture_of_nothing() -> None:
    for form in Form:
        assert drawn("", form).strip()


# ---------------------------------------------------------------- forms


def test_the_svg_is_well_formed_whatever_names_hold() -> None:
    root = ET.fromstring(drawn(HARD, Form.SVG))
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    titles = [each.text or "" for each in root.iter(f"{SVG}title")]
    assert any("…" in text for text in texts)
    assert any("<b>&amp; `x` #1; --> end" in title and "构建" in title for title in titles)
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", drawn(HARD, Form.SVG))


MERMAID_LINES = re.compile(
    r"flowchart LR|  end"
    r'|  subgraph stage\d+\["[^"\[\]`<>;]*(?:(?:#\d+;|<br>)[^"\[\]`<>;]*)*"\]'
    r'|  {2,4}job\d+\["[^"\[\]`<>;]*(?:(?:#\d+;|<br>)[^"\[\]`<>;]*)*"\]'
    r'|  cache\d+\[\("[^"\[\]`<>;]*(?:(?:#\d+;|<br>)[^"\[\]`<>;]*)*"\)\]'
    r"|  (?:job|cache)\d+ (?:-->|<-->|-\.->) (?:job|cache)\d+|  stage\d+ ~~~ stage\d+"
    r"|  classDef uncached stroke-dasharray: 4 3|  class job\d+(?:,job\d+)* uncached"
)


@pytest.mark.parametrize("text", [LIBRARY, HARD], ids=["library", "hard names"])
def test_mermaid_takes_every_line(text: str) -> None:
    lines = drawn(text, Form.MERMAID).splitlines()
    assert [line for line in lines if not MERMAID_LINES.fullmatch(line)] == []
    assert sum(line.startswith("  subgraph") for line in lines) == lines.count("  end")


def test_names_are_cut_in_the_middle() -> None:
    assert shortened("构建" * 10, 12) == "构建构…构建"
    assert cells(shortened("构建" * 10, 12)) <= 12
    assert shortened("short", 12) == "short"


# ---------------------------------------------------------------- real pipelines


def overlaps(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def points(line: Line) -> list[Point]:
    """The curve as it is drawn, and the straight pieces before and behind it."""
    left, right = line.bend
    half = (right - left) / 2
    xs = (left, left + half, right - half, line.end.x)
    ys = (line.start.y, line.start.y, line.end.y, line.end.y)
    found = [line.start]
    for step in range(21):
        t = step / 20
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (sum(w * v for w, v in zip(weights, vs, strict=True)) for vs in (xs, ys))
        found.append(Point(x, y))
    if line.through is not None:
        found += [Point((line.end.x + line.through) / 2, line.end.y)]
    return found


def inside(point: Point, box: Box) -> bool:
    return box.x < point.x < box.right and box.y < point.y < box.y + box.height


def assert_legible(boxes: tuple[Box, ...], lines: tuple[Line, ...]) -> None:
    for box in boxes:
        assert text_width(box.name, NAME_SIZE) + 20 <= box.width
        assert text_width(box.note, NOTE_SIZE) + 20 <= box.width
    ordered = sorted(boxes, key=lambda box: box.x)
    for index, box in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.x >= box.right:
                break
            assert not overlaps(box, other)
    for line in lines:
        crossed = [box for box in boxes for point in points(line) if inside(point, box)]
        assert crossed == []


def test_nothing_overlaps_in_any_real_pipeline() -> None:
    waits = 0
    for path in sorted(shared("corpus/uv").rglob("*.y*ml")):
        found = context(path.read_text(encoding="utf-8", errors="replace"))
        graph = lay_out(job_graph(found))
        assert_legible(graph.boxes, graph.lines)
        caches = lay_out_map(cache_map(found), 30)
        assert_legible((*caches.boxes, *caches.uncached), caches.lines)
        waits += len(graph.lines)
    assert waits > 200


def test_a_terminal_of_80_columns_shows_every_real_pipeline() -> None:
    for path in sorted(shared("corpus/uv").rglob("*.y*ml")):
        text = drawn(path.read_text(encoding="utf-8", errors="replace"), Form.TEXT)
        assert max(map(cells, text.splitlines())) <= 80
