"""UVC302: a variable that the job's uv does not read, or no longer reads."""

from collections.abc import Iterable
from functools import lru_cache, partial

from uvci.catalog.availability import Availability
from uvci.catalog.variable import Reader
from uvci.catalog.variables import availability, find_variable, uv_variables
from uvci.catalog.variables import removed as removed_variable
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job
from uvci.pipeline.releases import release
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.images.uses import upgraded
from uvci.rules.mentions import is_mentioned
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import uv_version
from uvci.rules.variables.fixes import renamed
from uvci.rules.variables.settings import name_of, uv_settings, variable_names


def check(context: Context) -> Iterable[Finding]:
    """Variables that a newer or an older uv reads, in jobs that call uv."""
    for job, variable in uv_settings(context):
        version = uv_version(job, context)
        if version is None or variable.origin is None or not uv_commands(job):
            continue
        reason = _reason(variable.name, version)
        if reason and not is_mentioned(variable.name, context):
            yield RULE.at(
                name_of(variable.origin),
                f"uv {version}, which {{jobs}} will run, does not read `{variable.name}`: "
                f"{reason}.",
                job.name,
                fixes=partial(_fixes, variable.name, job, version, variable.origin, context),
            )


def _has_unread(job: Job, context: Context) -> bool:
    """Whether the job's uv does not read one of its variables."""
    found = release(job, context.settings)
    if found is None:
        return False
    names = (name for name in variable_names(job) if name.startswith("UV_"))
    return any(_reason(name, found.version) for name in names)


@lru_cache(maxsize=1000)
def _reason(name: str, version: UvVersion) -> str:
    known, gone = find_variable(name), removed_variable(name)
    others = _readable(name, version)
    use = f"; use `{others[0]}`" if others else ""
    newer, gone_for_good = use or "; use that uv or a later one", use or "; remove it"
    if known is not None:
        too_new = availability(known, version) is Availability.TOO_NEW
        is_new = known.read_by is Reader.UV and too_new
        return f"that begins with uv {known.since}{newer}" if is_new else ""
    if gone is None or gone.last is None:
        return ""
    ended = availability(gone, version) is Availability.REMOVED
    return f"that ended with uv {gone.last}{gone_for_good}" if ended else ""


def _readable(name: str, version: UvVersion) -> list[str]:
    """The names for the same setting that this uv reads."""
    gone = removed_variable(name)
    names = [gone.replacement] if gone and gone.replacement else []
    names += [
        other.name
        for other in uv_variables()
        if other.deprecated is not None and other.deprecated.replacement == name
    ]
    found = (find_variable(other) for other in names)
    return [
        other.name
        for other in found
        if other is not None and availability(other, version) is Availability.KNOWN
    ]


def _fixes(
    name: str, job: Job, version: UvVersion, origin: Origin, context: Context
) -> tuple[Fix, ...]:
    others = _readable(name, version)
    return renamed(name, others, origin, context) if others else _newer(name, job, context)


def _newer(name: str, job: Job, context: Context) -> tuple[Fix, ...]:
    """The job's image with the first uv that reads the variable; another uv changes more."""
    known = find_variable(name)
    if known is None:
        return ()
    return upgraded(job, lambda uv: availability(known, uv) is Availability.KNOWN, context)


RULE = Rule(
    code="UVC302",
    name="uv-variable-not-in-version",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Compares uv's variables with the uv that each job runs: the version in its image's tag, "
    "or the one that its script installs. Jobs whose version is not known are left out.",
    why="uv ignores a variable that only a later, or an earlier, release reads. The job passes, "
    "without the setting.",
    check=check,
    whole=True,
    concerns=_has_unread,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie-slim
  variables:
    «UV_SYSTEM_CERTS»: "1"
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie-slim
  variables:
    UV_NATIVE_TLS: "1"
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/environment/",),
)
