import pytest
from uvci.syntax.parse import parse
from uvci.syntax.paths import Path, locate, node_at, path_to
from uvci.syntax.tree import Mapping, Scalar, Sequence

TEXT = """\
spec:
  inputs: {x: 1}
---
test:
  script:
    - uv sync
    - [uv run, "b"]
  variables: {A: 1}
test:
  image: python
"""


@pytest.mark.parametrize(
    ("word", "path", "on_key"),
    [
        ("sync", ("test", "script", 0), False),
        ('"b"', ("test", "script", 1, 1), False),
        ("A:", ("test", "variables", "A"), True),
        ("1}\ntest", ("test", "variables", "A"), False),
        ("image", ("test", "image"), True),
        ("script", ("test", "script"), True),
    ],
)
def test_what_is_at_an_offset(word: str, path: Path, on_key: bool) -> None:
    document = parse(TEXT)
    found = locate(document.root, TEXT.index(word))
    assert found
    assert (found.path, found.on_key) == (path, on_key)
    assert path_to(document, TEXT.index(word)) == path
    assert isinstance(found.parents[0], Mapping)


def test_the_header_has_its_own_paths() -> None:
    assert path_to(parse(TEXT), TEXT.index("x: 1")) == ("spec", "inputs", "x")
    assert path_to(parse(TEXT), len(TEXT)) == ()


def test_a_path_leads_to_the_last_of_duplicate_keys() -> None:
    root = parse(TEXT).root
    assert isinstance(node_at(root, ("test", "image")), Scalar)
    assert node_at(root, ("test", "script")) is None


def test_paths_lead_nowhere_without_complaint() -> None:
    root = parse("a: [1]\nb: x\n").root
    assert isinstance(node_at(root, ("a",)), Sequence)
    assert node_at(root, ("a", 0)) is not None
    for path in ((0,), ("a", 1), ("a", -1), ("a", "x"), ("b", "x"), ("c",)):
        assert node_at(root, path) is None
    assert node_at(root, ()) is root
    assert node_at(None, ("a",)) is None
    assert locate(None, 0) is None
    assert locate(root, 99) is None
