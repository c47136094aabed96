"""Snippet texts as editors read them: `$1`, `${1:default}`, `${1|one,two|}` and the final `$0`."""

import re

from uvci.text.patterns import lazy_re

_STOP = lazy_re(r"\\([\\$}|,])|\$(\d+)|\$\{(\d+)(?::((?:[^\\}]|\\.)*)|\|((?:[^\\|]|\\.)*)\|)?\}")
_ESCAPED = lazy_re(r"\\(.)")


def escape(text: str) -> str:
    r"""`text` as a snippet holds it literally.

    >>> escape("$CI_PROJECT_DIR")
    '\\$CI_PROJECT_DIR'
    """
    return re.sub(r"([\\$}])", r"\\\1", text)


def placeholder(number: int, default: str) -> str:
    """The stop `number`, holding `default`."""
    return f"${{{number}:{escape(default)}}}"


def choice(number: int, options: list[str]) -> str:
    """The stop `number`, offering `options`; the first is what stands there at first."""
    listed = ",".join(re.sub(r"([\\,|])", r"\\\1", option) for option in options)
    return f"${{{number}|{listed}|}}"


def plain_text(snippet: str) -> str:
    r"""What a snippet leaves when every stop keeps its default.

    >>> plain_text("UV_LINK_MODE: ${1|copy,hardlink|}$0")
    'UV_LINK_MODE: copy'
    >>> plain_text("\\$UV_VERSION-${1:trixie}")
    '$UV_VERSION-trixie'
    """
    return _STOP.sub(_default, snippet)


def _default(stop: re.Match[str]) -> str:
    escaped, _, _, default, options = stop.groups()
    if escaped is not None:
        return str(escaped)
    if options is not None:
        return _ESCAPED.sub(r"\1", re.split(r"(?<!\\),", options)[0])
    return _ESCAPED.sub(r"\1", default or "")
