"""What a variable that uv reads does, as Markdown."""

from collections.abc import Iterator

from uvci.catalog.values import valid_values
from uvci.catalog.variable import Empty, Kind, Reader, UvVariable
from uvci.catalog.variables import assumed, convention, removed
from uvci.catalog.versions import UvVersion
from uvci.features.markdown import bullets, card, code, codes

REFERENCE = "https://docs.astral.sh/uv/reference/environment/"

_SHAPES = {
    Kind.BOOLEAN: "`1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`",
    Kind.PRESENCE: "any value switches it on, `0` and an empty one too",
    Kind.INTEGER: "a whole number",
    Kind.SECONDS: "whole seconds, without a unit",
    Kind.DATE: "a date, a timestamp or a duration",
    Kind.PATH: "a path",
    Kind.URL: "an address",
    Kind.INDEX: "an index: `name=https://…` or just the address",
    Kind.SECRET: "a secret: keep it in a masked CI/CD variable, not in this file",
}
_EMPTY = {
    Empty.ERROR: "stops uv with exit code 2",
    Empty.UNSET: "counts as not set",
    Empty.SET: "counts as a value",
}


def variable_card(variable: UvVariable, version: UvVersion | None, *facts: str) -> str:
    """What `variable` does; `facts` are bullets about its use here, put before the rest."""
    name = f"**{code(variable.name)}**"
    return card(
        f"{name} {_opening(variable)}",
        variable.advice,
        bullets([*facts, *_facts(variable, version)]),
        "" if variable.internal or variable.hidden else _link(variable),
    )


def other_name_card(name: str) -> str | None:
    """What is known of a `UV_` name that today's uv does not read; None when nothing is."""
    if says := convention(name):
        return f"**{code(name)}** · {says}"
    if gone := removed(name):
        return card(f"**{code(name)}** is no longer read by uv.", gone.says)
    if instead := assumed(name):
        return card(f"**{code(name)}** is not read by uv.", instead.says)
    return None


def _opening(variable: UvVariable) -> str:
    does = variable.does
    return f"· {does}" if does else ""


def _facts(variable: UvVariable, version: UvVersion | None) -> Iterator[str]:
    if variable.deprecated:
        gone = variable.deprecated
        yield f"Deprecated since uv {gone.since}: write {code(gone.replacement)}"
    if variable.alias_of:
        yield f"Another name of {code(variable.alias_of)}"
    yield _accepts(variable, version)
    if variable.default is not None:
        yield f"Default: {code(variable.default)}"
    yield _empty(variable, version)
    yield _since(variable)
    yield _elsewhere(variable)


def _accepts(variable: UvVariable, version: UvVersion | None) -> str:
    if variable.kind is Kind.ENUM:
        return f"Accepts: {codes(value.text for value in valid_values(variable, version))}"
    if variable.kind is Kind.LIST:
        return f"Accepts: {variable.items or 'values'}, separated by {variable.separator}"
    shape = _SHAPES.get(variable.kind)
    least = "" if variable.minimum is None else f", at least {variable.minimum}"
    return f"Accepts: {shape}{least}" if shape else ""


def _empty(variable: UvVariable, version: UvVersion | None) -> str:
    if not variable.empty:
        return ""
    outcome = variable.empty.at(version)
    return f"An empty value {_EMPTY[outcome]}" if outcome else ""


def _since(variable: UvVariable) -> str:
    reader = "" if variable.read_by is Reader.UV else f" (read by the {variable.read_by.value})"
    return f"Since uv {variable.since}{reader}" if variable.since else reader.strip(" ()")


def _elsewhere(variable: UvVariable) -> str:
    flag = f"flag {code(variable.flag)}" if variable.flag else ""
    setting = f"setting {code(variable.setting)}" if variable.setting else ""
    both = ", ".join(part for part in (flag, setting) if part)
    return f"The same as {both}" if both else ""


def _link(variable: UvVariable) -> str:
    if not variable.name.startswith("UV_") or variable.is_template:
        return f"[uv: environment variables]({REFERENCE})"
    return f"[uv: environment variables]({REFERENCE}#{variable.name.lower()})"
