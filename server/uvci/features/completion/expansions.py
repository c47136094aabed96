"""`$VARIABLES` inside texts: what the job knows, with value and scope."""

import re
from collections.abc import Iterator
from functools import partial

from uvci.catalog.gitlab import predefined_variables
from uvci.features.cards.keyword import predefined_card
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.markdown import bullets, card, code
from uvci.features.scopes import SCOPES
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.model import Job, Scope, Variable
from uvci.text.span import Span

_DOLLAR = re.compile(r"(?<!\$)(?:\$\$)*(\$\{?)(\w*)$")
_REST = re.compile(r"\w*\}?")


def variable_use(place: Place) -> Slot | None:
    """Where a variable's use is being typed; None when the cursor is not behind a `$`."""
    found = _DOLLAR.search(place.line_before)
    if not found:
        return None
    rest = _REST.match(place.view.document.text, place.offset)
    end = rest.end() if rest else place.offset
    start = place.offset - len(found[1]) - len(found[2])
    return Slot(Span(start, end), found[1] + found[2], whole=False)


def use_items(place: Place, slot: Slot) -> Iterator[CompletionItem]:
    """The variables that reach this place: the nearest scope first, then GitLab's own."""
    braces = slot.typed.startswith("${") and "if" not in place.below
    for variable in sorted(_known(place), key=lambda variable: -_rank(variable)):
        yield _use(slot, variable.name, braces, _value(variable), SCOPES[variable.scope], variable)
    for predefined in predefined_variables():
        name = predefined.name
        yield slot.item(
            _spelled(name, braces),
            ItemKind.VARIABLE,
            filter=_spelled(name, braces),
            detail="predefined",
            documentation=partial(predefined_card, predefined),
        )


def _known(place: Place) -> list[Variable]:
    names: dict[str, Variable] = dict(place.view.pipeline.root_variables)
    for job in _readers(place):
        for variant in job.variants:
            names |= {n: v for n, v in variant.variables.items() if v.scope is not Scope.PREDEFINED}
    return [variable for name, variable in names.items() if name not in place.keys[-1:]]


def _readers(place: Place) -> tuple[Job, ...]:
    return (place.job,) if place.job else ()


def _rank(variable: Variable) -> int:
    return list(Scope).index(variable.scope)


def _value(variable: Variable) -> str:
    return "" if variable.raw is None else variable.raw


def _use(
    slot: Slot, name: str, braces: bool, value: str, scope: str, variable: Variable
) -> CompletionItem:
    spelled = _spelled(name, braces)
    return slot.item(
        spelled,
        ItemKind.VARIABLE,
        filter=spelled,
        detail=value if len(value) <= 40 else f"{value[:39]}…",
        description=scope,
        documentation=lambda: _about(variable),
    )


def _spelled(name: str, braces: bool) -> str:
    return f"${{{name}}}" if braces else f"${name}"


def _about(variable: Variable) -> str:
    origin = variable.origin
    where = f"Set in {code(origin.path)}" if origin else ""
    kept = "" if variable.expand else "Its `$` are kept as they are (`expand: false`)"
    return card(
        f"**{code('$' + variable.name)}** = {code(variable.raw or '')}", bullets([where, kept])
    )
