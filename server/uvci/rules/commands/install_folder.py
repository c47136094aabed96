"""Where the installation of uv in a job puts it."""

from itertools import pairwise

from msgspec import Struct

from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Job, Section
from uvci.pipeline.scripts import JobInstall, uv_installs
from uvci.pipeline.shell.model import Condition, InstallMethod
from uvci.rules.commands.path_changes import INSTALLED, plain_folder
from uvci.rules.commands.uv_installs import is_for_windows
from uvci.rules.images.official import official_images
from uvci.rules.images.uses import uv_images_of

_SINCE = UvVersion(0, 5, 0)
_ELSEWHERE = ("XDG_BIN_HOME", "XDG_DATA_HOME", "BASH_ENV", "ENV")


class Installed(Struct, frozen=True, eq=False):
    """The only command of a job that brings uv. `folder` is where to, the home folder as `~`."""

    found: JobInstall
    folder: str


def only_install(job: Job) -> Installed | None:
    """The installation that surely is where the job's uv comes from, in a folder of its own.

    None where that is unknown, and where pip puts uv beside the image's own Python.
    """
    found = _installer(job) if uv_installs(job) and _is_known(job) else None
    folder = _folder(found, job) if found else None
    return Installed(found, folder) if found and folder else None


def _is_known(job: Job) -> bool:
    """Whether nothing but the scripts says where uv is put."""
    if not job.complete or not all(variant.closed for variant in job.variants):
        return False
    if any(name in variant.variables for variant in job.variants for name in _ELSEWHERE):
        return False
    if any(True for _ in uv_images_of(job)) or is_for_windows(job):
        return False
    return not any(
        "XDG_" in line.text and "XDG_BIN_HOME:-" not in line.text for line in job.scripts
    )


def _installer(job: Job) -> JobInstall | None:
    """The installer or pip, where it surely is what brings uv, and all that does."""
    installs = uv_installs(job)
    first = installs[0]
    command = first.install.command
    if len(installs) > 1 or command.condition is Condition.MAYBE or command.tested:
        return None
    in_function = command.function is not None
    return None if in_function or first.line.section is Section.AFTER else first


def _folder(found: JobInstall, job: Job) -> str | None:
    """Where it puts uv, the home folder as `~`; None when unknown, or in the image's own Python."""
    install = found.install
    if install.method is InstallMethod.PIP and install.directory is None and official_images(job):
        return _activated(found)
    version = UvVersion.parse(install.version or "")
    if install.method is not InstallMethod.INSTALLER:
        return None
    if install.pinned and (version is None or version < _SINCE):
        return None
    return INSTALLED if install.directory is None else plain_folder(install.directory)


def _activated(found: JobInstall) -> str | None:
    """The folder of programs of the environment that was activated last before, if any."""
    exports = found.state.exports + found.install.command.exports
    changes = [(before, export) for before, export in pairwise(exports) if export.name == "PATH"]
    if not changes or changes[-1][0].name != "VIRTUAL_ENV" or changes[-1][1].template is None:
        return None
    return plain_folder(changes[-1][1].template.partition(":")[0])
