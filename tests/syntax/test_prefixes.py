"""Whatever part of a file has been typed so far, it is read, and the cursor at its end is known."""

from random import Random

import pytest
from uvci.syntax.cursor import cursor_at
from uvci.syntax.parse import parse
from uvci.syntax.tree import Broken, walk

from tests.syntax.trees import corpus, read


def assert_reads(text: str) -> None:
    document = parse(text)
    assert document.text == text
    for problem in document.problems:
        assert problem.span.end <= len(text)
        assert problem.message
    for root in (document.root, document.header):
        for node in walk(root) if root else ():
            assert node.span.end <= len(text)
            if isinstance(node, Broken) and node.text:
                assert node.span.of(text).startswith(node.text[:1]) or "\ufffd" in node.text
    cursor = cursor_at(document, len(text))
    assert cursor.insert.end == len(text)


def test_some_prefixes_of_every_file() -> None:
    random = Random(1)
    for path in corpus():
        text = read(path)[:8000]
        for _ in range(5):
            assert_reads(text[: random.randrange(len(text) + 1)])


@pytest.mark.slow
def test_every_prefix_of_small_files() -> None:
    files = sorted(corpus(), key=lambda path: path.stat().st_size)[:110]
    for path in files:
        text = read(path)[:450]
        for end in range(len(text) + 1):
            assert_reads(text[:end])


@pytest.mark.slow
def test_many_prefixes_of_every_file() -> None:
    random = Random(2)
    for path in corpus():
        text = read(path)
        for _ in range(25):
            assert_reads(text[: random.randrange(len(text) + 1)])
