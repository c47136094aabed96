"""`$VARIABLES` inside texts: what the job knows, with value and scope."""

from collections.abc import Collection, Iterator
from functools import partial

from uvci.catalog.gitlab import KnownFrom, PredefinedVariable, predefined_variables
from uvci.features.cards.keyword import predefined_card
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.discretion import discretion
from uvci.features.id_tokens import id_tokens
from uvci.features.markdown import bullets, card, code
from uvci.features.origins import place_of
from uvci.features.scopes import SCOPES
from uvci.features.secrecy import discreet
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.model import Scope, Variable
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_DOLLAR = lazy_re(r"(?<!\$)(?:\$\$)*(\$\{?)(\w*)$")
_REST = lazy_re(r"\w*\}?")
_LONGEST = 40


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
    for variable in sorted(_known(place), key=lambda variable: -_rank(variable)):
        yield _use(place, slot, variable)
    for name, audience in id_tokens(place.job).items():
        spelled = _spelled(slot, name)
        detail = f"ID token for {audience}"
        yield slot.item(spelled, ItemKind.VARIABLE, text=spelled, detail=detail)
    known = [each for each in predefined_variables() if each.known_from in _known_from(place)]
    for predefined in sorted(known, key=_is_rare):
        yield slot.item(
            _spelled(slot, predefined.name),
            ItemKind.VARIABLE,
            text=_spelled(slot, predefined.name),
            detail=predefined.doc,
            description="predefined",
            documentation=partial(predefined_card, predefined),
        )


def _known_from(place: Place) -> Collection[KnownFrom]:
    """How early a variable must be known to have a value here: before jobs, or before pipelines."""
    if place.keys[:1] in (("include",), ("workflow",)):
        return (KnownFrom.PRE_PIPELINE,)
    if place.entry is not None and place.below[:1] in (("rules",), ("only",), ("except",)):
        return (KnownFrom.PRE_PIPELINE, KnownFrom.PIPELINE)
    return tuple(KnownFrom)


def _is_rare(predefined: PredefinedVariable) -> bool:
    # GitLab lists some for mobile apps and chat besides, which come first by their names.
    return not predefined.name.startswith("CI_")


def _known(place: Place) -> list[Variable]:
    names: dict[str, Variable] = dict(place.view.pipeline.root_variables)
    for variant in place.job.variants if place.job else ():
        names |= {n: v for n, v in variant.variables.items() if v.scope is not Scope.PREDEFINED}
    return [variable for name, variable in names.items() if name not in place.keys[-1:]]


def _rank(variable: Variable) -> int:
    return list(Scope).index(variable.scope)


def _use(place: Place, slot: Slot, variable: Variable) -> CompletionItem:
    spelled = _spelled(slot, variable.name)
    value = _shown(place, variable)
    return slot.item(
        spelled,
        ItemKind.VARIABLE,
        text=spelled,
        detail=value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…",
        description=SCOPES[variable.scope],
        documentation=partial(_about, place, variable),
    )


def _shown(place: Place, variable: Variable) -> str:
    value = discreet(variable.name, variable.raw or "")
    return discretion(place.view.pipeline).quiet(value)


def _spelled(slot: Slot, name: str) -> str:
    return f"${{{name}}}" if slot.typed.startswith("${") else f"${name}"


def _about(place: Place, variable: Variable) -> str:
    where = place_of(place.view, variable.origin)
    kept = "" if variable.expand else "Its `$` are kept as they are (`expand: false`)"
    facts = [f"Set for the {SCOPES[variable.scope]}, {where}" if where else "", kept]
    value = _shown(place, variable)
    return card(f"**{code('$' + variable.name)}** is {code(value)}", bullets(facts))
