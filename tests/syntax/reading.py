"""Case files, and syntax trees written so that a person can check them at a glance.

A case is a title line `## …`, a text, and its answer in the lines that begin with `=> `. In texts
`$0` is the cursor, `⇥` a tab, `␍` a carriage return, `␌` a form feed, `␣` a space at a line's end,
`﹟` a byte-order mark, `∎` the end of a text without a final line break.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from uvci.syntax.cursor import Cursor
from uvci.syntax.tree import Alias, Broken, Document, Mapping, Node, Scalar, Sequence

CASES = Path(__file__).parent / "cases"
_SPELLED = str.maketrans({"⇥": "\t", "␍": "\r", "␣": " ", "﹟": "\ufeff", "␌": "\f"})


class Case(NamedTuple):
    title: str
    text: str
    answer: str


def cases(name: str) -> list[Case]:
    return list(_read((CASES / name).read_text(encoding="utf-8")))


def _read(content: str) -> Iterator[Case]:
    for block in content.split("\n## ")[1:]:
        title, _, body = block.partition("\n")
        lines = body.rstrip("\n").split("\n")
        text = [line for line in lines if not line.startswith("=> ")]
        answer = [line.removeprefix("=> ") for line in lines if line.startswith("=> ")]
        typed = ("\n".join(text) + "\n").translate(_SPELLED)
        yield Case(title, typed.split("∎")[0], "\n".join(answer))


def shown(node: Node | None) -> str:
    match node:
        case None:
            return "nothing"
        case Scalar():
            return node.text.replace("\n", "\\n") or "''"
        case Alias():
            return f"*{node.name}"
        case Broken():
            return f"✗({node.text})".replace("\n", "\\n")
        case Mapping():
            pairs = (f"{shown(pair.key)}: {shown(pair.value)}" for pair in node.pairs)
            return f"{{{', '.join(pairs)}}}"
        case Sequence():
            return f"[{', '.join(map(shown, node.items))}]"


def shown_document(document: Document) -> str:
    lines = [shown(document.root)]
    if document.header:
        lines.append(f"header {shown(document.header)}")
    lines += (f"broken {piece.text!r}" for piece in document.broken)
    for problem in document.problems:
        context = f" {problem.context}" if problem.context else ""
        lines.append(f"problem {problem.message}{context} at {problem.span.of(document.text)!r}")
    return "\n".join(lines)


def shown_cursor(cursor: Cursor, text: str) -> str:
    path = "/".join(map(str, cursor.path)) or "."
    words = [cursor.side.name, path]
    words += [f"prefix={cursor.prefix!r}"] if cursor.prefix else []
    replaced = cursor.replace.of(text)
    words += [f"replace={replaced!r}"] if replaced != cursor.prefix else []
    words += [f"lead={cursor.lead!r}"] if cursor.lead else []
    words += [cursor.style.name.lower()] if cursor.style else []
    words += ["flow"] if cursor.in_flow else []
    words += ["header"] if cursor.in_header else []
    words += [f"indent={cursor.indent}"] if cursor.indent else []
    words += [f"siblings={','.join(sorted(cursor.siblings))}"] if cursor.siblings else []
    return " ".join(words)
