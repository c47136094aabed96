import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from uvci.syntax.parse import parse, parse_whole
from uvci.syntax.paths import key_text
from uvci.syntax.sections import Parsed, read_section
from uvci.syntax.tree import Alias, Document, Node, walk

from tests.syntax.trees import LINES, TEXTS, corpus, read, shape

_TYPED = ('"', "'", "[", "{", ":", "\n", "\n  ", "\t", "]", "- ", "@", "|", "&a ", "*a", "#", "x")


# A text before the first key that is a document of its own: GitLab reads it and nothing else.
_STRAYS = {"Invalid configuration format", "did not find expected <document start>"}


def has_stray(document: Document) -> bool:
    return any(problem.message in _STRAYS for problem in document.problems)


@given(TEXTS)
@settings(max_examples=600)
def test_sections_put_together_are_the_whole(text: str) -> None:
    whole, parts = parse_whole(text), parse(text)
    assume(not whole.problems and not has_stray(parts))
    assert not parts.problems
    assert shape(parts) == shape(whole)


@given(TEXTS)
@settings(max_examples=300)
def test_sections_see_a_problem_where_the_whole_has_one(text: str) -> None:
    assert bool(parse(text).problems) >= bool(parse_whole(text).problems)


def test_sections_put_together_are_the_whole_in_every_file() -> None:
    clean = 0
    for path in corpus():
        text = read(path)
        whole, parts = parse_whole(text), parse(text)
        assert bool(parts.problems) == bool(whole.problems), path
        if not whole.problems:
            clean += 1
            assert shape(parts) == shape(whole), path
    assert clean > len(corpus()) * 0.9


@pytest.mark.slow
def test_sections_put_together_are_the_whole_in_every_changed_file() -> None:
    random = Random(7)
    compared = 0
    for path in corpus():
        text = read(path)[:6000]
        for _ in range(8):
            at = random.randrange(len(text) + 1)
            changed = text[:at] + random.choice(_TYPED) + text[at + random.randrange(3) :]
            whole, parts = parse_whole(changed), parse(changed)
            if has_stray(parts):
                continue
            assert bool(parts.problems) == bool(whole.problems), (path, at)
            if not whole.problems:
                compared += 1
                assert shape(parts) == shape(whole), (path, at)
    assert compared > len(corpus())


def everything(document: Document) -> object:
    """All that a document says, and how it was split."""
    sections = [(section.span, id(section.origin)) for section in document.sections]
    anchors = {name: [node.span for node in document.anchors[name]] for name in document.anchors}
    whole = (shape(document), document.holds_mapping, document.problems)
    return (*whole, [(b.span, b.text) for b in document.broken], sections, anchors)


_EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.floats(0, 1),
        st.integers(0, 9),
        st.one_of(LINES, st.sampled_from(_TYPED)),
    ),
    max_size=6,
)


@given(st.lists(LINES, min_size=6, max_size=40), _EDITS)
@settings(max_examples=800)
def test_a_text_read_again_after_edits_is_read_as_if_new(
    lines: list[str], edits: list[tuple[float, float, int, str]]
) -> None:
    text = "\n".join(lines)
    document = parse(text)
    for place, far, some, typed in edits:
        at = int(place * len(text))
        removed = int(far * len(text)) if some == 9 else some
        text = text[:at] + typed + text[at + removed :]
        document = parse(text, document)
        assert everything(document) == everything(parse(text))


_SIX = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_SIX.replace("2", '"2'), _SIX.replace("2", '"2').replace("6", '6"')),
        (_SIX.replace("2", '2"'), _SIX.replace("2", '2"').replace("b:", 'q: "\nr: 1\nb:')),
        (_SIX, _SIX.replace("d:", "--- #\nd:")),
        (_SIX, "\ufeff" + _SIX),
        (_SIX, _SIX.replace("d:", " d:")),
        (_SIX, _SIX.replace("\nd: 4", "")),
        (_SIX, "f: 6\n"),
        (_SIX, ""),
    ],
    ids=[
        "closed far behind",
        "closed beside",
        "mark",
        "byte-order mark",
        "indented",
        "gone",
        "one",
        "",
    ],
)
def test_an_edit_may_change_more_than_the_sections_it_is_in(before: str, after: str) -> None:
    assert everything(parse(after, parse(before))) == everything(parse(after))
    assert everything(parse(before, parse(after))) == everything(parse(before))


@pytest.mark.slow
def test_every_file_read_again_after_edits_is_read_as_if_new() -> None:
    random = Random(11)
    for path in corpus():
        text = read(path)[:8000]
        document = parse(text)
        for _ in range(12):
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice(_TYPED) + text[at + random.randrange(3) :]
            document = parse(text, document)
            assert everything(document) == everything(parse(text)), (path, at)


def test_a_keystroke_reads_three_sections_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"job{number}:\n  script: [a]\n" for number in range(90))
    document = parse(text)
    read_again: list[str] = []

    def counted(piece: str) -> Parsed:
        read_again.append(piece)
        return read_section(piece)

    monkeypatch.setattr("uvci.syntax.reading.read_section", counted)
    at = text.index("job50") + len("job50:\n  script: [a")
    changed = parse(text[:at] + "b" + text[at:], document)
    assert read_again == [
        f"job{n}:\n  script: [{'ab' if n == 50 else 'a'}]\n" for n in (49, 50, 51)
    ]
    assert len(changed.sections) == 90


def test_a_section_is_the_same_value_wherever_it_stands() -> None:
    before = parse("a:\n  x: 1\nb:\n  y: 2\nc: 3\n")
    after = parse("a:\n  x: 100\nb:\n  y: 2\nc: 3\n")
    kept = [
        new.origin is old.origin for new, old in zip(after.sections, before.sections, strict=True)
    ]
    assert kept == [False, True, True]
    assert after.sections[1].span.start == before.sections[1].span.start + 2


def test_a_section_before_the_change_keeps_its_nodes() -> None:
    before, after = parse("aa: {x: 1}\nb: 2\n"), parse("aa: {x: 1}\nb: 20\n")
    assert before.mapping
    assert after.mapping
    assert before.mapping.get("aa") is after.mapping.get("aa")


def test_an_alias_points_at_the_very_node_in_another_section() -> None:
    document = parse(".a: &x\n  k: 1\nb:\n  c: *x\nd: &x 2\ne: *x\n")
    assert document.mapping
    aliases = [node for node in walk(document.mapping) if isinstance(node, Alias)]
    assert aliases[0].target is document.mapping.get(".a")
    assert aliases[1].target is document.mapping.get("d")
    assert document.anchors["x"] == (document.mapping.get(".a"), document.mapping.get("d"))
    assert list(document.anchors) == ["x"]


def test_aliases_may_hang_on_one_another_through_many_sections() -> None:
    count = 3 * sys.getrecursionlimit()
    text = "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, count))
    document = parse(text)
    assert document.mapping
    assert document.problems == ()
    assert document.mapping.get(f"a{count - 1}") is not None


def test_exploding_aliases_cost_nothing() -> None:
    text = "a0: &a0 x\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60)
    )
    assert sum(1 for _ in walk(parse(text).root or pytest.fail("no root"))) < 2000


def test_many_threads_read_one_document() -> None:
    text = "".join(f"job{n}: &a{n}\n  script: [a, *a{n - 1}]\n" for n in range(1, 60))
    document = parse("job0: &a0 x\n" + text)
    expected = shape(parse_whole("job0: &a0 x\n" + text))
    with ThreadPoolExecutor(8) as threads:
        shapes = list(threads.map(lambda _: shape(document), range(32)))
    assert all(one == expected for one in shapes)
    assert document.mapping

    def value(_: int) -> Node | None:
        return document.mapping.get("job7") if document.mapping else None

    with ThreadPoolExecutor(8) as threads:
        values = list(threads.map(value, range(32)))
    assert all(one is values[0] for one in values)


def test_the_depth_of_a_file_is_limited_as_in_gitlab() -> None:
    fine = "a: " + "[" * 99 + "]" * 99
    assert parse(fine).problems == ()
    problems = parse("a: " + "[" * 100 + "]" * 100).problems
    assert [problem.message for problem in problems] == ["The parsed YAML is too big"]


def test_what_nests_without_end_does_not_take_the_rest_along() -> None:
    document = parse("a: 1\nb: " + "[" * 50_000 + "\nc:\n  d: 2\n")
    assert document.mapping
    assert [key_text(pair.key) for pair in document.mapping.pairs] == ["a", "b", "c"]
    assert [problem.message for problem in document.problems] == ["The parsed YAML is too big"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "[" * 1_000_000,
        "{a: " * 200_000 + "\nb: 1\n",
        "a: " + "[" * 10_000,
        "a: " + "[" * 10_000 + "]" * 10_000,
        "{a: " * 10_000,
        "- " * 10_000,
        "".join(" " * n + "a:\n" for n in range(1000)),
        "? " * 10_000,
        "&a " * 3_000,
        "'" * 9_999,
        "a: b: " * 3_000,
        "a:\n  x: y: z\n" * 300,
        "\x00" * 1_000,
        "\ud800: \udfff",
        "a: \n" * 5_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_texts_are_read_all_the_same(text: str) -> None:
    document = parse(text)
    assert document.text == text
    for problem in document.problems:
        assert problem.span.end <= len(text)
