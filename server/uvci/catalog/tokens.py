"""Access tokens that say by their first letters what they are, and texts that stand in for one.

Sources: GitLab docs "Token overview" (prefixes), GitHub docs "Token types", PyPI's help.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_KINDS = {
    "glpat-": "A GitLab access token",
    "gldt-": "A GitLab deploy token",
    "glcbt-": "A GitLab job token",
    "glrt-": "A GitLab runner token",
    "glptt-": "A GitLab trigger token",
    "glft-": "A GitLab feed token",
    "gloas-": "A GitLab application secret",
    "pypi-": "A PyPI token",
    "github_pat_": "A GitHub token",
    "ghp_": "A GitHub token",
    "gho_": "A GitHub token",
    "ghu_": "A GitHub token",
    "ghs_": "A GitHub token",
    "ghr_": "A GitHub token",
    "hf_": "A Hugging Face token",
}
TOKEN_PREFIXES = tuple(_KINDS)
_PREFIX = "|".join(map(re.escape, _KINDS))
_TOKEN = lazy_re(rf"(?<![A-Za-z0-9_-])({_PREFIX})([A-Za-z0-9_-]+)(?:\.[0-9a-z]{{2,}})*")
_CREDENTIALS = lazy_re(r"(?<=://)((?:\$\{[^}\s]*\}|(?!\$\{)[^/@\s:\"'])*):([^/@\s\"']+)(?=@)")
_LEAST = {"pypi-": 30, "ghp_": 30, "gho_": 30, "ghu_": 30, "ghs_": 30, "ghr_": 30, "hf_": 30}
_LEAST_LETTERS = 20
_LEAST_MASKED = 12
_LEAST_DISTINCT = 8
_MACAROON = "AgE"
"""How the second part of every token of PyPI begins, and of no word."""
_VARIABLE = lazy_re(r"\$(?!\$)|%[A-Za-z_]\w*%|`|\{\{|\[\[|<<")
_STANDS_IN = lazy_re(
    r".*(?:<.*>|\.\.\.|…|\*\*\*).*|\{.*\}|\[.*\]|(.)\1*"
    r"|(?:.*[-_. ])?(?:change-?_?me|replace(?:-?_?me)?|your|example|placeholder|dummy|todo|fixme"
    r"|fake|insert|redacted|masked|unused|here|xxx+)(?:[-_. ].*)?"
    r"|none|null|nil|true|false|unset|empty|test|foo|bar|baz|secret|token|password|pass|passwd|user"
    r"|username|x-oauth-basic|__token__|gitlab-ci-token|oauth2accesstoken|oauth2",
    re.IGNORECASE | re.DOTALL,
)
_SHORTEST_SECRET = 4
MASK = "…"


class KnownToken(Struct, frozen=True):
    """A token in a text. `kind` is what it is, with its article."""

    kind: str
    span: Span


def find_tokens(text: str) -> Iterator[KnownToken]:
    """The tokens in a text that are long and varied enough to be real.

    >>> [token.kind for token in find_tokens("-H 'PRIVATE-TOKEN: glpat-Ab3dEf6hIj9lMn2pQr5t'")]
    ['A GitLab access token']
    >>> list(find_tokens("pypi-attestations==0.0.28 glpat-xxxxxxxxxxxxxxxxxxxx"))
    []
    """
    for match in _like_tokens(text):
        prefix, rest = match[1], match[2]
        least = _LEAST.get(prefix, _LEAST_LETTERS)
        if rest.startswith(_MACAROON):
            least = _LEAST_LETTERS
        if len(rest) >= least and not is_placeholder(rest):
            yield KnownToken(_KINDS[prefix], Span(*match.span()))


def _like_tokens(text: str) -> Iterator[re.Match[str]]:
    """What begins like a token and mixes letters and digits as a random text does, not words."""
    if not any(prefix in text for prefix in _KINDS):
        return
    for match in _TOKEN.finditer(text):
        rest = match[2]
        kinds = sum(any(map(kind, rest)) for kind in (str.islower, str.isupper, str.isdigit))
        needed = 3 if match[1] == "pypi-" and not rest.startswith(_MACAROON) else 2
        if kinds >= needed and len(set(rest)) >= _LEAST_DISTINCT and len(rest) >= _LEAST_MASKED:
            yield match


def is_placeholder(text: str) -> bool:
    """Whether a text only stands where a secret would be: empty, `<token>`, `xxxx`, `change-me`.

    >>> is_placeholder("your-token"), is_placeholder("****"), is_placeholder("s3cr3t-w0rd")
    (True, True, False)
    """
    return len(text) < _SHORTEST_SECRET or _STANDS_IN.fullmatch(text) is not None


def is_written_out(text: str) -> bool:
    """Whether a text is all there, without variables that somebody replaces.

    >>> is_written_out("s3cr3t"), is_written_out("$CI_JOB_TOKEN"), is_written_out("100$$")
    (True, False, True)
    """
    return _VARIABLE.search(text.replace("$$", "")) is None


def find_passwords(text: str) -> Iterator[Span]:
    """Where passwords stand in the addresses of a text (`https://user:password@host`).

    Those that are variables are left out, and what only stands in for one.
    """
    for match in _CREDENTIALS.finditer(text):
        if is_written_out(match[2]) and not is_placeholder(match[2]):
            yield Span(*match.span(2))


def find_maskable(text: str) -> Iterator[Span]:
    """Where a text should not be shown: whatever looks like a token, and passwords of addresses.

    More than `find_tokens` and `find_passwords` find: what is hidden needs no proof.
    """
    for match in _like_tokens(text):
        yield Span(*match.span())
    for match in _CREDENTIALS.finditer(text):
        if is_written_out(match[2]):
            yield Span(*match.span(2))


def masked(text: str) -> str:
    """The text without what `find_maskable` finds.

    >>> masked("https://me:word@example.org/simple"), masked("glpat-Ab3dEf6hIj9lMn2pQr5t")
    ('https://me:…@example.org/simple', '…')
    """
    return without(text, find_maskable(text))


def without(text: str, spans: Iterable[Span]) -> str:
    """The text with `…` for what the spans cover.

    >>> without("abcdef", [Span(1, 3), Span(2, 4)])
    'a…ef'
    """
    shown, done = "", 0
    for span in sorted(spans):
        if span.start >= done:
            shown += text[done : span.start] + MASK
        done = max(done, span.end)
    return shown + text[done:]
