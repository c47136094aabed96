"""The one way from text to nodes."""

from uvci.syntax.documents import split_documents
from uvci.syntax.neighbours import Anchors, Neighbours
from uvci.syntax.reading import read_again, read_sections, read_whole
from uvci.syntax.tree import Document, Mapping, Node, Scalar, Sequence


def parse(text: str, before: Document | None = None) -> Document:
    r"""What GitLab's loader reads in `text`, and what stands where.

    Never raises: what does not parse is in `problems` and `broken`, the rest in the tree. Pure, and
    cheap for a text that is mostly like one parsed before: each section is remembered by its text.
    `before` is an earlier version of the text, of which nothing is looked at that is the same: the
    answer is no other than without.

    >>> document = parse("test:\n  image: python:3.13\n")
    >>> [pair.key.text for pair in document.mapping.pairs]
    ['test']
    """
    sections = read_again(text, before) if before else None
    if sections is not None:
        return _document(text, [sections])
    return _document(text, [read_sections(text, piece) for piece in split_documents(text)])


def parse_whole(text: str) -> Document:
    """The same without sections: the reference that `parse` is measured against."""
    return _document(text, [read_whole(text, piece) for piece in split_documents(text)])


def _document(text: str, pieces: list[Neighbours]) -> Document:
    header, config = _header_and_configuration(pieces)
    return Document(
        text,
        config,
        None if header is None else header.root(),
        tuple([problem for piece in pieces for problem in piece.problems()]),
        tuple([broken for piece in pieces for broken in piece.broken()]),
        Anchors(config),
        config,
        () if header is None else header,
    )


def _header_and_configuration(pieces: list[Neighbours]) -> tuple[Neighbours | None, Neighbours]:
    if len(pieces) == 1:
        return None, pieces[0]
    filled = [piece for piece in pieces if not _is_blank(piece.root())] or pieces[:1]
    if len(filled) > 1 and _is_header(filled[0].root()):
        return filled[0], filled[1]
    return None, filled[0]


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
