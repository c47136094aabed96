"""Markdown pieces that hovers and item documentation are put together from."""

import re
from collections.abc import Iterable


def code(text: str) -> str:
    """`text` as inline code, whatever backticks and line ends it holds.

    >>> code("uv sync"), code("a`b")
    ('`uv sync`', '``a`b``')
    """
    text = re.sub(r"\s+", " ", text)
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def codes(texts: Iterable[str], most: int = 12) -> str:
    """Several texts as inline code, cut after `most`."""
    every = [code(text) for text in texts]
    rest = len(every) - most
    shown = every if rest <= 1 else [*every[:most], f"and {rest} more"]
    return ", ".join(shown)


def block(text: str) -> str:
    """A part of a pipeline as a fenced block."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}yaml\n{text.rstrip()}\n{fence}"


def bullets(lines: Iterable[str]) -> str:
    """A list with one entry per line that is not empty."""
    return "\n".join(f"- {line}" for line in lines if line)


def card(*paragraphs: str) -> str:
    """The paragraphs that are not empty, one below the other."""
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def listed(words: list[str], last: str = "and") -> str:
    """Words as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
