"""UVC408: whichever uv is newest, installed in each run."""

import re
from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from uvci.catalog.versions import UvVersion, releases
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import JobInstall, uv_installs
from uvci.pipeline.shell.model import InstallMethod
from uvci.pipeline.values import Origin
from uvci.rules.commands.uv_installs import (
    NEWEST,
    is_called_where_installed,
    is_in_environment,
    jobs_in,
    removal_changes,
    shown,
    without,
)
from uvci.rules.edits import arrivals
from uvci.rules.images.official import official_images, uv_image_fix
from uvci.rules.images.required_version import meets
from uvci.rules.images.uses import uv_images_of
from uvci.rules.rule import Applicability, Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.script_edits import rewritten
from uvci.text.patterns import lazy_re

_REQUIREMENT = lazy_re(r"""(["']?)(uv(?:\[[\w, -]*\])?)\s*(?:>=?[^"',;]*)?\1""", re.ASCII)
_LATEST = "releases/latest/download/"
_INSTALLER = lazy_re(r"astral\.sh/uv/(?=install\.)")
_PINNING = ("PIP_CONSTRAINT", "UV_DOWNLOAD_URL", "INSTALLER_DOWNLOAD_URL")
"""Variables by which pip and the installer are told what to get."""


def check(context: Context) -> Iterable[Finding]:
    """Installations of uv without a version, on images that hold none."""
    for job in context.jobs:
        # What is installed on top of uv's own images is the business of UVC407.
        if uv_installs(job) and not any(uv_images_of(job)):
            for found in uv_installs(job):
                if _floats(found, job) and (pinned := _pinned_text(found, context)):
                    yield _finding(found, pinned, job, context)


def _floats(found: JobInstall, job: Job) -> bool:
    install = found.install
    if install.method not in NEWEST or install.pinned:
        return False
    exports = {export.name for export in found.state.exports + install.command.exports}
    names = exports.union(*(variant.variables for variant in job.variants))
    return not any(name in names for name in _PINNING)


def _finding(found: JobInstall, pinned: str, job: Job, context: Context) -> Finding:
    example = re.sub(r"^.*?(?=uv==|astral)", "", pinned.strip("\"'"))
    what = shown(found)
    return RULE.at(
        Origin(found.path, found.target_span),
        f"{what[:1].upper()}{what[1:]} brings whatever uv is newest, so {{jobs}} may change "
        f"without a change of yours; pin it, as in `{example}`.",
        job.name,
        fixes=partial(_fixes, found, pinned, job, context),
    )


def _newest(context: Context) -> UvVersion:
    """The newest release that the project accepts."""
    required, newest = context.project.required_uv, releases().newest
    if required is None:
        return newest
    fitting = (each for each in reversed(releases().versions) if meets(required, each))
    return next(fitting, newest)


def _pinned_text(found: JobInstall, context: Context) -> str | None:
    """What would be typed in place of the requirement or the address; None where that is unclear.

    A requirement with an upper bound is bound to some releases, and left alone.
    """
    typed, version = found.install.target.of(found.line.text), _newest(context)
    if found.install.method in (InstallMethod.PIP, InstallMethod.PIPX):
        requirement = _REQUIREMENT.fullmatch(typed)
        return (
            f"{requirement[1]}{requirement[2]}=={version}{requirement[1]}" if requirement else None
        )
    pinned = _INSTALLER.sub(lambda match: f"{match[0]}{version}/", typed, count=1)
    pinned = pinned.replace(_LATEST, f"releases/download/{version}/")
    return None if pinned == typed else pinned


def _fixes(found: JobInstall, pinned: str, job: Job, context: Context) -> tuple[Fix, ...]:
    edits = rewritten(found.line, found.install.target, pinned)
    pin = Fix("Pin the version of uv", edits, preferred=True, declares=arrivals(edits, context))
    fixes = (pin, _uv_image(found, job, context))
    return tuple(fix for fix in fixes if fix and fix.edits)


def _uv_image(found: JobInstall, job: Job, context: Context) -> Fix | None:
    """The image of uv instead, where every job that loses the installation gets it."""
    if is_called_where_installed(job) or is_in_environment(found):
        return None
    images = official_images(job)
    swap = uv_image_fix(images[0], context) if images else None
    removal = without(found, job, context)
    if swap is None or not swap.edits or not removal:
        return None
    changes = removal_changes(found, job, context)
    if not jobs_in(changes, context) <= jobs_in(swap.declares, context):
        return None
    return replace(
        swap,
        title=f"{swap.title} instead",
        edits=(*swap.edits, *removal),
        applicability=Applicability.UNSAFE,
        declares=(*swap.declares, *changes),
    )


RULE = Rule(
    code="UVC408",
    name="unpinned-uv-install",
    severity=Severity.HINT,
    fix=FixKind.SOMETIMES,
    what="Finds `pip install uv`, `pipx install uv` and uv's installer without a version.",
    why="The next release of uv reaches the job at once, and a pipeline that passed yesterday "
    "fails without a change of its own. A pinned version moves when you, or a bot, move it; uv's "
    "own image saves the installation too.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: python:3.13
  before_script:
    - pip install «uv»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: python:3.13
  before_script:
    - pip install uv==0.13.9
  script:
    - uv run --locked pytest
""",
        ),
        Example(
            bad="""\
test:
  image: buildpack-deps:trixie
  before_script:
    - curl -LsSf «https://astral.sh/uv/install.sh» | env UV_UNMANAGED_INSTALL=/usr/local/bin sh
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: buildpack-deps:trixie
  before_script:
    - curl -LsSf https://astral.sh/uv/0.13.9/install.sh | env UV_UNMANAGED_INSTALL=/usr/local/bin sh
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/getting-started/installation/",
        "https://docs.astral.sh/uv/guides/integration/gitlab/#using-the-uv-image",
    ),
)
