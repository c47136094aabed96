"""What is known of a job's variables while its script runs."""

from collections.abc import Mapping

from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Job


def script_variables(job: Job | None) -> Mapping[str, str | None]:
    """The values of the variables of `job` that all its variants agree on; others are unknown."""
    if job is None:
        return {}
    first, *rest = job.variants
    shared = {
        name: variable
        for name, variable in first.variables.items()
        if all((other := each.variables.get(name)) and other.raw == variable.raw for each in rest)
    }
    return {name: expand_text(f"${{{name}}}", first, Place.RUNNER).text for name in shared}
