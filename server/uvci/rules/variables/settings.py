"""The variables that jobs see, each where it is typed."""

from collections.abc import Iterator

from msgspec.structs import replace

from uvci.pipeline.model import Job, Scope, Variable
from uvci.pipeline.values import Origin
from uvci.rules.kept import by_content
from uvci.rules.rule import Context


def typed_variables(context: Context) -> Iterator[tuple[Job, Variable]]:
    """Every variable of every visible job that a file of the pipeline sets."""
    return ((job, variable) for job in context.jobs for variable in variables_of(job))


def variables_of(job: Job) -> Iterator[Variable]:
    """Every variable of a job that a file of the pipeline sets.

    Where the variants of the job set one name in several places, each place comes once.
    """
    seen = set()
    for variant in job.variants:
        for variable in variant.variables.values():
            origin = variable.origin
            if origin is None or variable.scope is Scope.PREDEFINED:
                continue
            if (place := (origin.path, origin.span)) not in seen:
                seen.add(place)
                yield variable


@by_content
def variable_names(job: Job) -> frozenset[str]:
    """The names of all variables that the job may have from a file."""
    return frozenset(name for variant in job.variants for name in variant.variables)


def uv_settings(context: Context) -> Iterator[tuple[Job, Variable]]:
    """Those of them whose names begin with `UV_`."""
    return (pair for pair in typed_variables(context) if pair[1].name.startswith("UV_"))


def name_of(origin: Origin) -> Origin:
    """Where the name of the variable with that origin is typed; its value where there is none."""
    return origin if origin.key is None else replace(origin, span=origin.key)
