"""UVC410: uv in an image that does not hold it."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.pipeline.model import ImageUse, Job
from uvci.pipeline.scripts import JobCommand, uv_installs
from uvci.pipeline.values import Origin
from uvci.rules.commands.uv_on_path import brings_no_program, calls_by_name, commands_before
from uvci.rules.images.official import OfficialImage, official_images, uv_image_fix
from uvci.rules.images.plain import runs_in_image
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Related, Rule, Severity

_STARTUP_VARIABLES = ("PATH", "BASH_ENV", "ENV")


def check(context: Context) -> Iterable[Finding]:
    """The first call of uv in jobs on official images that nothing brings uv to."""
    for job in context.jobs:
        call = next(calls_by_name(job), None)
        if call and lacks_uv(job):
            image = official_images(job)[0]
            yield RULE.at(
                Origin(call.path, call.span),
                _message(call, image),
                job.name,
                fixes=partial(_fixes, image, context),
                related=(_place(image),),
            )


def lacks_uv(job: Job) -> bool:
    """Whether the job's first call of uv surely finds none, and ends the job."""
    call = next(calls_by_name(job), None)
    if call is None or not official_images(job):
        return False
    return _is_alone(job) and not _may_be_brought(call, job)


def _is_alone(job: Job) -> bool:
    """Whether the job is all there is to see, and runs in its image and in nothing else."""
    if not job.complete or not all(variant.closed for variant in job.variants):
        return False
    if any(name in variant.variables for variant in job.variants for name in _STARTUP_VARIABLES):
        return False
    return "hooks" not in job.keywords.entries and _has_own_shell(job) and runs_in_image(job)


def _has_own_shell(job: Job) -> bool:
    """Whether the image's own shell is started, with nothing in front."""
    entrypoint = job.image.entrypoint if isinstance(job.image, ImageUse) else None
    return entrypoint is None or (isinstance(entrypoint, tuple) and not any(entrypoint))


def _may_be_brought(call: JobCommand, job: Job) -> bool:
    # A cache or an artifact lies in the project folder, which no shell looks into for programs
    # unless PATH says so.
    if uv_installs(job) or any(export.name.upper() == "PATH" for export in call.exports):
        return True
    return not all(map(brings_no_program, commands_before(call, job)))


def _message(call: JobCommand, image: OfficialImage) -> str:
    found = image.uv_image
    instead = f", such as `{found.tag.text}`" if found else ", or install uv first"
    name = call.command.name_span.of(call.line.text)
    return (
        f"The image `{image.ref.text}` holds no uv and nothing in {{jobs}} installs it, so "
        f"`{name}: command not found` ends the script; use an image of uv{instead}."
    )


def _place(image: OfficialImage) -> Related:
    origin = image.use.name.origin
    return Related(origin.path, origin.span, "the image is named here")


def _fixes(image: OfficialImage, context: Context) -> tuple[Fix, ...]:
    fix = uv_image_fix(image, context)
    return (replace(fix, preferred=True),) if fix and fix.edits else ()


RULE = Rule(
    code="UVC410",
    name="uv-missing",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds jobs on the official images `python`, `debian`, `ubuntu`, `alpine`, `docker` and "
    "`node` that call uv where no command before it installs uv, or could.",
    why="Those images hold no uv: the shell answers `uv: command not found`, and the job fails "
    "with 127. uv's own images are built on the first four and add nothing but uv.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: python:3.13-slim
  script:
    - «uv sync --locked»
    - uv run pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.13.9-python3.13-trixie-slim
  script:
    - uv sync --locked
    - uv run pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/gitlab/#using-the-uv-image",
        "https://docs.astral.sh/uv/guides/integration/docker/#available-images",
    ),
)
