import builtins
import re
import sys

import pytest
from hypothesis import given, settings
from uvci.syntax import events_libyaml, events_ruamel
from uvci.syntax.build import build, readable
from uvci.syntax.documents import split_documents
from uvci.syntax.events import EventSource, StreamError, event_source
from uvci.syntax.tree import Node, Scalar, Style, walk

from tests.syntax.trees import TEXTS, corpus, read


def content(node: Node) -> tuple[object, ...]:
    if isinstance(node, Scalar) and not node.span:
        return (node.style, node.tag, node.anchor)
    if isinstance(node, Scalar):
        return (node.span.start, node.style, node.text, node.tag, node.anchor)
    return (type(node).__name__, node.span.start)


def contents(text: str, source: EventSource) -> list[tuple[object, ...]] | None:
    """What a source reads; they may differ in where things end and where missing values are."""
    try:
        root = build(text, source).root
    except StreamError:
        return None
    return [content(node) for node in walk(root)] if root else []


def test_both_sources_read_every_file_alike() -> None:
    compared = 0
    for path in corpus():
        text = read(path)
        for piece in split_documents(text):
            body = readable(piece.of(text))
            libyaml = contents(body, events_libyaml)
            assert contents(body, events_ruamel) == libyaml, path
            compared += bool(libyaml)
    assert compared > 150


@given(TEXTS)
@settings(max_examples=200)
def test_both_sources_agree_on_what_libyaml_accepts(text: str) -> None:
    # They also differ over tabs before a continued text, and over directives and byte-order marks.
    body = readable(re.sub("[\t\ufeff]|%YAML 1.1", "", text))
    libyaml = contents(body, events_libyaml)
    if libyaml is not None:
        assert contents(body, events_ruamel) == libyaml


def test_an_error_is_told_with_its_place() -> None:
    for source in (events_libyaml, events_ruamel):
        with pytest.raises(StreamError) as caught:
            list(source.events("a: b\nc: [d\ne: f\n"))
        assert caught.value.problem
        assert caught.value.index > 4


def test_ruamel_serves_where_libyaml_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_libyaml(name: str, *args: object, **more: object) -> object:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *args, **more)  # type: ignore[arg-type]

    import uvci.syntax as package

    monkeypatch.delattr(package, "events_libyaml")
    monkeypatch.delitem(sys.modules, "uvci.syntax.events_libyaml")
    monkeypatch.setattr(builtins, "__import__", without_libyaml)
    event_source.cache_clear()
    try:
        source = event_source()
        root = build("a: [1, b]\n", source).root
    finally:
        event_source.cache_clear()
    assert source is events_ruamel
    assert root
    assert [node.text for node in walk(root) if isinstance(node, Scalar)] == ["a", "1", "b"]


def test_styles_are_known_by_both() -> None:
    text = "- plain\n- 'single'\n- \"double\"\n- |\n  literal\n- >\n  folded\n"
    for source in (events_libyaml, events_ruamel):
        root = build(text, source).root
        assert root
        assert [node.style for node in walk(root) if isinstance(node, Scalar)] == list(Style)
