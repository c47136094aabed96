"""A second opinion on a changed file: another reader, ruamel.yaml, reads both versions."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from uvci.syntax.build import readable
from uvci.syntax.documents import split_documents
from uvci.text.patterns import lazy_re

_COMMENT = lazy_re(r"#[^\r\n]*")
_BLOCK_HEADER = lazy_re(r"[|>][^\r\n#]*(#[^\r\n]*)")


def keeps_comments(before: str, after: str) -> bool:
    """Whether every comment of `before` is still in `after`, as often as before."""
    return not Counter(comments_of(before)) - Counter(comments_of(after))


def same_data(before: str, after: str) -> bool:
    """Whether both texts hold the same data, however written; False where one does not parse."""
    data = _data_of(before)
    return data is not None and data == _data_of(after)


def same_data_and_comments(before: str, after: str) -> bool:
    """Whether both texts hold the same data and the same comments."""
    return same_data(before, after) and Counter(comments_of(before)) == Counter(comments_of(after))


@lru_cache(64)
def comments_of(text: str) -> tuple[str, ...]:
    """The comments of `text` in the order typed, each from its `#` to the end of its line.

    Where the text does not parse, the comments before that place.
    """
    return tuple(
        comment.rstrip()
        for piece in split_documents(text)
        for comment in _comments_of_document(readable(piece.of(text)))
    )


def _comments_of_document(text: str) -> Iterator[str]:
    from ruamel.yaml import YAML  # noqa: PLC0415  loading it takes longer than most checks
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415  see above

    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 1)
    done = 0
    try:
        for token in reader.scan(text):
            start, end = token.start_mark.index, token.end_mark.index
            yield from _COMMENT.findall(text, done, start)
            if (header := _BLOCK_HEADER.match(text, start)) and getattr(token, "style", None):
                yield header[1]
            done = max(done, end)
    except YAMLError:
        return


@lru_cache(16)
def _data_of(text: str) -> list[Any] | None:
    """What the documents hold; None where one does not parse."""
    from ruamel.yaml import YAML  # noqa: PLC0415  loading it takes longer than most checks
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415  see above

    reader = YAML(typ="rt", pure=True)
    reader.version = (1, 1)
    reader.allow_duplicate_keys = True
    try:
        return [reader.load(readable(piece.of(text))) for piece in split_documents(text)]
    except (YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return None
