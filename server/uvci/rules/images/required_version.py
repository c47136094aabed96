"""UVC108: a uv that the project refuses."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.publication import Published, published_versions
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job
from uvci.pipeline.python_project import specifiers
from uvci.pipeline.releases import release
from uvci.pipeline.scripts import uv_commands
from uvci.rules.images.uses import retagged, tag_origin, uv_images
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import is_at_root, is_unset


def check(context: Context) -> Iterable[Finding]:
    """Jobs whose uv does not meet `required-version`."""
    required = context.project.required_uv
    if required is None or specifiers(_as_range(required)) is None:
        return
    origins = {image.job.name: tag_origin(image, context) for image in uv_images(context)}
    for job in context.jobs:
        found = release(job, context.settings)
        if found is None or found.origin is None or not _works_here(job):
            continue
        if not meets(required, found.version):
            origin = origins.get(job.name) if found.source == "image" else None
            yield RULE.at(
                origin or found.origin,
                f"The project requires uv `{required}`, and uv {found.version} of {{jobs}} exits "
                "with 2 there; use a uv that the project takes.",
                job.name,
                fixes=partial(_fixes, required, job, context),
            )


def meets(required: str, version: UvVersion) -> bool:
    """Whether a project with that `required-version` accepts a release of uv."""
    allowed = specifiers(_as_range(required))
    return allowed is None or allowed.contains(str(version), prereleases=True)


def _as_range(required: str) -> str:
    """The range that uv reads: a bare version means exactly that one."""
    return f"=={required}" if UvVersion.parse(required) else required


def _works_here(job: Job) -> bool:
    """Whether uv is called where it reads the project's settings; `uvx` and `uv self` never do."""
    return any(
        is_at_root(call, job)
        and not call.command.flag("--no-config", "--config-file")
        and all(is_unset(name, call, job) for name in ("UV_NO_CONFIG", "UV_CONFIG_FILE"))
        for call in uv_commands(job)
        if call.command.subcommand and call.command.subcommand[0] not in ("tool", "self")
    )


def _fixes(required: str, job: Job, context: Context) -> tuple[Fix, ...]:
    """The newest release of the same variant that the project accepts."""
    for image in uv_images(context):
        if image.job is not job or not isinstance(image.found, Published):
            continue
        known = published_versions(image.registry, image.found.tag.variant)
        fitting = [each for each in known if meets(required, each)]
        tags = [image.found.tag.with_release(each) for each in fitting[-1:]]
        return retagged(image, tags, context)
    return ()


RULE = Rule(
    code="UVC108",
    name="required-version",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Compares the uv of each job, by its image's tag or its installer, with "
    "`required-version` in the project's `pyproject.toml` or `uv.toml`.",
    why="uv exits with 2 before it does anything, in every command of the job.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.9.30-python3.13-trixie-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.24-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
            files={
                "pyproject.toml": '[project]\nname = "app"\n\n'
                '[tool.uv]\nrequired-version = ">=0.12,<0.13"\n',
            },
        ),
    ),
    references=("https://docs.astral.sh/uv/reference/settings/#required-version",),
)
