"""UVC111: dependencies from git, and an image without git."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from uvci.catalog.contents import contents
from uvci.catalog.publication import Published, publication
from uvci.catalog.tags import Tag
from uvci.pipeline.model import Job
from uvci.pipeline.python_project import PythonProject, requirement_name
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.rules.images.uses import UvImage, definitions, images_with, retagged, tag_origin
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import runs_unseen_commands, uses_root_project
from uvci.text.patterns import lazy_re

_INSTALLS_GIT = lazy_re(r"\b(?:add|install)\b.*\bgit\b", re.DOTALL)
_GIT_SOURCE = "source = { git = "
_WITHOUT_DEV = ("--no-dev", "--no-default-groups", "--no-group", "--only-group", "--only-dev")


def check(context: Context) -> Iterable[Finding]:
    """Images without git in jobs that install a project with direct dependencies from git."""
    from_git = _locked_from_git(context.project)
    if not from_git:
        return
    for images, found in images_with(lambda each: not contents(each).git, context):
        job = images[0].job
        calls = [call for call in uv_commands(job) if _installs(call, job, context)]
        names = sorted(from_git & {name for call in calls for name in _direct(call, context)})
        if not names or runs_unseen_commands(job):
            continue
        if any(_INSTALLS_GIT.search(line.text) for line in job.scripts):
            continue
        yield RULE.at(
            tag_origin(images[0], context),
            f"`{names[0]}` comes from a git repository, and the image of {{jobs}} holds no git: uv "
            "cannot fetch it; use a variant with git, or install git first.",
            job.name,
            fixes=partial(_fixes, images[0], found, context),
            related=definitions(images[0]),
        )


def _locked_from_git(project: PythonProject) -> set[str]:
    """The packages that uv.lock takes from git; a lock that names none is not read in full."""
    if _GIT_SOURCE not in (project.lock_text or ""):
        return set()
    lock = project.lock
    return {package.name for package in lock.from_git} if lock else set()


def _installs(call: JobCommand, job: Job, context: Context) -> bool:
    chooses = call.command.flag("--no-sync", "--package", "--no-install-package")
    return uses_root_project(call, job, context) and not chooses


def _direct(call: JobCommand, context: Context) -> Iterator[str]:
    """The packages that the call installs by name."""
    project = context.project.pyproject
    if not call.command.flag("--only-group", "--only-dev"):
        yield from map(requirement_name, project.dependencies)
    if not call.command.flag(*_WITHOUT_DEV):
        yield from map(requirement_name, project.groups.get("dev", ()))


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    bases = [found.tag.base or "", "trixie", "bookworm"]
    tags = (found.tag.with_base(base) for base in bases)
    return retagged(image, [tag for tag in tags if _has_git(image, tag)][:1], context)


def _has_git(image: UvImage, tag: Tag) -> bool:
    published = publication(image.registry, tag.text)
    return isinstance(published, Published) and contents(published).git


RULE = Rule(
    code="UVC111",
    name="git-missing-in-image",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Finds slim and Alpine images of uv in jobs that install a project some of whose direct "
    "dependencies come from a git repository, where no command installs git.",
    why="uv calls git to fetch them and fails with `Git executable not found`.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.12.5-python3.13-trixie-slim»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie
  script:
    - uv run --locked pytest
""",
            files={
                "pyproject.toml": '[project]\nname = "app"\ndependencies = ["tool"]\n',
                "uv.lock": 'version = 1\n\n[[package]]\nname = "tool"\nversion = "1.0"\n'
                'source = { git = "https://gitlab.example.org/tool.git#0a1b2c3" }\n',
            },
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/projects/dependencies/#git",
        "https://docs.astral.sh/uv/guides/integration/docker/#available-images",
    ),
)
