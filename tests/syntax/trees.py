"""Trees as plain values, to compare them, and the texts to try things on."""

from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from uvci.syntax.tree import Alias, Broken, Document, Mapping, Node, Scalar, Sequence

from tests.shared import shared

_FOLDERS = ("corpus", "gitlab-yaml-tests", "gitlab-ci-local-cases")

LINES = st.sampled_from(
    [
        "stages: [test, deploy]",
        "# a comment",
        "",
        "test:",
        "  image: python:3.13 # why",
        "  image: ghcr.io/astral-sh/uv:",
        "  variables:",
        "    UV_LINK_MODE: copy",
        "    UV_",
        "  script:",
        "    - uv sync",
        "    - |",
        "      uv run pytest",
        "",
        "      echo done",
        "- indentless",
        ".base: &base",
        "  <<: *base",
        "  tags: &tags [a, 'b', \"c\"]",
        "copy: *tags",
        "anchor: &base 1",
        'quoted: "two',
        'lines: done"',
        "flow: {a: 1,",
        "b: 2}",
        "  folded: >-",
        "    one",
        "    two",
        "keep: |+",
        "  kept",
        "---",
        "--- x",
        "...",
        "spec:",
        "\tindented",
        "word",
        "? complex",
        ": value",
        "<<<<<<< HEAD",
        "=======",
        "'it''s': x",
        "a\u2028b: c",
        "é: ü",
        "ref: !reference [.base, script]",
        "control: \x0c",
        "%YAML 1.1",
        "\ufeff",
    ]
)
TEXTS = st.lists(LINES, max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\n", "\r\n", "\r"]).flatmap(
        lambda newline: st.sampled_from([newline.join(lines), newline.join([*lines, ""])])
    )
)


@cache
def corpus() -> tuple[Path, ...]:
    """All YAML files of the shared material, big ones left out."""
    files = (path for name in _FOLDERS for path in shared(name).rglob("*.y*ml"))
    return tuple(sorted(path for path in files if path.is_file() and path.stat().st_size < 300_000))


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def shape(document: Document) -> tuple[Any, ...]:
    """Everything that a document says, aliases by what they point at."""
    anchors = {name: tuple(map(shape_of, nodes)) for name, nodes in document.anchors.items()}
    return shape_of(document.root), shape_of(document.header), anchors


def shape_of(node: Node | None) -> Any:
    match node:
        case None:
            return None
        case Scalar():
            return (node.span, node.style, node.text, node.tag, node.anchor)
        case Alias():
            return ("alias", node.span, node.name, node.target and node.target.span)
        case Broken():
            return ("broken", node.span, node.text)
        case Sequence():
            items = tuple(map(shape_of, node.items))
            return ("sequence", node.span, node.flow, node.tag, node.anchor, items)
        case Mapping():
            pairs = tuple((shape_of(p.key), shape_of(p.value), p.span) for p in node.pairs)
            return ("mapping", node.span, node.flow, node.tag, node.anchor, pairs)
