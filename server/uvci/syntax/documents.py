"""The documents of a GitLab CI file: an optional `spec:` header and the configuration."""

from uvci.text.patterns import lazy_re
from uvci.text.span import Span

BYTE_ORDER_MARK = "\ufeff"

# GitLab splits the text itself, before any YAML is read, on /^---\s+/; Ruby's \s is ASCII and its ^
# follows \n only. White space after the dashes belongs to the divider, the next line's indentation
# included. It splits into one piece more than the two documents it knows, for a leading `---`.
_DIVIDER = lazy_re(r"(?:\A|(?<=\n))---[ \t\r\n\f\v]+")
_MOST_DIVIDERS = 2


def split_documents(text: str) -> tuple[Span, ...]:
    """The pieces of `text` that GitLab loads one by one; never empty, some may hold nothing.

    The split is textual: a `---` inside a block scalar splits too.
    """
    start = 1 if text.startswith(BYTE_ORDER_MARK) else 0
    if not text.startswith("---") and "\n---" not in text:
        return (Span(start, len(text)),)
    dividers = list(_DIVIDER.finditer(text))[:_MOST_DIVIDERS]
    starts = [start, *(found.end() for found in dividers)]
    ends = [*(found.start() for found in dividers), len(text)]
    return tuple(map(Span, starts, ends))
