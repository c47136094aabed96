"""The blocks `$[[ inputs.name | function ]]` in a text, and the functions they may name."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from uvci.pipeline.origins import via
from uvci.pipeline.ruby import to_text
from uvci.pipeline.values import (
    NOWHERE,
    Items,
    Link,
    LinkKind,
    Origin,
    Plain,
    Table,
    Unknown,
    Value,
)
from uvci.syntax.tree import Scalar
from uvci.text.patterns import lazy_re

MOST_FUNCTIONS = 3

_BLOCK = lazy_re(r"\$\[\[[ \t\r\n\f\v]*(?P<data>\S.*?\S)[ \t\r\n\f\v]*\]\]")
_STEP = lazy_re(r"([^\[\].]+)((?:\[\d+\])*)")
_TRUNCATE = lazy_re(r"truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)?")
_SPLIT = lazy_re(r"split\('([^']+)'\)")
_UNSAFE = lazy_re(r"[^A-Za-z0-9_\-.,:+/@\n]")


class Fault(Struct, frozen=True):
    """What GitLab says about a file's header, its inputs or a block, and where."""

    message: str
    origin: Origin


class Block(Struct, frozen=True):
    """One block: `text` as typed, `data` what stands between the brackets."""

    text: str
    data: str


class Interpolator(Struct):
    """Puts the values of inputs into the scalars of the file at `path`.

    `faults` fill as the file is loaded.
    """

    path: str
    values: Mapping[str, Value]
    faults: list[Fault] = field(default_factory=list)

    def __call__(self, scalar: Scalar, origin: Origin) -> Value | None:
        """What stands for a scalar; None where nothing in it is replaced.

        A scalar that is one block becomes the input's value, typed where that is typed.
        """
        if "$[[" not in scalar.text:
            return None
        blocks = list(blocks_in(scalar.text))
        found = [(block, self.value(block.data, origin)) for block in blocks]
        known = [(block, value) for block, value in found if value is not None]
        if not known:
            return None
        if len(blocks) == 1 and blocks[0].text == scalar.text:
            return via(known[0][1], *origin.chain, self.link(blocks[0], origin))
        return self.filled(scalar.text, known, origin)

    def value(self, data: str, origin: Origin) -> Value | None:
        """What a block stands for; None for one that stays as it is."""
        access, *functions = (part.strip() for part in data.split("|"))
        space, dot, rest = access.partition(".")
        if not dot:
            return self.refuse("invalid interpolation access pattern", origin)
        if space == "matrix":
            return None
        if space == "component":
            return Unknown(f"GitLab puts in `{access}` when it includes the file", origin)
        if space != "inputs":
            return self.refuse(f"unknown interpolation provided: `{space}` in `{access}`", origin)
        value = look_into(self.values, rest)
        if value is None:
            name = rest.partition(".")[0]
            return self.refuse(f"unknown interpolation provided: `{name}` in `{access}`", origin)
        result = apply_functions(value, functions)
        return self.refuse(result, origin) if isinstance(result, str) else result

    def filled(self, text: str, known: Sequence[tuple[Block, Value]], origin: Origin) -> Value:
        """A text with blocks among other characters."""
        chain = origin.chain
        for block, value in known:
            if isinstance(value, Unknown):
                return Unknown(value.why, origin)
            text = text.replace(block.text, to_text(value))
            chain = (*chain, self.link(block, origin))
        return Plain(text, Origin(origin.path, origin.span, None, origin.key, chain))

    def link(self, block: Block, origin: Origin) -> Link:
        """The step that says which input came in here."""
        return Link(LinkKind.INPUT, block.data, self.path, origin.span)

    def refuse(self, message: str, origin: Origin) -> Unknown:
        """Note a fault; the value is unknown then."""
        if all(known.message != message for known in self.faults):
            self.faults.append(Fault(message, origin))
        return Unknown(message, origin)


def blocks_in(text: str) -> Iterator[Block]:
    """The blocks of a text, in order."""
    return (Block(found[0], found["data"]) for found in _BLOCK.finditer(text))


def look_into(values: Mapping[str, Value], access: str) -> Value | None:
    """The value at `name`, `name[0]` or `name[0].key`; None where there is none.

    What lies inside an unknown value is unknown.
    """
    value: Value | None = Table(dict(values), NOWHERE)
    for step in access.split("."):
        found = _STEP.fullmatch(step)
        if found is None:
            return None
        if isinstance(value, Unknown):
            return value
        value = value.entries.get(found[1]) if isinstance(value, Table) else None
        for index in re.findall(r"\d+", found[2]):
            if isinstance(value, Unknown):
                return value
            value = _item(value, int(index))
    return value


def _item(value: Value | None, index: int) -> Value | None:
    if isinstance(value, Items) and index < len(value.values):
        return value.values[index]
    return None


def apply_functions(value: Value, functions: Sequence[str]) -> Value | str:
    """The value after `functions`; a text is what GitLab says against them."""
    if len(functions) > MOST_FUNCTIONS:
        return "too many functions in interpolation block"
    for function in functions:
        result = _apply(value, function)
        if isinstance(result, str):
            return result
        value = result
    return value


def _apply(value: Value, function: str) -> Value | str:
    truncate, split = _TRUNCATE.fullmatch(function), _SPLIT.fullmatch(function)
    if truncate is None and split is None and function not in ("expand_vars", "posix_escape"):
        hint = "check that the function name, arguments, and types are correct"
        return f"no function matching `{function}`: {hint}"
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Plain) or not isinstance(value.value, str):
        name = "truncate" if truncate else "split" if split else function
        return f"invalid input type: {name} can only be used with string inputs"
    text = value.value
    if truncate:
        start, length = int(truncate[1]), int(truncate[2])
        return Plain(text[start : start + length], value.origin)
    if split:
        parts = (part.strip() for part in text.split(split[1]))
        return Items(tuple(Plain(part, value.origin) for part in parts if part), value.origin)
    if function == "posix_escape":
        return Plain(_escaped(text), value.origin)
    return value  # variables in it are put in later, by whoever reads the result


def _escaped(text: str) -> str:
    if not text:
        return "''"
    return _UNSAFE.sub(lambda found: f"\\{found[0]}", text).replace("\n", "'\n'")
