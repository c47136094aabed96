"""Texts with variables: who replaces them where, and by what.

Sources: GitLab docs "Where variables can be used"; GitLab Runner (`os.Expand` of Go, and a POSIX
shell for the paths of caches and artifacts).
"""

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct, field

from uvci.pipeline.model import Expansion, Part, Piece, Variant
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

LONGEST = 1 << 16
"""The longest text that is worked out; variables that double each other could ask for any size."""


class Place(Enum):
    """Who expands a text.

    GITLAB: the server (`environment`, `tags`, `include`, …). RUNNER: Go's `os.Expand` (image,
    services, cache keys). HELPER: a shell (paths of caches and artifacts). SHELL: the job's own
    shell. NOBODY: variables stay as typed (`stage`, `cache:key:files`, …).
    """

    GITLAB = "gitlab"
    RUNNER = "runner"
    HELPER = "helper"
    SHELL = "shell"
    NOBODY = "nobody"


_BRACED = r"\$\{(?P<braced>[^}]*)\}"
_NAMED = r"\$(?P<named>[A-Za-z_][A-Za-z0-9_]*)"
_PERCENT = r"%(?P<percent>[A-Za-z_][A-Za-z0-9_]*)%"
_SPECIAL = r"\$(?P<special>[*#@!?0-9-])"
_RUNNER = lazy_re(rf"\$\$|{_BRACED}|{_NAMED}|{_SPECIAL}")
_VALUE = lazy_re(rf"\$\$|%%|{_BRACED}|{_NAMED}|{_PERCENT}|{_SPECIAL}")
_GITLAB = lazy_re(rf"\$\$|%%|\$\{{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)\}}|{_NAMED}|{_PERCENT}")
_SHELL = lazy_re(rf"\\.|{_BRACED}|{_NAMED}|\$(?P<special>[$*#@!?0-9(-])")
_TOKENS = {
    Place.GITLAB: _GITLAB,
    Place.RUNNER: _RUNNER,
    Place.HELPER: _SHELL,
    Place.SHELL: _SHELL,
}
_SHELLS = (Place.HELPER, Place.SHELL)
_SETTABLE = lazy_re(r"[A-Za-z0-9_]+")
_DEFAULTED = lazy_re(r"([A-Za-z_][A-Za-z0-9_]*)(:?)([-=+])(.*)", re.DOTALL)


def expand_text(text: str, variant: Variant, place: Place) -> Expansion:
    """`text` as it is once the variables of `variant` are put in at `place`.

    Names that the pipeline does not define may be set in the project's settings: unknown.
    """
    pieces = tuple(_Expander(variant).pieces(text, place))
    return Expansion(_joined(pieces), pieces, variant)


def symbolic_text(text: str, variant: Variant, place: Place, keep: frozenset[str]) -> str | None:
    """The expanded text with the undefined variables of `keep` left in as `${NAME}`."""
    return _joined(tuple(_Expander(variant, keep).pieces(text, place)))


def names_in(text: str, place: Place = Place.RUNNER) -> tuple[str, ...]:
    """The variables that `text` names, in order, each once."""
    pattern = _TOKENS.get(place)
    shell = place in _SHELLS
    found = (_name(match, shell=shell) for match in pattern.finditer(text)) if pattern else ()
    return tuple(dict.fromkeys(name for name in found if name and _SETTABLE.fullmatch(name)))


def _joined(pieces: tuple[Piece, ...]) -> str | None:
    values = [piece.value for piece in pieces]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or sum(map(len, known)) > LONGEST:
        return None
    return "".join(known)


def _name(match: re.Match[str], *, shell: bool) -> str | None:
    group = match.lastgroup
    if group is None or group == "special":
        return None
    name = match[group]
    if shell and not name.isidentifier() and (found := _DEFAULTED.fullmatch(name)):
        return str(found[1])
    return name or None


class _Expander(Struct):
    """One expansion. `known` holds the values of variables that were asked for."""

    variant: Variant
    keep: frozenset[str] = frozenset()
    known: dict[str, str | None] = field(default_factory=dict)

    def pieces(self, text: str, place: Place) -> Iterator[Piece]:
        pattern = _TOKENS.get(place)
        if pattern is None or ("$" not in text and "%" not in text and "\\" not in text):
            yield Piece(Part.LITERAL, Span(0, len(text)), "", text)
            return
        done = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            if start > done:
                yield Piece(Part.LITERAL, Span(done, start), "", text[done:start])
            yield self.piece(match, place)
            done = end
        if done < len(text):
            yield Piece(Part.LITERAL, Span(done, len(text)), "", text[done:])

    def piece(self, match: re.Match[str], place: Place) -> Piece:
        span = Span(*match.span())
        name = _name(match, shell=place in _SHELLS)
        if name is None:
            return Piece(Part.LITERAL, span, "", self.special(match[0], place))
        braced = place in _SHELLS and match.lastgroup == "braced"
        value = self.shell_value(match["braced"]) if braced else self.value(name)
        return Piece(Part.VARIABLE, span, name, value, self.variant.variables.get(name))

    def special(self, typed: str, place: Place) -> str | None:
        """What stands for a `$` that names no variable."""
        match place:
            case Place.RUNNER:
                return "$" if typed == "$$" else ""
            case Place.GITLAB:
                return typed
            case _:
                return None if typed.startswith("$") else typed[1:]

    def shell_value(self, inner: str) -> str | None:
        """`${NAME}` as a shell reads it, with `:-` and its like."""
        found = _DEFAULTED.fullmatch(inner)
        if found is None:
            return self.value(inner) if _SETTABLE.fullmatch(inner) else None
        value = self.value(found[1])
        if value is None:
            return None
        is_set = bool(value) if found[2] else True
        if found[3] == "+":
            return self.nested(found[4]) if is_set else ""
        return value if is_set else self.nested(found[4])

    def nested(self, text: str) -> str | None:
        return _joined(tuple(self.pieces(text, Place.SHELL)))

    def value(self, name: str) -> str | None:
        """What a variable holds; None when unknown, also in a cycle."""
        if name in self.known:
            return self.known[name]
        variable = self.variant.variables.get(name)
        if variable is None:
            return self.undefined(name)
        self.known[name] = None  # until it is worked out: a cycle has no value
        raw = variable.raw
        value = raw if raw is None or not variable.expand else self.expanded(raw)
        self.known[name] = value
        return value

    def undefined(self, name: str) -> str | None:
        if name in self.keep:
            return f"${{{name}}}"
        # A name that no setting can have is replaced by nothing.
        return None if _SETTABLE.fullmatch(name) else ""

    def expanded(self, raw: str) -> str | None:
        """A variable's value: GitLab puts other variables in, the runner turns `$$` into `$`."""
        parts: list[str] = []
        done = size = 0
        for match in _VALUE.finditer(raw):
            parts.append(raw[done : match.start()])
            part = self.value_part(match)
            size += len(part or "")
            if part is None or size > LONGEST:
                return None
            parts.append(part)
            done = match.end()
        return "".join([*parts, raw[done:]])

    def value_part(self, match: re.Match[str]) -> str | None:
        if (name := _name(match, shell=False)) is not None:
            return self.value(name)
        return {"$$": "$", "%%": "%%"}.get(match[0], "")
