"""The addresses of indexes and registries that a job gives uv."""

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.publishing.given import Given, settings_given
from uvci.rules.rule import Context
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_INDEXES = frozenset({"UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"})
_INDEX_FLAGS = frozenset({"--index", "--default-index", "--index-url", "-i", "--extra-index-url"})
_FILES = frozenset({"UV_FIND_LINKS", "--find-links", "-f"})
_CHECKS = frozenset({"UV_PUBLISH_CHECK_URL", "--check-url"})
_UPLOADS = frozenset({"UV_PUBLISH_URL", "--publish-url"})
_ADDRESS = lazy_re(r"(?:[a-z][a-z0-9+.-]*://|\$\{?[A-Za-z_]\w*\}?/)[^\s\"'\\]+", re.IGNORECASE)


class Purpose(Enum):
    """What uv does at an address."""

    INDEX = "index"
    FILES = "files"
    """Look for files on a page of links (uv docs: flat indexes)."""
    CHECK = "check"
    """Look on a simple index for what is there already, while publishing."""
    UPLOAD = "upload"


_ALWAYS = (Purpose.INDEX, Purpose.FILES)


class Address(Struct, frozen=True, eq=False):
    """One address. `span` is its place in `given.text`, None where a variable holds it.

    `text` has the pipeline's variables put in where they are known.
    """

    purpose: Purpose
    text: str
    given: Given
    span: Span | None

    def place(self, context: Context) -> Origin:
        """Where it is typed, or the name of the variable that holds it."""
        return self.given.origin if self.span is None else self.given.place(self.span, context)


def addresses(job: Job) -> Iterator[Address]:
    """Every address that a uv command of the job gets; those for uploads if it publishes."""
    words = {call.command.subcommand for call in uv_commands(job)}
    for given in settings_given(job) if words else ():
        purpose = _purpose(given)
        if purpose is not None and (purpose in _ALWAYS or ("publish",) in words):
            yield from _addresses(purpose, given)


def _purpose(given: Given) -> Purpose | None:
    name = given.name
    if name in _UPLOADS:
        return Purpose.UPLOAD
    if name in _CHECKS:
        return Purpose.CHECK
    if name in _FILES and not _is_no_address(given):
        return Purpose.FILES
    if name in _INDEXES or (name in _INDEX_FLAGS and not _is_no_address(given)):
        return Purpose.INDEX
    return None


def _is_no_address(given: Given) -> bool:
    """Whether the command takes something else by that flag: a name, or a folder."""
    words = given.call.command.subcommand if given.call else ()
    return words[:1] in (("publish",), ("python",))


def _addresses(purpose: Purpose, given: Given) -> Iterator[Address]:
    typed = list(_ADDRESS.finditer(given.text))
    resolved = _ADDRESS.findall(given.resolved or "")
    if len(typed) == len(resolved):
        for match, text in zip(typed, resolved, strict=True):
            yield Address(purpose, text, given, Span(*match.span()))
    elif given.resolved is None:
        yield from (Address(purpose, m[0], given, Span(*m.span())) for m in typed)
    else:
        yield from (Address(purpose, text, given, None) for text in resolved)
