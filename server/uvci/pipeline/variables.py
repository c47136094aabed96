"""The variables a job may run with (GitLab docs: CI/CD variables, their precedence)."""

from collections.abc import Mapping, Sequence
from itertools import product

from msgspec.structs import replace

from uvci.pipeline.model import Scope, Variable, Variant
from uvci.pipeline.values import Items, Origin, Plain, Table, Unknown, Value

MOST_ALTERNATIVES = 16
MOST_VARIANTS = 256

Variables = Mapping[str, Variable]


def read_variables(value: Value | None, scope: Scope) -> dict[str, Variable]:
    """The variables that a `variables:` mapping sets."""
    if not isinstance(value, Table):
        return {}
    return {name: _variable(name, below, scope) for name, below in value.entries.items()}


def _variable(name: str, value: Value, scope: Scope) -> Variable:
    match value:
        case Plain():
            return Variable(name, value.text, scope, value.origin)
        case Table():
            text = value.entries.get("value")
            raw = "" if text is None else text.text if isinstance(text, Plain) else None
            expand = value.entries.get("expand")
            literal = isinstance(expand, Plain) and expand.value is False
            # It stands under its name, not under the keyword `value`.
            origin = replace((text or value).origin, key=value.origin.key)
            return Variable(name, raw, scope, origin, expand=not literal)
        case Items() | Unknown():
            return Variable(name, None, scope, value.origin)


def rule_variables(rules: Value | None, scope: Scope) -> tuple[Variables, ...]:
    """What `variables:` under `rules` may set: one set for each rule that may be the one taken.

    Never empty: without rules, or where none sets variables, it is one empty set.
    """
    sets: dict[tuple[object, ...], Variables] = {}
    for rule in _flat(rules):
        if not isinstance(rule, Table) or _is_never(rule):
            continue
        variables = read_variables(rule.entries.get("variables"), scope)
        sets.setdefault(tuple((v.name, v.raw, v.expand) for v in variables.values()), variables)
        if not _is_conditional(rule):
            break
    found = tuple(sets.values()) or ({},)
    return found if len(found) <= MOST_ALTERNATIVES else (_unsure(found),)


def never_let_in(rules: Value | None) -> bool:
    """Whether `rules` leave a job out of every pipeline, whatever holds for it."""
    found = False
    for rule in _flat(rules):
        if not isinstance(rule, Table) or not _is_never(rule):
            return False
        if not _is_conditional(rule):
            return True
        found = True
    return found


def inherited(variables: Variables, inherit: Value | None) -> Variables:
    """The root variables that `inherit:variables` lets through."""
    match inherit:
        case Plain(value=False):
            return {}
        case Items():
            names = {item.text for item in inherit.values if isinstance(item, Plain)}
            return {name: found for name, found in variables.items() if name in names}
        case _:
            return variables


def build_variants(
    pipeline: Sequence[Variables],
    job: Variables,
    matrix: Sequence[tuple[str, Variables]],
    rules: Sequence[Variables],
    *,
    closed: bool,
) -> tuple[Variant, ...]:
    """All sets of variables, lowest precedence first: pipeline, job, matrix entry, rule.

    `pipeline` and `rules` are alternatives; each entry of `matrix` has a label.
    """
    if len(pipeline) * len(matrix) * len(rules) > MOST_VARIANTS:
        pipeline, rules = (_unsure(pipeline),), (_unsure(rules),)
    return tuple(
        Variant(
            _layered(_layered(_layered(root, job), entry), rule),
            {name: variable.raw or "" for name, variable in entry.items()},
            label,
            closed,
        )
        for root, (label, entry), rule in product(pipeline, matrix, rules)
    )


def layer_all(base: Variables, sets: Sequence[Variables]) -> tuple[Variables, ...]:
    """Each of `sets` laid over `base`."""
    return tuple(_layered(base, over) for over in sets)


def _layered(base: Variables, over: Variables) -> Variables:
    if not over:
        return base
    result = dict(base)
    for name, variable in over.items():
        before = base.get(name)
        result[name] = variable if before is None else _shadowing(variable, before)
    return result


def _shadowing(variable: Variable, before: Variable) -> Variable:
    origin, lost = variable.origin, before.origin
    if origin is None or lost is None:
        return variable
    shadows = (*origin.shadows, lost, *lost.shadows)
    moved = Origin(origin.path, origin.span, origin.node, origin.key, origin.chain, shadows)
    return Variable(variable.name, variable.raw, variable.scope, moved, variable.expand)


def _unsure(sets: Sequence[Variables]) -> Variables:
    """One set for many: what is not the same in all of them is unknown."""
    first = sets[0]
    names = dict.fromkeys(name for variables in sets for name in variables)
    return {name: _same(name, [variables.get(name) for variables in sets], first) for name in names}


def _same(name: str, found: Sequence[Variable | None], first: Variables) -> Variable:
    known = next(variable for variable in found if variable is not None)
    if name in first and all(v is not None and v.raw == known.raw for v in found):
        return known
    return Variable(name, None, known.scope, known.origin, known.expand)


def _flat(rules: Value | None) -> list[Value]:
    stack = [rules] if rules is not None else []
    flat: list[Value] = []
    while stack:
        value = stack.pop()
        if isinstance(value, Items):
            stack += reversed(value.values)
        else:
            flat.append(value)
    return flat


def _is_conditional(rule: Table) -> bool:
    return bool(rule.entries.keys() & {"if", "changes", "exists"})


def _is_never(rule: Table) -> bool:
    when = rule.entries.get("when")
    return isinstance(when, Plain) and when.value == "never"
