from msgspec.structs import replace
from uvci.rules.check import check
from uvci.rules.proof import effective_differences, proven_fixes, rebuilt
from uvci.rules.rule import Change, FileEdit, Finding, Fix
from uvci.text.edits import TextEdit
from uvci.text.span import Span

from tests.rules.building import PIPELINE, context_of

TEXT = """\
# about the job
test:
  image: ghcr.io/astral-sh/uv:0.11.16-bookworm  # pinned
  script:
    - uv sync
"""
IMAGE = (Change("", ("test", "image")), Change("test", ("image",)))


def edit(old: str, new: str, text: str = TEXT) -> FileEdit:
    start = text.index(old)
    return FileEdit(PIPELINE, TextEdit(Span(start, start + len(old)), new))


def offered(*fixes: Fix) -> list[str]:
    context = context_of(TEXT)
    finding = next(each for each in check(context) if each.rule.code == "UVC101")
    return [fix.title for fix in proven_fixes(replace(finding, fixes=lambda: fixes), context)]


def test_what_holds_is_offered_in_order() -> None:
    good = Fix("good", (edit("bookworm", "trixie"),), declares=IMAGE)
    also = Fix("also", (edit("0.11.16", "0.9.30"),), declares=IMAGE)
    assert offered(good, also) == ["good", "also"]


def test_what_does_not_hold_is_not_offered() -> None:
    image = "ghcr.io/astral-sh/uv:0.11.16-bookworm"
    assert not offered(
        Fix("nothing changes", (edit("bookworm", "bookworm"),), declares=IMAGE),
        Fix("the finding stays", (edit("bookworm", "buster"),), declares=IMAGE),
        Fix("undeclared", (edit("bookworm", "trixie"),)),
        Fix(
            "more than declared", (edit("bookworm", "trixie"), edit("sync", "lock")), declares=IMAGE
        ),
        Fix("loses a comment", (edit(f"{image}  # pinned", "python:3.13"),), declares=IMAGE),
        Fix("breaks the file", (edit(image, "[python"),), declares=IMAGE),
        Fix("brings another finding", (edit("0.11.16-bookworm", "0.12.5"),), declares=IMAGE),
        Fix("overlaps", (edit("bookworm", "trixie"), edit("kworm", "k")), declares=IMAGE),
        Fix("another file", (replace(edit("bookworm", "trixie"), path="a.yml"),), declares=IMAGE),
    )


def test_differences_are_named_by_job_and_keys() -> None:
    context = context_of(TEXT)
    after = rebuilt(
        context, {PIPELINE: TEXT.replace("uv sync", "uv lock") + "  variables: {A: b}\n"}
    )
    assert set(effective_differences(context.pipeline, after.pipeline)) == {
        ("", ("test", "script")),
        ("", ("test", "variables", "A")),
        ("test", ("script",)),
        ("test", ("variables", "A")),
    }


def test_one_mistake_in_default_is_one_finding() -> None:
    text = """\
default:
  image: ghcr.io/astral-sh/uv:0.11.16-bookworm
a: {script: [uv sync]}
b: {script: [uv sync]}
c: {script: [uv sync]}
d: {script: [uv sync]}
e: {script: [uv sync]}
"""
    found: list[Finding] = [each for each in check(context_of(text)) if each.rule.code == "UVC101"]
    assert [each.jobs for each in found] == [("a", "b", "c", "d", "e")]
    assert "jobs `a`, `b`, `c` and 2 more" in found[0].message


def test_what_a_fix_uncovers_does_not_speak_against_it() -> None:
    text = "test:\n  image: ghcr.io/astral-sh/uv:0.12.5-alpine\n  script:\n    - uv pip instal x\n"
    context = context_of(text)
    finding = next(each for each in check(context) if each.rule.code == "UVC404")
    (fix,) = proven_fixes(finding, context)
    assert fix.uncovers
    hidden = replace(fix, uncovers=False)
    assert not proven_fixes(replace(finding, fixes=lambda: (hidden,)), context)
    # What GitLab refuses was not there before.
    edit = fix.edits[0].edit
    refused = TextEdit(edit.span, f"{edit.content} x\n  no-keyword: 1\n  #")
    worse = replace(fix, edits=(FileEdit(PIPELINE, refused),), declares=(Change("", ("test",)),))
    worse = replace(worse, declares=(*worse.declares, Change("test")))
    assert not proven_fixes(replace(finding, fixes=lambda: (worse,)), context)
