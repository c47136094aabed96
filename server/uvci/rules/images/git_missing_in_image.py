"""UVC111: dependencies from git, and an image without git."""

import re
from collections.abc import Iterable
from functools import partial

from uvci.catalog.contents import contents
from uvci.catalog.publication import Published, publication
from uvci.catalog.tags import Tag
from uvci.rules.images.locked import installing, surely_installed
from uvci.rules.images.uses import UvImage, definitions, images_with, retagged, tag_origin
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import runs_unseen_commands
from uvci.text.patterns import lazy_re

_INSTALLS_GIT = lazy_re(
    r"\A(?>.*?\b(?:add|install)\b).*\bgit\b"
    r"|\A(?>.*?\b(?:apt|apt-get|apk)\b)(?>.*?\b(?:add|install)\b).*[$<]|\bxargs\b",
    re.DOTALL,
)
"""Also packages that a variable or a file names. Only the first of each word is tried."""
_GIT_SOURCE = "source = { git = "


def check(context: Context) -> Iterable[Finding]:
    """Images without git in jobs that install locked packages from git."""
    if _GIT_SOURCE not in (context.project.lock_text or ""):
        return
    for images, found in images_with(lambda each: not contents(each).git, context):
        job = images[0].job
        packages = surely_installed(installing(job, context), job, context, found.tag.python)
        names = sorted({package.name for package in packages if package.source == "git"})
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
    what="Finds slim and Alpine images of uv in jobs that install a project some of whose "
    "dependencies come from a git repository by `uv.lock`, where no command installs git.",
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
                "uv.lock": 'version = 1\n\n[[package]]\nname = "app"\nsource = { virtual = "." }\n'
                'dependencies = [{ name = "tool" }]\n\n'
                '[[package]]\nname = "tool"\nversion = "1.0"\n'
                'source = { git = "https://gitlab.example.org/tool.git#0a1b2c3" }\n',
            },
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/concepts/projects/dependencies/#git",
        "https://docs.astral.sh/uv/guides/integration/docker/#available-images",
    ),
)
