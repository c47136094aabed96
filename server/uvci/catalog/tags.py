"""The words of a uv image tag: taking a tag apart, and putting one together.

A tag is `latest`, or up to two parts joined by a hyphen: the release (`0.12.5`, or `0.12` that
follows its series) and the variant (`trixie-slim`, `python3.13-alpine3.23`, `python3.13-dhi`).
"""

import re
from collections.abc import Iterator
from enum import Enum, IntEnum
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.spelling import distance
from uvci.catalog.versions import UvSeries, UvVersion
from uvci.text.patterns import lazy_re

CODENAMES = ("buster", "bullseye", "bookworm", "trixie", "forky")
"""Debian's releases in order; uv publishes some of them."""

_DEBIAN_NUMBERS = {"debian11": "bullseye", "debian12": "bookworm", "debian13": "trixie"}
_WORDS = ("alpine", "debian", "slim", *CODENAMES)
_PYTHON = lazy_re(r"python([0-9]{1,3}\.[0-9]{1,3})(\.[0-9]+)?")
_BARE_PYTHON = lazy_re(r"(3\.[0-9]{1,3})(\.[0-9]+)?")
_BASE = lazy_re(r"alpine(?:[0-9]{1,3}\.[0-9]{1,3})?|debian|" + "|".join(CODENAMES))
_PREFIXED_PYTHON = lazy_re(r"\b(?:python-|py-?)(?=[0-9])")


class Tag(Struct, frozen=True):
    """A well-formed tag; whether it is published is another question.

    `python` is `3.12` or `3.14-rc`, `base` names the operating system (`trixie`, `debian`,
    `alpine3.22`), `hardened` is the `-dhi` ending. Without python, base and `hardened` it names
    the distroless image; without release too, it is `latest`.
    """

    release: UvVersion | UvSeries | None = None
    python: str | None = None
    base: str | None = None
    slim: bool = False
    hardened: bool = False

    @property
    def text(self) -> str:
        """The tag as it is written."""
        return "-".join(part for part in (self.release_text, self.variant) if part) or "latest"

    @property
    def release_text(self) -> str:
        """`0.12.5`, `0.12`, or nothing."""
        return str(self.release) if self.release else ""

    @property
    def variant(self) -> str:
        """`python3.13-trixie-slim`; nothing for the distroless image."""
        python = f"python{self.python}" if self.python else ""
        return "-".join(part for part in (python, self.base_text) if part)

    @property
    def base_text(self) -> str:
        """What follows the Python: `trixie-slim`, `alpine3.22`, `dhi`; nothing when distroless."""
        slim, hardened = "slim" if self.slim else "", "dhi" if self.hardened else ""
        return "-".join(part for part in (self.base, slim, hardened) if part)

    @property
    def version(self) -> UvVersion | None:
        """The full version it pins, None when it floats."""
        return self.release if isinstance(self.release, UvVersion) else None

    @property
    def is_pinned(self) -> bool:
        """Whether it names one version of uv, so that it never moves."""
        return self.version is not None

    @property
    def is_distroless(self) -> bool:
        """Whether it names the image that holds uv and nothing else."""
        return not self.variant

    def with_release(self, release: UvVersion | UvSeries | None) -> "Tag":
        """The same variant of another release; None floats on the newest."""
        return replace(self, release=release)

    def with_python(self, python: str | None) -> "Tag":
        """The same tag with another Python (`3.13`), or with none."""
        return replace(self, python=python)

    def with_base(self, base: str) -> "Tag":
        """The same release and Python on another base: `trixie-slim`, `alpine3.22`, `dhi`, ``.

        Text that is no base is taken as the name of the operating system as it stands.
        """
        words = base.split("-")
        hardened = words[-1] == "dhi"
        words = words[:-1] if hardened else words
        slim = words[-1:] == ["slim"]
        words = words[:-1] if slim else words
        return replace(self, base="-".join(words) or None, slim=slim, hardened=hardened)


def numbers_in(word: str) -> tuple[int, ...]:
    """The numbers a word holds, for ordering: (3, 12) of `3.12`, (3, 22) of `alpine3.22`."""
    return tuple(map(int, re.findall("[0-9]+", word)))


class TagSlip(Enum):
    """What is wrong with the form of a tag, so that it can never be published."""

    LEADING_V = "leading v"
    LATEST_PREFIX = "latest with more words"
    BARE_PYTHON = "Python version without the word python"
    PYTHON_PATCH = "Python version with a patch number"
    UNKNOWN_WORD = "a word that no tag has"
    WRONG_ORDER = "words in the wrong order"
    NO_BASE = "no operating system"


class MalformedTag(Struct, frozen=True):
    """A tag that breaks the grammar. `meant` is what of it makes sense, where anything does.

    It may still lack a base. `release` is the release it names, if any.
    """

    text: str
    slip: TagSlip
    meant: Tag | None = None
    release: UvVersion | UvSeries | None = None


class _Slot(IntEnum):
    """The words of a tag in the order they must stand."""

    RELEASE = 0
    PYTHON = 1
    PRERELEASE = 2
    BASE = 3
    SLIM = 4
    HARDENED = 5


class _Word(Struct, frozen=True):
    slot: _Slot | None
    text: str
    slip: TagSlip | None = None


_PLAIN_WORDS = {"rc": _Slot.PRERELEASE, "slim": _Slot.SLIM, "dhi": _Slot.HARDENED}


@lru_cache(maxsize=2048)
def parse_tag(text: str) -> Tag | MalformedTag:
    """The parts of a tag, or what is wrong with its form; total over all texts.

    >>> parse_tag("0.9.17-python3.12-bookworm-slim").variant
    'python3.12-bookworm-slim'
    >>> parse_tag("v0.9.17-slim-trixie").meant.text
    '0.9.17-trixie-slim'
    """
    if text == "latest":
        return Tag()
    words = [_read_word(word) for word in _tidied(text).split("-")]
    tag = _compose({word.slot: word.text for word in words if word.slot is not None})
    slips = set(_slips(words, tag))
    if not slips and tag.text == text:
        return tag
    slip = next((slip for slip in TagSlip if slip in slips), TagSlip.UNKNOWN_WORD)
    understood = all(word.slot is not None for word in words if word.text != "latest")
    return MalformedTag(text, slip, tag if understood or tag.python else None, tag.release)


def _tidied(text: str) -> str:
    return _PREFIXED_PYTHON.sub("python", text.lower().replace("_", "-"))


def _compose(words: dict[_Slot, str]) -> Tag:
    release = words.get(_Slot.RELEASE, "")
    python = words.get(_Slot.PYTHON)
    return Tag(
        UvVersion.parse(release) or UvSeries.parse(release),
        f"{python}-rc" if python and _Slot.PRERELEASE in words else python,
        words.get(_Slot.BASE),
        _Slot.SLIM in words,
        _Slot.HARDENED in words,
    )


def _slips(words: list[_Word], tag: Tag) -> Iterator[TagSlip]:
    yield from (word.slip for word in words if word.slip)
    slots = [word.slot for word in words if word.slot is not None]
    if len(set(slots)) < len(slots):
        yield TagSlip.UNKNOWN_WORD
    if any(first > second for first, second in pairwise(slots)):
        yield TagSlip.WRONG_ORDER
    if tag.variant and not tag.base and not (tag.python and tag.hardened):
        yield TagSlip.NO_BASE


def _read_word(word: str) -> _Word:
    if slot := _PLAIN_WORDS.get(word):
        return _Word(slot, word)
    if _BASE.fullmatch(word):
        return _Word(_Slot.BASE, word)
    if match := _PYTHON.fullmatch(word):
        return _Word(_Slot.PYTHON, match[1], TagSlip.PYTHON_PATCH if match[2] else None)
    if match := _BARE_PYTHON.fullmatch(word):
        return _Word(_Slot.PYTHON, match[1], TagSlip.BARE_PYTHON)
    return _read_release(word) or _guess_word(word)


def _read_release(word: str) -> _Word | None:
    number = word.removeprefix("v")
    if not (UvVersion.parse(number) or UvSeries.parse(number)):
        return None
    return _Word(_Slot.RELEASE, number, None if number == word else TagSlip.LEADING_V)


def _guess_word(word: str) -> _Word:
    if word == "latest":
        return _Word(None, word, TagSlip.LATEST_PREFIX)
    if codename := _DEBIAN_NUMBERS.get(word):
        return _Word(_Slot.BASE, codename, TagSlip.UNKNOWN_WORD)
    near = next((known for known in _WORDS if distance(word, known, 1) == 1), None)
    if near is None:
        return _Word(None, word, TagSlip.UNKNOWN_WORD)
    return _Word(_PLAIN_WORDS.get(near, _Slot.BASE), near, TagSlip.UNKNOWN_WORD)
