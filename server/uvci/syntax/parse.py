"""The one way from text to nodes."""

from collections.abc import Iterator
from itertools import pairwise

from uvci.syntax.documents import split_documents
from uvci.syntax.events import StreamError
from uvci.syntax.placement import Anchors, Neighbours, Place, root_of
from uvci.syntax.sections import Parsed, key_lines, mend_section, read_section
from uvci.syntax.tree import Document, Mapping, Node, Scalar, Sequence
from uvci.text.span import Span

# What GitLab says of a text whose first YAML document is no mapping.
_NO_MAPPING = StreamError("Invalid configuration format", 0, "", 0)


def parse(text: str) -> Document:
    r"""What GitLab's loader reads in `text`, and what stands where.

    Never raises: what does not parse is in `problems` and `broken`, the rest in the tree. Pure, and
    cheap for a text that is mostly like one parsed before: each section is remembered by its text.

    >>> document = parse("test:\n  image: python:3.13\n")
    >>> [pair.key.text for pair in document.mapping.pairs]
    ['test']
    """
    return _document(text, [Neighbours(_sections(text, piece)) for piece in split_documents(text)])


def parse_whole(text: str) -> Document:
    """The same without sections: the reference that `parse` is measured against."""
    pieces = split_documents(text)
    return _document(text, [Neighbours([_whole(text, piece)]) for piece in pieces])


def _document(text: str, pieces: list[Neighbours]) -> Document:
    roots = [root_of(piece) for piece in pieces]
    filled = [at for at, root in enumerate(roots) if not _is_blank(root)] or [0]
    has_header = len(filled) > 1 and _is_header(roots[filled[0]])
    header = filled[0] if has_header else None
    config = filled[1] if has_header else filled[0]
    return Document(
        text,
        roots[config],
        None if header is None else roots[header],
        tuple(problem for piece in pieces for problem in piece.problems()),
        tuple(broken for piece in pieces for broken in piece.broken()),
        Anchors(pieces[config]),
        pieces[config].sections,
        () if header is None else pieces[header].sections,
    )


def _is_blank(root: Node | None) -> bool:
    """Whether GitLab drops the document as blank: no content, `null` or an empty collection."""
    match root:
        case None:
            return True
        case Mapping(pairs=()) | Sequence(items=()):
            return True
        case Scalar():
            return not root.text.strip()
        case _:
            return False


def _is_header(root: Node | None) -> bool:
    return isinstance(root, Mapping) and root.pair("spec") is not None


def _whole(text: str, piece: Span) -> tuple[Place, Parsed]:
    body = piece.of(text)
    parsed = read_section(body)
    return (piece.start, piece.end), parsed if parsed.error is None else mend_section(
        body, as_pairs=False
    )


def _sections(text: str, piece: Span) -> Iterator[tuple[Place, Parsed]]:
    starts = key_lines(text, piece)
    if len(starts) == 1:
        yield _whole(text, piece)
        return
    starts.append(piece.end)
    resume = piece.start
    for at, (start, end) in enumerate(pairwise(starts)):
        if start < resume:
            continue
        resume = end
        parsed = read_section(text[start:end])
        if not parsed.holds_pairs:
            count, joined = _completed(text, starts, at, parsed)
            if joined.holds_pairs:
                resume, parsed = starts[at + count], joined
            else:
                told = joined.error or (parsed.error and _NO_MAPPING)
                parsed = mend_section(text[start:end], as_pairs=True, told=told)
        yield (start, resume), parsed


def _completed(text: str, starts: list[int], at: int, parsed: Parsed) -> tuple[int, Parsed]:
    """Section number `at` with those after it that may complete it, and how many that makes."""
    count = 1
    while not parsed.holds_pairs and parsed.open_end and at + count < len(starts) - 1:
        count = min(2 * count, len(starts) - 1 - at)
        parsed = read_section(text[starts[at] : starts[at + count]])
    return count, parsed
