"""Words with the variables put in that a job is known to have."""

import re
from collections.abc import Sequence
from typing import TypeAlias

from uvci.pipeline.shell.model import (
    Expansion,
    Export,
    ExportKind,
    Part,
    ShellCommand,
    Variables,
    Word,
)
from uvci.pipeline.shell.words import merge_parts
from uvci.text.patterns import lazy_re

Known: TypeAlias = tuple[tuple[str, str | None], ...]
"""Some `Variables`, as a key to keep answers under."""

_REFERENCE = lazy_re(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
_TEMPLATE_NAME = lazy_re(r"\$\{(\w+)\}", re.ASCII)


def references(script: str) -> frozenset[str]:
    """The names that a text may ask the shell to put in; some may not mean a variable."""
    return frozenset(_REFERENCE.findall(script)) if "$" in script else frozenset()


def mentioned(script: str, variables: Variables, *also: str) -> Known:
    """Those of `variables` that the text names, and those in `also`: what its answers hang on."""
    if "$" not in script and not also:
        return ()
    used = sorted(references(script).union(also) & variables.keys())
    return tuple([(name, variables[name]) for name in used])


def known_variables(exports: Sequence[Export], variables: Variables) -> Variables:
    """The job's variables after `exports`; what is only set under a condition is unknown."""
    if not exports:
        return variables
    known = dict(variables)
    for export in exports:
        if export.conditional:
            known[export.name] = None
        elif export.kind is ExportKind.UNSET:
            known[export.name] = ""
        elif export.template is not None or export.value_span is not None:
            known[export.name] = expand_template(export.template, known)
    return known


def expanded_words(command: ShellCommand, variables: Variables) -> list[Word]:
    """The words of a command as its program gets them, as far as `variables` tell."""
    if all(word.value is not None for word in command.words):
        return list(command.words)
    known = known_variables(command.exports, variables)
    return [word for typed in command.words for word in expand(typed, known)]


def expand(word: Word, variables: Variables) -> tuple[Word, ...]:
    """The words it becomes where `variables` are known; what is unknown stays an expansion.

    >>> from uvci.text.span import Span
    >>> word = Word(Span(0, 4), "$PIP", (Expansion("PIP"),))
    >>> [w.value for w in expand(word, {"PIP": "uv pip"})]
    ['uv', 'pip']
    """
    if all(isinstance(part, str) for part in word.parts):
        return (word,)
    fields: list[list[Part]] = []
    glued = False
    for part in word.parts:
        value = variables.get(part.name or "") if isinstance(part, Expansion) else part
        if isinstance(part, str) or part.quoted or value is None:
            pieces, breaks = [part if value is None else value], (False, False)
        else:
            pieces, breaks = list(value.split()), (value[:1].isspace(), value[-1:].isspace())
        _append(fields, pieces, glue=glued and not breaks[0])
        glued = (bool(pieces) or glued) and not breaks[1]
    return tuple(Word(word.span, word.raw, merge_parts(field)) for field in fields)


def _append(fields: list[list[Part]], pieces: Sequence[Part], *, glue: bool) -> None:
    for index, piece in enumerate(pieces):
        if index == 0 and glue:
            fields[-1].append(piece)
        else:
            fields.append([piece])


def expand_template(template: str | None, variables: Variables) -> str | None:
    """A template (`${HOME}/bin`) with all its variables put in; None where one is unknown."""
    if template is None:
        return None
    names = _TEMPLATE_NAME.findall(template)
    if any(variables.get(name) is None for name in names):
        return None
    return _TEMPLATE_NAME.sub(lambda match: variables[match[1]] or "", template)
