import pytest
from uvci.pipeline.model import SourceFile
from uvci.rules.pipeline.refused_by_gitlab import RULE
from uvci.rules.rule import Finding
from uvci.rules.suppression import find_suppressions, ignore_edit, suppress
from uvci.syntax.parse import parse
from uvci.text.edits import apply_edits
from uvci.text.span import Span

PATH = ".gitlab-ci.yml"


def finding_in(text: str, marked: str, jobs: tuple[str, ...] = ()) -> Finding:
    start = text.index(marked)
    span = Span(start, start + len(marked))
    return Finding(RULE, "message", PATH, span, RULE.severity, jobs)


def left(text: str, finding: Finding) -> tuple[Finding, ...]:
    return suppress([finding], find_suppressions(SourceFile(PATH, parse(text)))).findings


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  image: uv:x  # uvci: ignore[UVC001] mirrored\n  script: [b]\n",
        "a:\n  # uvci: ignore[UVC001]\n  image: uv:x\n  script: [b]\n",
        "a:\n  # uvci: ignore[UVC001]\n  # why\n\n  image:\n    name: uv:x\n  script: [b]\n",
        "a:  # uvci: ignore[refused-by-gitlab]\n  script: [b]\n  image: uv:x\n",
        "# uvci: ignore[UVC209, UVC001]\na:\n  script: [b]\n  image: uv:x\n",
        "# uvci: ignore-file[UVC001]\n\nb:\n  script: [b]\na:\n  script: [b]\n  image: uv:x\n",
        "a:\n  image: uv:x # uvci:ignore\n  script: [b]\n",
        "a:\r\n  image: uv:x  # uvci: ignore[UVC001]\r\n  script: [b]\r\n",
        "a:\n  script:\n    - |\n      uv:x  # uvci: ignore[UVC001]\n      b\n",
    ],
)
def test_a_comment_silences_what_begins_on_its_line_or_the_next(text: str) -> None:
    assert left(text, finding_in(text, "uv:x")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  image: uv:x\n  script: [b]  # uvci: ignore[UVC001]\n",
        "a:\n  image: uv:x  # uvci: ignore[UVC102]\n  script: [b]\n",
        "a:\n  image: uv:x\n  # uvci: ignore[UVC001]\n  script: [b]\n",
        "a:\n  image: uv:x  # uvci: ignored[UVC001]\n  script: [b]\n",
        "b:  # uvci: ignore[UVC001]\n  script: [b]\na:\n  image: uv:x\n",
        "a:\n  image: uv:x  # uvci: ignore[]\n  script: [b]\n",
    ],
)
def test_a_comment_elsewhere_silences_nothing(text: str) -> None:
    finding = finding_in(text, "uv:x")
    assert left(text, finding) == (finding,)


def test_a_comment_beside_a_job_takes_that_job_out() -> None:
    text = "default:\n  image: uv:x\na:  # uvci: ignore[UVC001]\n  script: [b]\nc:\n  script: [b]\n"
    finding = finding_in(text, "uv:x", ("a", "c"))
    assert [one.jobs for one in left(text, finding)] == [("c",)]
    assert left(text, finding_in(text, "uv:x", ("a",))) == ()


@pytest.mark.parametrize(
    ("text", "silenced"),
    [
        (
            "a:\n  image: uv:x\n  script: [b]\n",
            "a:\n  image: uv:x  # uvci: ignore[UVC001]\n  script: [b]\n",
        ),
        (
            "a:\n  image: uv:x  # uvci: ignore[UVC103] why\n",
            "a:\n  image: uv:x  # uvci: ignore[UVC103, UVC001] why\n",
        ),
        (
            "a:\n  image: uv:x  # why\n",
            "a:\n  # uvci: ignore[UVC001]\n  image: uv:x  # why\n",
        ),
        (
            "a:\r\n  script:\r\n    - |\r\n      b\r\n      uv:x\r\n",
            "a:\r\n  script:\r\n    # uvci: ignore[UVC001]\r\n    - |\r\n      b\r\n      uv:x\r\n",
        ),
        ("a:\n  image: uv:x", "a:\n  image: uv:x  # uvci: ignore[UVC001]"),
    ],
)
def test_the_edit_that_silences_a_finding(text: str, silenced: str) -> None:
    edit = ignore_edit(parse(text), finding_in(text, "uv:x"))
    assert apply_edits(text, [edit]) == silenced
    assert left(silenced, finding_in(silenced, "uv:x")) == ()
