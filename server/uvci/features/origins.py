"""Where an effective value came from, in a few words."""

from uvci.features.context import document_of
from uvci.features.markdown import code
from uvci.features.view import View
from uvci.pipeline.values import LinkKind, Origin


def came_from(origin: Origin | None) -> str:
    """`from default`, `from .base by extends`, nothing for what the job itself says."""
    if origin is None or not origin.chain:
        return ""
    first = origin.chain[0]
    return _WORDS[first.kind].format(name=code(first.name))


def place_of(view: View, origin: Origin | None) -> str:
    """`line 12`, or file and line for another file than the one at hand."""
    if origin is None:
        return ""
    document = document_of(view, origin.path)
    line = document.text.count("\n", 0, origin.span.start) + 1 if document else 1
    return f"line {line}" if origin.path == view.path else f"{code(origin.path)} line {line}"


def told(view: View, origin: Origin | None) -> str:
    """Origin and place together, as a parenthesis; empty where nothing is known."""
    words = ", ".join(part for part in (came_from(origin), place_of(view, origin)) if part)
    return f" ({words})" if words else ""


_WORDS = {
    LinkKind.DEFAULT: "from `default`",
    LinkKind.ROOT: "from the pipeline",
    LinkKind.EXTENDS: "from {name}",
    LinkKind.REFERENCE: "by `!reference` from {name}",
    LinkKind.ANCHOR: "by the anchor {name}",
    LinkKind.MERGE_KEY: "merged from {name}",
    LinkKind.INCLUDE: "from {name}",
    LinkKind.INPUT: "from the input {name}",
}
