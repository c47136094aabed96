"""`parallel`: the jobs that GitLab makes of one (GitLab docs: `parallel:matrix`)."""

from collections.abc import Sequence
from itertools import islice, product

from uvci.pipeline.model import Scope, Variable
from uvci.pipeline.values import Items, Plain, Table, Value

MOST_JOBS = 200
"""How many jobs `parallel` may make."""

Entry = tuple[str, dict[str, Variable]]


def matrix_entries(parallel: Value | None) -> tuple[Entry, ...]:
    """The label and variables of each job of a matrix; one without both where there is none.

    The label reads `[3.12, linux]`, as in the job's name.
    """
    matrix = parallel.entries.get("matrix") if isinstance(parallel, Table) else None
    if not isinstance(matrix, Items):
        return (("", {}),)
    entries: list[Entry] = []
    for item in matrix.values:
        if isinstance(item, Table) and item.entries:
            entries += islice(_product(item), MOST_JOBS + 1 - len(entries))
    return tuple(entries[:MOST_JOBS]) or (("", {}),)


def matrix_size(matrix: Items) -> int:
    """How many jobs a matrix asks for."""
    total = 0
    for item in matrix.values:
        if isinstance(item, Table) and item.entries:
            jobs = 1
            for value in item.entries.values():
                jobs *= len(_choices(value))
            total += jobs
    return total


def parallel_names(name: str, parallel: Value | None) -> tuple[str, ...]:
    """The names of the jobs that GitLab makes: `job 1/2`, `job: [3.12, linux]`."""
    if isinstance(parallel, Plain) and isinstance(parallel.value, int):
        total = min(parallel.value, MOST_JOBS)
        return tuple(f"{name} {index}/{parallel.value}" for index in range(1, total + 1))
    labels = [label for label, _ in matrix_entries(parallel) if label]
    return tuple(f"{name}: {label}" for label in labels)


def _product(item: Table) -> "Sequence[Entry]":
    names = list(item.entries)
    choices = [_choices(value) for value in item.entries.values()]
    return [_entry(names, values) for values in islice(product(*choices), MOST_JOBS + 1)]


def _choices(value: Value) -> Sequence[Value]:
    return value.values if isinstance(value, Items) else (value,)


def _entry(names: Sequence[str], values: Sequence[Value]) -> Entry:
    variables = {
        name: Variable(
            name, value.text if isinstance(value, Plain) else None, Scope.MATRIX, value.origin
        )
        for name, value in zip(names, values, strict=True)
    }
    shown = ", ".join("?" if v.raw is None else v.raw for v in variables.values())
    return f"[{shown}]", variables
