import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvci.syntax.parse import parse
from uvci.syntax.sources import SourceMap, source_map
from uvci.syntax.tree import Document, Scalar, walk
from uvci.text.span import Span

from tests.syntax.trees import TEXTS, corpus, read


def scalars(document: Document) -> list[Scalar]:
    roots = [root for root in (document.root, document.header) if root]
    return [node for root in roots for node in walk(root) if isinstance(node, Scalar)]


def value_map(text: str) -> tuple[Scalar, SourceMap]:
    document = parse(text)
    assert document.mapping
    node = document.mapping.get("a")
    assert isinstance(node, Scalar)
    return node, source_map(text, node)


@pytest.mark.parametrize(
    ("text", "found", "typed"),
    [
        ("a: uv sync\n", "sync", "sync"),
        ("a: uv\n   sync\n", "uv sync", "uv\n   sync"),
        ("a: 'it''s uv'\n", "'s uv", "''s uv"),
        ('a: "x\\ty uv"\n', "\ty", "\\ty"),
        ('a: "\\x41\\u00e9 uv"\n', "é uv", "\\u00e9 uv"),
        ('a: "one\\\n   two"\n', "onetwo", "one\\\n   two"),
        ("a: |\n  uv sync\n  uv run\n", "sync\nuv", "sync\n  uv"),
        ("a: |\r\n  uv sync\r\n  uv run\r\n", "sync\nuv", "sync\r\n  uv"),
        ("a: |\n  if x; then\n    uv run\n  fi\n", "  uv run", "  uv run"),
        ("a: |2\n    uv run\n  fi\n", "  uv run\nfi", "  uv run\n  fi"),
        ("a: >-\n  uv sync\n  --frozen\n", "sync --frozen", "sync\n  --frozen"),
        ("a: >\n  one\n\n  two\n   more\n  uv\n", "two\n more\nuv", "two\n   more\n  uv"),
        ("a: |+\n  uv\n\n\n", "uv\n\n\n", "uv\n\n\n"),
        ("a: | # why\n\n  uv\n", "\nuv", "\n  uv"),
        ("\ufeffa: |\n  uv\n", "uv", "uv"),
        ("a: |\n  uv", "uv", "uv"),
    ],
)
def test_what_is_found_in_the_content_is_shown_as_typed(text: str, found: str, typed: str) -> None:
    node, sources = value_map(text)
    start = node.text.index(found)
    assert sources.is_exact
    assert sources.span(Span(start, start + len(found))).of(text) == typed


@pytest.mark.parametrize(
    ("text", "at"),
    [("a: ''\n", 4), ('a: ""\n', 4), ("a: \n", 3), ("a:\n", 2), ("a: |\n\nb: 1\n", 4)],
)
def test_empty_scalars_have_their_place(text: str, at: int) -> None:
    _, sources = value_map(text)
    assert sources.span(Span(0, 0)) == Span(at, at)
    assert sources.decoded(at) == 0


def test_the_indentation_of_a_block_is_no_content() -> None:
    text = "a: |\n  uv\n  ruff\n"
    _, sources = value_map(text)
    assert [sources.decoded(at) for at in range(3, len(text))] == [
        *(None, None, None, None),
        *(0, 1, 2),
        *(3, None),
        *(3, 4, 5, 6, 7),
    ]


def assert_consistent(text: str) -> int:
    count = 0
    for scalar in scalars(parse(text)):
        sources = source_map(text, scalar)
        if not sources.is_exact:
            continue
        count += 1
        for at in range(len(scalar.text)):
            start = sources.offset(at)
            assert sources.decoded(start) == at
            typed = sources.span(Span(at, at + 1)).of(text)
            assert typed
            assert scalar.text[at] in {typed, " ", "\n"} or typed[0] in "\\'"
        assert sources.offset(len(scalar.text)) >= sources.offset(0)
    return count


@given(TEXTS)
@settings(max_examples=300)
def test_every_character_is_found_where_it_is_typed(text: str) -> None:
    assert_consistent(text)


@given(st.text(st.sampled_from("ab '\"\\\n\r\t:#é\u2028{}"), max_size=30), st.sampled_from("'\""))
@settings(max_examples=300)
def test_quoted_texts_are_mapped_exactly(content: str, quote: str) -> None:
    text = f"a: {quote}{content}{quote}\n"
    document = parse(text)
    if not document.problems:
        assert all(source_map(text, scalar).is_exact for scalar in scalars(document))
        assert_consistent(text)


@given(
    st.lists(st.sampled_from(["", "uv", " uv", "   ", "\tx", "# x", "a\u2028b"]), max_size=7),
    st.sampled_from(["|", ">", "|-", ">-", "|+", ">+", "|2", ">2-", "|+2"]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=400)
def test_block_texts_are_mapped_exactly(lines: list[str], header: str, newline: str) -> None:
    body = [f"  {line}" if line.strip(" ") else line for line in lines]
    text = newline.join([f"a: {header}", *body, "b: 1", ""])
    document = parse(text)
    if not document.problems:
        assert all(source_map(text, scalar).is_exact for scalar in scalars(document))
        assert_consistent(text)


def test_every_scalar_of_every_file_is_mapped_exactly() -> None:
    exact = 0
    for path in corpus():
        text = read(path)
        if not parse(text).problems:
            found = scalars(parse(text))
            assert all(source_map(text, scalar).is_exact for scalar in found), path
            exact += len(found)
    assert exact > 10_000
