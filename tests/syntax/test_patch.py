"""Each edit is applied, read again by us and by ruamel.yaml, and compared as a text."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from uvci.syntax.parse import parse
from uvci.syntax.patch import (
    Block,
    Quoted,
    Verbatim,
    append_root,
    insert_item,
    insert_pair,
    quote_if_needed,
    remove_item,
    remove_pair,
    rename_key,
    replace_scalar,
    set_value,
)
from uvci.syntax.paths import Path, node_at
from uvci.syntax.scalars import read_scalar
from uvci.syntax.tree import Document, Mapping, Node, Pair, Scalar, Sequence, walk
from uvci.syntax.witness import keeps_comments
from uvci.text.edits import TextEdit, apply_edits

from tests.syntax.trees import corpus, read

CACHE: Block = {"key": {"files": ["uv.lock"]}, "paths": ["$UV_CACHE_DIR"]}


def pair_at(document: Document, *path: str) -> Pair:
    mapping = node_at(document.root, path[:-1])
    assert isinstance(mapping, Mapping)
    pair = mapping.pair(path[-1])
    assert pair
    return pair


def mapping_at(document: Document, *path: str) -> Mapping:
    node = node_at(document.root, path)
    assert isinstance(node, Mapping)
    return node


def applied(text: str, edits: Iterable[TextEdit] | TextEdit) -> str:
    changed = apply_edits(text, (edits,) if isinstance(edits, TextEdit) else edits)
    assert parse(changed).problems == ()
    assert keeps_comments(text, changed)
    if "\r\n" in text:
        assert changed.count("\r\n") == changed.count("\n") == changed.count("\r")
    if parse(text).root:
        assert changed.endswith(("\n", "\r\n")) == text.endswith(("\n", "\r\n"))
    return changed


def value(node: Node | None) -> Any:
    match node:
        case Mapping():
            return {value(pair.key): value(pair.value) for pair in node.pairs}
        case Sequence():
            return [value(item) for item in node.items]
        case Scalar():
            return read_scalar(node)
        case _:
            return node


Change = Callable[[Document], Iterable[TextEdit] | TextEdit]
CHANGES: list[tuple[str, str, Change, str]] = [
    (
        "a key at the end of a job",
        "test:\n    script: x # why\n\nnext:\n    a: 1\n",
        lambda d: insert_pair(d, mapping_at(d, "test"), "cache", CACHE),
        (
            "test:\n    script: x # why\n    cache:\n        key:\n            files:\n"
            "                - uv.lock\n        paths:\n            - $UV_CACHE_DIR\n"
            "\nnext:\n    a: 1\n"
        ),
    ),
    (
        "lists without indentation stay so",
        "test:\n  script:\n  - x\n",
        lambda d: insert_pair(d, pair_at(d, "test"), "cache", CACHE),
        (
            "test:\n  script:\n  - x\n  cache:\n    key:\n      files:\n      - uv.lock\n"
            "    paths:\n    - $UV_CACHE_DIR\n"
        ),
    ),
    (
        "a key at the end of a file without a last line break",
        "test:\n  script: x",
        lambda d: insert_pair(d, mapping_at(d, "test"), "image", "a:1"),
        "test:\n  script: x\n  image: a:1",
    ),
    (
        "Windows line breaks",
        "test:\r\n  script: x\r\n",
        lambda d: insert_pair(d, mapping_at(d, "test"), "tags", ["a", "b"]),
        "test:\r\n  script: x\r\n  tags:\r\n    - a\r\n    - b\r\n",
    ),
    (
        "a key under a key without a value",
        "test:\n  variables: # mine\n  script: x\n",
        lambda d: insert_pair(d, pair_at(d, "test", "variables"), "UV_PYTHON", "3.10"),
        'test:\n  variables: # mine\n    UV_PYTHON: "3.10"\n  script: x\n',
    ),
    (
        "a key under a key whose value is null",
        "test:\n  variables: ~\n",
        lambda d: insert_pair(d, pair_at(d, "test", "variables"), "A", "b"),
        "test:\n  variables:\n    A: b\n",
    ),
    (
        "a key into empty braces",
        "test:\n  variables: {}  # none\n",
        lambda d: insert_pair(d, pair_at(d, "test", "variables"), "A", "b"),
        "test:\n  variables:  # none\n    A: b\n",
    ),
    (
        "a key into braces",
        "test: {script: x, cache: {}}\n",
        lambda d: insert_pair(d, pair_at(d, "test", "cache"), "key", {"files": ["a, b"]}),
        'test: {script: x, cache: {key: {files: ["a, b"]}}}\n',
    ),
    (
        "a key between braces, before another",
        "test: {script: x}\n",
        lambda d: insert_pair(
            d, mapping_at(d, "test"), "a", "1", before=pair_at(d, "test", "script")
        ),
        'test: {a: "1", script: x}\n',
    ),
    (
        "a key before another and its comment",
        "test:\n  # about script\n  script: x\n",
        lambda d: insert_pair(
            d, mapping_at(d, "test"), "image", "a", before=pair_at(d, "test", "script")
        ),
        "test:\n  image: a\n  # about script\n  script: x\n",
    ),
    (
        "a key before the first of an item",
        "a:\n  - name: x\n    b: 1\n",
        lambda d: insert_pair(
            d,
            item_mapping(d, "a", 0),
            "alias",
            "v",
            before=item_mapping(d, "a", 0).pairs[0],
        ),
        "a:\n  - alias: v\n    name: x\n    b: 1\n",
    ),
    (
        "a key after one with a block, and a comment that belongs to it",
        "test:\n  script:\n    - a\n    # - b\n  after: 1\n",
        lambda d: insert_pair(
            d, mapping_at(d, "test"), "image", "a", after=pair_at(d, "test", "script")
        ),
        "test:\n  script:\n    - a\n    # - b\n  image: a\n  after: 1\n",
    ),
    (
        "a key after a block that keeps its blank lines",
        "test:\n  script: |+\n    a\n\n\nnext: 1\n",
        lambda d: insert_pair(d, mapping_at(d, "test"), "image", "a"),
        "test:\n  script: |+\n    a\n\n\n  image: a\nnext: 1\n",
    ),
    (
        "texts of several lines become blocks",
        "test:\n  a: 1\n",
        lambda d: insert_pair(d, mapping_at(d, "test"), "script", ["one\ntwo\n", "three"]),
        "test:\n  a: 1\n  script:\n    - |\n      one\n      two\n    - three\n",
    ),
    (
        "quotes and plain YAML as asked",
        "test:\n  a: 1\n",
        lambda d: insert_pair(
            d, mapping_at(d, "test"), "b", {"c": Quoted("x"), "d": Verbatim("true"), "e": []}
        ),
        'test:\n  a: 1\n  b:\n    c: "x"\n    d: true\n    e: []\n',
    ),
    (
        "an item at the end",
        "test:\n  script:\n    - a # one\nnext: 1\n",
        lambda d: insert_item(d, pair_at(d, "test", "script"), "echo: x"),
        'test:\n  script:\n    - a # one\n    - "echo: x"\nnext: 1\n',
    ),
    (
        "an item at the start",
        "test:\n  script:\n  - a\n",
        lambda d: insert_item(d, pair_at(d, "test", "script"), "b", index=0),
        "test:\n  script:\n  - b\n  - a\n",
    ),
    (
        "an item in the middle, behind a block",
        "test:\n  script:\n    - |\n      a\n      b\n    - c\n",
        lambda d: insert_item(d, pair_at(d, "test", "script"), {"x": "1", "v": ["z"]}, index=1),
        (
            "test:\n  script:\n    - |\n      a\n      b\n"
            '    - x: "1"\n      v:\n        - z\n    - c\n'
        ),
    ),
    (
        "an item into brackets",
        "test: {tags: [a]}\n",
        lambda d: insert_item(d, pair_at(d, "test", "tags"), "b]"),
        'test: {tags: [a, "b]"]}\n',
    ),
    (
        "an item into brackets, first",
        "tags: [a]\n",
        lambda d: insert_item(d, pair_at(d, "tags"), "b", index=0),
        "tags: [b, a]\n",
    ),
    (
        "an item under a key without a value",
        "test:\n  script:\n",
        lambda d: insert_item(d, pair_at(d, "test", "script"), "a"),
        "test:\n  script:\n    - a\n",
    ),
    (
        "an item beside a single text",
        "test:\n  script: uv sync # why\n",
        lambda d: insert_item(d, pair_at(d, "test", "script"), "uv run x"),
        "test:\n  script:\n    - uv sync # why\n    - uv run x\n",
    ),
    (
        "an item before a single block",
        "test:\n  script: |\n    a\n    b\n  x: 1\n",
        lambda d: insert_item(d, pair_at(d, "test", "script"), "c", index=0),
        "test:\n  script:\n    - c\n    - |\n      a\n      b\n  x: 1\n",
    ),
    (
        "a pair less",
        "test:\n  a: 1 # one\n  # two\n  b: |\n    x\n  c: 3\n",
        lambda d: remove_pair(d, mapping_at(d, "test"), pair_at(d, "test", "b")),
        "test:\n  a: 1 # one\n  # two\n  c: 3\n",
    ),
    (
        "a pair less, its comment stays",
        "test:\n  a: 1 # one\n  b: 2\n",
        lambda d: remove_pair(d, mapping_at(d, "test"), pair_at(d, "test", "a")),
        "test:\n  # one\n  b: 2\n",
    ),
    (
        "the first pair of a file less, with the blank line below it",
        "a: 1\n\nb:\n  - c\n",
        lambda d: remove_pair(d, d.root, d.root.pairs[0]),
        "b:\n  - c\n",
    ),
    (
        "the last pair less, without a last line break",
        "test:\n  a: 1\n  b: 2",
        lambda d: remove_pair(d, mapping_at(d, "test"), pair_at(d, "test", "b")),
        "test:\n  a: 1",
    ),
    (
        "the only pair less",
        "test:\n  a: 1\n",
        lambda d: remove_pair(d, mapping_at(d, "test"), pair_at(d, "test", "a")),
        "test:\n  {}\n",
    ),
    (
        "the first pair of an item less",
        "a:\n  - name: x\n    b: 1\n",
        lambda d: remove_pair(d, item_mapping(d, "a", 0), item_mapping(d, "a", 0).pairs[0]),
        "a:\n  - b: 1\n",
    ),
    (
        "a pair in braces less",
        "a: {x: 1, y: 2}\n",
        lambda d: remove_pair(d, mapping_at(d, "a"), pair_at(d, "a", "x")),
        "a: {y: 2}\n",
    ),
    (
        "an item less",
        "a:\n  - x\n  - y # why\n  - z\n",
        lambda d: remove_item(d, sequence_at(d, "a"), 1),
        "a:\n  - x\n  # why\n  - z\n",
    ),
    (
        "an item in brackets less",
        "a: [x, y, z]\n",
        lambda d: remove_item(d, sequence_at(d, "a"), 2),
        "a: [x, y]\n",
    ),
    (
        "the first item in brackets less, the tag of the next stays",
        "a: [&v x, !reference [b, c], z]\n",
        lambda d: remove_item(d, sequence_at(d, "a"), 0),
        "a: [!reference [b, c], z]\n",
    ),
    (
        "an item in brackets less, with its tag",
        "a: [x, !reference [b, c], z]\n",
        lambda d: remove_item(d, sequence_at(d, "a"), 1),
        "a: [x, z]\n",
    ),
    (
        "an item in brackets before one with a tag",
        "a: [!reference [b, c]]\n",
        lambda d: insert_item(d, sequence_at(d, "a"), "x", index=0),
        "a: [x, !reference [b, c]]\n",
    ),
    (
        "another name for a key",
        'a: {"b": 1}\n',
        lambda d: rename_key(d, pair_at(d, "a", "b"), "c: d"),
        'a: {"c: d": 1}\n',
    ),
    (
        "another name that needs quotes",
        "a: 1\n",
        lambda d: rename_key(d, pair_at(d, "a"), "yes"),
        '"yes": 1\n',
    ),
    (
        "a text becomes a mapping",
        "a:\n  image: x # why\n  b: 1\n",
        lambda d: set_value(d, pair_at(d, "a", "image"), {"name": "x", "entrypoint": [""]}),
        'a:\n  image:\n    name: x\n    entrypoint:\n      - "" # why\n  b: 1\n',
    ),
    (
        "a list becomes a text, its anchor stays",
        "a:\n  b: &x\n    - 1\nc: *x\n",
        lambda d: set_value(d, pair_at(d, "a", "b"), "v"),
        "a:\n  b: &x v\nc: *x\n",
    ),
    (
        "another value keeps its quotes",
        "a: '1'\n",
        lambda d: set_value(d, pair_at(d, "a"), "it's"),
        "a: 'it''s'\n",
    ),
    (
        "more jobs at the end",
        "a:\n  b: 1\n\n# end\n",
        lambda d: append_root(d, "new:\n  script: x\n"),
        "a:\n  b: 1\n\n# end\n\nnew:\n  script: x\n",
    ),
    (
        "more jobs at the end, without a last line break",
        "a: 1",
        lambda d: append_root(d, "new: 1"),
        "a: 1\n\nnew: 1",
    ),
    (
        "the first job of an empty file",
        "",
        lambda d: append_root(d, "new: 1"),
        "new: 1\n",
    ),
    (
        "the first job under a header",
        "spec:\n  inputs: {}\n---\na: 1\n",
        lambda d: append_root(d, "new: 1"),
        "spec:\n  inputs: {}\n---\na: 1\n\nnew: 1\n",
    ),
]


def item_mapping(document: Document, key: str, index: int) -> Mapping:
    node = node_at(document.root, (key, index))
    assert isinstance(node, Mapping)
    return node


def sequence_at(document: Document, *path: str) -> Sequence:
    node = node_at(document.root, path)
    assert isinstance(node, Sequence)
    return node


@pytest.mark.parametrize(
    ("before", "change", "after"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_an_edit_changes_only_what_it_is_about(before: str, change: Change, after: str) -> None:
    assert applied(before, change(parse(before))) == after


@pytest.mark.parametrize(
    ("typed", "new", "after"),
    [
        ("python", "3.10", '"3.10"'),
        ("python # why", "uv:", '"uv:" # why'),
        ("'python'", "it's", "'it''s'"),
        ('"python"', 'a "b" \\', '"a \\"b\\" \\\\"'),
        ("'python'", "a\nb", '"a\\nb"'),
        ("&x python", "uv", "&x uv"),
        ("|\n    a\n    b", "c\n\nd\n", "|\n    c\n\n    d"),
        ("|\n    a", "c", "|-\n    c"),
        (">-\n    a\n    b", "c", ">-\n    c"),
        ("|\n    a", " c\n", '" c\\n"'),
        ("", "uv", "uv"),
    ],
)
def test_a_new_text_keeps_the_style(typed: str, new: str, after: str) -> None:
    text = f"a:\n  b: {typed}\n  c: 1\n"
    document = parse(text)
    scalar = node_at(document.root, ("a", "b"))
    assert isinstance(scalar, Scalar)
    changed = applied(text, replace_scalar(document, scalar, new))
    assert changed == f"a:\n  b: {after}\n  c: 1\n"
    assert value(node_at(parse(changed).root, ("a", "b"))) == new


@pytest.mark.parametrize("text", ["a:\n  b:\n  c: 1\n", "a: {b: }\n", "a: {b}\n", "a:\n  b: # x\n"])
def test_a_missing_value_is_filled_in(text: str) -> None:
    document = parse(text)
    scalar = node_at(document.root, ("a", "b"))
    assert isinstance(scalar, Scalar)
    if text != "a: {b}\n":
        changed = applied(text, replace_scalar(document, scalar, "uv"))
        assert value(node_at(parse(changed).root, ("a", "b"))) == "uv"


@given(st.text(st.characters(codec="utf-8"), max_size=12), st.booleans())
def test_quoted_texts_are_read_back_as_they_are(text: str, flow: bool) -> None:
    typed = quote_if_needed(text, flow=flow)
    yaml = f"a: [{typed}, {{b: {typed}}}]\n" if flow else f"a: {typed}\nb:\n- {typed}\n"
    document = parse(yaml)
    assert document.problems == ()
    found = [
        node for node in walk(document.root or pytest.fail("empty")) if isinstance(node, Scalar)
    ]
    values = [read_scalar(node) for node in found if read_scalar(node) not in ("a", "b")]
    assert set(values) <= {text}
    assert text in ("a", "b") or len(values) == 2


VALUES = st.recursive(
    st.text(st.sampled_from("ab 1.:#-'\"\n{}[],&*!"), max_size=8),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.text("abc:1", min_size=1, max_size=4), below, max_size=3)
    ),
    max_leaves=6,
)
HOMES = [
    "a:\n  x: 1\n",
    "a:\n    x: # why\n    - 1\n",
    "a: {x: 1}\r\n",
    "a:\n",
    "a:\r\n  x: |\r\n    y\r\n\r\n# end",
    "a:\n  x: |+\n    y\n\n\nb: 1\n",
]


@given(st.sampled_from(HOMES), VALUES)
@example("a:\r\n  x: |\r\n    y\r\n\r\n# end", "1\n\n")
def test_any_value_is_written_so_that_it_is_read_back(home: str, new: Block) -> None:
    document = parse(home)
    changed = applied(home, insert_pair(document, pair_at(document, "a"), "new", new))
    root = parse(changed).root
    assert value(node_at(root, ("a", "new"))) == new
    kept = {key: old for key, old in (value(node_at(root, ("a",)))).items() if key != "new"}
    assert kept == (value(node_at(document.root, ("a",))) or {})


@given(st.sampled_from(HOMES), VALUES)
def test_any_value_may_replace_another(home: str, new: Block) -> None:
    document = parse(home)
    pair = pair_at(document, "a")
    changed = apply_edits(home, set_value(document, pair, new))
    assert parse(changed).problems == ()
    assert value(node_at(parse(changed).root, ("a",))) == new


def places(document: Document) -> list[tuple[Path, Mapping]]:
    """The mappings of a file that a path leads to."""
    found: list[tuple[Path, Mapping]] = []
    stack: list[tuple[Path, Node | None]] = [((), document.root)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, Mapping) and node_at(document.root, path) is node:
            found.append((path, node))
            stack += (
                ((*path, p.key.text), p.value) for p in node.pairs if isinstance(p.key, Scalar)
            )
        elif isinstance(node, Sequence):
            stack += (((*path, at), item) for at, item in enumerate(node.items))
    return found


def test_edits_of_real_files_change_nothing_else() -> None:
    random = Random(3)
    tried = 0
    for path in corpus()[::3]:
        text = read(path)
        document = parse(text)
        if document.problems or not document.mapping or len(text) > 20_000:
            continue
        for where, mapping in random.sample(spots := places(document), min(3, len(spots))):
            if not mapping.pairs or mapping.pair("zz"):
                continue
            tried += 1
            changed = applied(text, insert_pair(document, mapping, "zz", CACHE))
            new = parse(changed)
            pair = mapping_of(new, where).pair("zz")
            assert pair, (path, where)
            restored = apply_edits(changed, remove_pair(new, mapping_of(new, where), pair))
            assert restored == text, (path, where)
    assert tried > 50


def mapping_of(document: Document, path: Path) -> Mapping:
    node = node_at(document.root, path)
    assert isinstance(node, Mapping)
    return node


def test_a_place_that_cannot_be_edited_yields_no_edits() -> None:
    document = parse("a: text\nb: [1]\n")
    assert insert_pair(document, pair_at(document, "a"), "k", "v") == ()
    assert insert_item(document, pair_at(document, "b"), "k") != ()
    assert remove_item(document, sequence_at(document, "b"), 7) == ()
    assert remove_pair(document, mapping_at(document), pair_at(parse("a: 1"), "a")) == ()
    assert append_root(parse("- a\n"), "b: 1") == ()
