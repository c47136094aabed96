"""UVC407: uv installed into an image that already holds it."""

from collections.abc import Iterable, Sequence
from functools import partial

from uvci.catalog.publication import Published, TagKind
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import ImageUse, Job, ScriptLine
from uvci.pipeline.scripts import JobInstall, uv_installs
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import Condition, InstallMethod
from uvci.pipeline.values import Origin
from uvci.rules.commands.uv_installs import (
    is_called_where_installed,
    is_for_windows,
    is_in_environment,
    jobs_in,
    removal_changes,
    shown,
    without,
)
from uvci.rules.commands.uv_on_path import sources_env_file
from uvci.rules.images.plain import runs_in_image
from uvci.rules.images.uses import uv_images_of
from uvci.rules.left_out import LeftOut, left_out
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    FindingTag,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import runs_unseen_commands


def check(context: Context) -> Iterable[Finding]:
    """Installations of uv in jobs on uv's own images that bring no other version on purpose."""
    for job in context.jobs:
        for found in redundant_installs(job):
            install = found.install
            yield RULE.at(
                Origin(found.path, found.span if install.alone else found.target_span),
                _message(found, held_versions(job)),
                job.name,
                fixes=partial(_fixes, found, job, context),
                tags=(FindingTag.UNNECESSARY,) if install.alone else (),
            )


def redundant_installs(job: Job) -> Sequence[JobInstall]:
    """The installations of a job that its image makes needless."""
    if not uv_installs(job):
        return ()
    held = held_versions(job)
    if not held or is_for_windows(job) or is_called_where_installed(job):
        return ()
    return [found for found in uv_installs(job) if _is_redundant(found, held)]


def held_versions(job: Job) -> tuple[UvVersion | None, ...]:
    """The uv of each of the job's images, None where its tag moves; nothing unless all hold uv."""
    if not job.complete or not runs_in_image(job) or not isinstance(job.image, ImageUse):
        return ()
    images = list(uv_images_of(job))
    if {image.expansion.text for image in images} != {e.text for e in job.image.expansions}:
        return ()
    if any(image.ref.tag and not isinstance(image.found, Published) for image in images):
        return ()
    return tuple(_held(image.found) for image in images)


def _held(found: object) -> UvVersion | None:
    known = isinstance(found, Published) and found.kind is not TagKind.FLOATING
    return found.version if known and isinstance(found, Published) else None


def _is_redundant(found: JobInstall, held: tuple[UvVersion | None, ...]) -> bool:
    install = found.install
    if install.method is InstallMethod.SELF_UPDATE or install.directory is not None:
        return False
    if install.command.condition is Condition.MAYBE or install.command.function is not None:
        return False
    if install.method is InstallMethod.PIP and is_in_environment(found):
        return False
    return not install.pinned or {UvVersion.parse(install.version or "")} == set(held) - {None}


def _message(found: JobInstall, held: tuple[UvVersion | None, ...]) -> str:
    version = held[0] if len(set(held)) == 1 else None
    if version is None or found.install.pinned:
        holds = f"uv {version}" if version else "uv"
        return (
            f"The image of {{jobs}} already holds {holds}, so {shown(found)} only costs time; "
            "drop it."
        )
    return (
        f"The image of {{jobs}} already holds uv {version}, and {shown(found)} puts whatever is "
        "newest beside it; drop it, or name the uv you want in the image's tag."
    )


def _fixes(found: JobInstall, job: Job, context: Context) -> tuple[Fix, ...]:
    edits, declares = without(found, job, context), removal_changes(found, job, context)
    whole = LeftOut("Drop the installation", edits, declares)
    needless = partial(_are_needless, job)
    candidates = (whole, *left_out(found.line, job, needless, context))
    fixes = (_fix(found, each, context) for each in candidates)
    return tuple([fix for fix in fixes if fix is not None][:1])


def _fix(found: JobInstall, left: LeftOut, context: Context) -> Fix | None:
    """The fix of these edits; None where a job that they reach needs what they take away."""
    reached = jobs_in(left.declares, context)
    jobs = [each for each in context.pipeline.jobs if each.name in reached]
    if not left.edits or not all(_has_it_too(each, found) for each in jobs):
        return None
    stays = found.install.pinned or not any(any(held_versions(each)) for each in jobs)
    safe = stays and not any(map(runs_unseen_commands, jobs))
    kind = Applicability.SAFE if safe else Applicability.UNSAFE
    return Fix(left.title, left.edits, kind, preferred=True, declares=left.declares)


def _has_it_too(job: Job, found: JobInstall) -> bool:
    """Whether an installation is needless in another job that shares it, too."""
    node = found.line.plain.origin.node
    return any(one.line.plain.origin.node is node for one in redundant_installs(job))


def _are_needless(job: Job, lines: Sequence[ScriptLine]) -> bool:
    """Whether some items only install uv, and no other one reads the file that this leaves."""
    others = [line for line in job.scripts if line not in lines]
    sourced = (command for line in others for command in find_commands(line.text))
    return all(_only_installs(line, job) for line in lines) and not any(
        map(sources_env_file, sourced)
    )


def _only_installs(line: ScriptLine, job: Job) -> bool:
    """Whether a script item installs uv, or reads the file that this leaves, and nothing else."""
    found = (one for one in redundant_installs(job) if one.line is line and one.install.alone)
    spans = [one.install.span for one in found]
    commands = find_commands(line.text)
    return bool(commands) and all(
        sources_env_file(one) or any(span.covers(one.span) for span in spans) for one in commands
    )


RULE = Rule(
    code="UVC407",
    name="redundant-uv-install",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds pip, the installer and package managers installing uv in jobs whose image is one "
    "of uv's own, where no other version of uv is asked for.",
    why="The image is there to save that step. Installing uv once more costs time in every run, "
    "and without a version it replaces the uv that the tag names by whatever is newest.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:python3.13-trixie
  before_script:
    - «pip install uv»
    - uv sync --locked
  script:
    - uv run pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:python3.13-trixie
  before_script:
    - uv sync --locked
  script:
    - uv run pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/gitlab/#using-the-uv-image",
        "https://docs.astral.sh/uv/getting-started/installation/",
    ),
)
