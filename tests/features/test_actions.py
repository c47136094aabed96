"""Code actions, shown by texts: see `cases.py` for their form.

Under a text stand `> title` with the text after the action below it, `x title` for an action that
is there but disabled (behind ` | ` the reason), `! title` for one that must not be offered, or
`(nothing)`. Other files that change stand behind `+++ path`. In `refactorings*.txt` only
refactorings are asked for.
"""

import random
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from uvci.features.actions import code_actions, is_kind
from uvci.features.context import context_of
from uvci.features.view import CodeAction, View
from uvci.rules.check import check
from uvci.rules.fix_all import fix_all, safe_fix
from uvci.rules.proof import proven_fixes, rebuilt
from uvci.rules.rule import Finding, Fix
from uvci.syntax.parse import parse
from uvci.syntax.witness import comments_of
from uvci.text.difference import edits_between
from uvci.text.edits import apply_edits
from uvci.text.span import Span

from tests.features.cases import ROOT, Case, cases, unescaped, view_of
from tests.shared import shared

LARGEST = 8_000
CASES = cases(Path(__file__).parent / "actions")


def checked(view: View) -> View:
    """The view with its findings, as a workspace would give it."""
    context = context_of(view)
    found = tuple(
        replace(each, fixes=partial(proven_fixes, each, context)) for each in check(context)
    )
    return replace(view, findings=lambda: found)


def applied(view: View, action: CodeAction) -> str:
    """The pipeline after an action, and below it every other file that it changes."""
    edits = action.edits()
    paths = (view.path, *sorted({each.path for each in edits} - {view.path}))
    texts = [
        apply_edits(view.files.read(path) or "", [one.edit for one in edits if one.path == path])
        for path in paths
    ]
    others = (f"+++ {path}\n{text}" for path, text in zip(paths[1:], texts[1:], strict=True))
    return "\n".join((texts[0], *others))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_actions(case: Case) -> None:
    view = checked(case.view())
    kinds = ("refactor",) if case.title.startswith("refactorings") else None
    found = code_actions(view, Span(case.offset, case.offset), kinds)
    by_title = {action.title: action for action in found}
    assert len(by_title) == len(found)
    if case.expected == ("(nothing)",):
        assert not found
    taken: list[tuple[str, list[str]]] = []
    for line in case.expected:
        if line.startswith("> "):
            taken.append((line[2:], []))
        elif taken:
            taken[-1][1].append(unescaped(line))
        elif line.startswith("x "):
            title, _, reason = line[2:].partition(" | ")
            assert by_title[title].disabled
            assert reason in ("", by_title[title].disabled)
            assert by_title[title].edits() == ()
        elif line.startswith("! "):
            assert line[2:] not in by_title
    for title, text in taken:
        assert not by_title[title].disabled
        assert applied(view, by_title[title]).strip("\n") == "\n".join(text).strip("\n")


def test_kinds_are_prefixes() -> None:
    text = "test:\n  image: astral/uv:0.12.5-alpine\n  script: [ls]\n"
    view, at = checked(view_of(text)), text.index("0.12.5")
    for wanted in ("refactor", "refactor.extract", ""):
        titles = [each.title for each in code_actions(view, Span(at, at), (wanted,))]
        assert "Extract the tag into $UV_VERSION, $BASE_LAYER" in titles
    assert code_actions(view, Span(at, at), ("refactor.inline",)) == ()
    assert is_kind("source.fixAll.uvci", "source.fixAll")


def test_fixes_for_the_whole_file_come_only_when_asked_for() -> None:
    text = "variables:\n  PYTHON_VERSION: 3.10\ntest: {script: [ls]}\n"
    view = checked(view_of(text))
    assert not any(each.kind.startswith("source") for each in code_actions(view, Span(0, 0)))
    (action,) = code_actions(view, Span(0, 0), ("source.fixAll.uvci",))
    assert '"3.10"' in applied(view, action)


def test_an_action_for_all_alike_is_offered_without_proving_all_of_them() -> None:
    job = "test-{}:\n  variables: {{UV_LINKMODE: copy}}\n  script: [uv sync]\n"
    text = "".join(job.format(number) for number in range(40))
    context, asked = context_of(view_of(text)), set[Span]()

    def fixes(finding: Finding) -> tuple[Fix, ...]:
        asked.add(finding.span)
        return proven_fixes(finding, context)

    found = tuple(replace(each, fixes=partial(fixes, each)) for each in check(context))
    view = replace(view_of(text), findings=lambda: found)
    at = text.rindex("UV_LINKMODE")
    titles = [action.title for action in code_actions(view, Span(at, at))]
    assert "Fix all UVC301 (unknown-uv-variable) in this file" in titles
    assert len(asked) <= 3
    assert any(span.start == at for span in asked)


@pytest.mark.slow
def test_all_fixes_of_real_files_converge_and_keep_comments() -> None:
    fixed_files = 0
    for path in sorted(shared("corpus").joinpath("uv").rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        view = checked(view_of(text))

        def look(texts: dict[str, str], view: View = view) -> tuple[Finding, ...]:
            context = rebuilt(context_of(view), texts)
            return tuple(
                replace(each, fixes=partial(proven_fixes, each, context)) for each in check(context)
            )

        fixed = fix_all(look, {ROOT: text}.get)
        new = fixed.texts.get(ROOT, text)
        fixed_files += new != text
        assert len(parse(new).problems) <= len(parse(text).problems)
        assert not any(safe_fix(each) for each in look({ROOT: new}))
        assert apply_edits(text, edits_between(text, new)) == new
        assert [one for one in comments_of(text) if "uvci:" not in one] == [
            one for one in comments_of(new) if "uvci:" not in one
        ]
    assert fixed_files > 5


@pytest.mark.slow
def test_refactorings_anywhere_in_real_files_are_made_without_an_error() -> None:
    sampler = random.Random(7)
    made = 0
    for path in sorted(shared("corpus").rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for cut in (len(text), sampler.randint(0, len(text))) if len(text) < LARGEST else ():
            view = checked(view_of(text[:cut], {"uv.lock": "version = 1\n"}))
            for offset in (*sampler.choices(starts(view), k=2), sampler.randint(0, cut), cut):
                for action in code_actions(view, Span(offset, offset), ("refactor",)):
                    labels = [action.annotate(each) for each in action.edits() if action.annotate]
                    made += bool(action.edits()) and all(label.label for label in labels)
    assert made > 500


def starts(view: View) -> list[int]:
    """Where entries begin."""
    root = view.document.mapping
    return [pair.span.start for pair in root.pairs] if root else [0]
