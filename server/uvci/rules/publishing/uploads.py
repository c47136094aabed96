"""The calls of `uv publish` in a job, where they upload to, and with which credentials."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum

from uvci.pipeline.expansion import Place, symbolic_text
from uvci.pipeline.model import Job
from uvci.pipeline.shell.model import ExportKind, Flag
from uvci.rules.publishing.configured import configured, reads_settings
from uvci.rules.publishing.given import PREDEFINED
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import Absent, Setting, UvRun, uv_runs
from uvci.text.patterns import lazy_re

REGISTRY = lazy_re(
    r"(?:\$\{?CI_API_V4_URL\}?|(?:https?://\S+?|\$\{?CI_SERVER_URL\}?)/api/v4)"
    r"/(?P<scope>projects|groups)/[^/\s]+(?:/-)?/packages/pypi(?P<simple>/simple)?/?"
)
"""An address of GitLab's package registry for Python packages (GitLab docs: PyPI packages)."""
_HOST = lazy_re(r"https?://(?:[^/@\s]*@)?([^/:\s]+)", re.IGNORECASE)
CREDENTIALS: Mapping[str, tuple[str, ...]] = {
    "UV_PUBLISH_TOKEN": ("--token", "-t"),
    "UV_PUBLISH_USERNAME": ("--username", "-u"),
    "UV_PUBLISH_PASSWORD": ("--password", "-p"),
}
"""uv's variables for credentials, with the flags that give the same."""
_OF_INDEX = lazy_re(r"UV_INDEX_\w+_(?:USERNAME|PASSWORD)")


class Target(Enum):
    """Where packages go to."""

    PYPI = "PyPI"
    TEST_PYPI = "TestPyPI"
    GITLAB = "GitLab's package registry"


def publish_runs(job: Job, context: Context) -> Iterator[UvRun]:
    """Every call of `uv publish`, once for each set of variables."""
    for run in uv_runs(job, context):
        command = run.call.command
        if command.subcommand == ("publish",) and not command.flag("--help", "-h"):
            yield run


def credential_flags(run: UvRun) -> dict[str, Flag]:
    """The credentials that the call is given as flags, by the variable for the same."""
    found = {name: run.call.command.flag(*flags) for name, flags in CREDENTIALS.items()}
    return {name: flag for name, flag in found.items() if flag is not None}


def has_credentials(run: UvRun, context: Context) -> bool:
    """Whether the call has a token, user, password or keyring, or may have what is unknown."""
    if run.call.command.opaque or credential_flags(run) or _may_have_keyring(run, context):
        return True
    if any(run.setting(name) is not Absent.UNSET for name in CREDENTIALS):
        return True
    return _index_name(run) is not None and _has_of_index(run)


def _may_have_keyring(run: UvRun, context: Context) -> bool:
    if flag := run.call.command.flag("--keyring-provider"):
        return flag.value != "disabled"
    setting = run.setting("UV_KEYRING_PROVIDER")
    if setting is not Absent.UNSET:
        return setting != "disabled"
    texts = (context.files.read(name) for name in ("pyproject.toml", "uv.toml"))
    return any("keyring-provider" in (text or "") for text in texts)


def _has_of_index(run: UvRun) -> bool:
    """Whether credentials for an index are set, which newer releases upload with, too."""
    names = {*run.variant.variables, *(export.name for export in run.call.exports)}
    names |= {one.name for one in run.call.command.command.assignments}
    return any(map(_OF_INDEX.fullmatch, names))


def upload_target(run: UvRun, context: Context) -> Target | None:
    """Where the call uploads to, as far as that is one of the known places; None otherwise."""
    address = upload_address(run, context)
    match address:
        case Absent.UNSET:
            return Target.PYPI
        case Absent.UNKNOWN:
            return None
        case str():
            return _target(address)


def _target(address: str) -> Target | None:
    if REGISTRY.fullmatch(address):
        return Target.GITLAB
    host = _HOST.match(address)
    labels = host[1].lower().split(".") if host else []
    if labels[-2:-1] != ["pypi"]:
        return None
    return Target.TEST_PYPI if "test" in labels[:-2] else Target.PYPI


def upload_address(run: UvRun, context: Context) -> Setting:
    """The address that the call uploads to; unset where it is uv's own default.

    What GitLab sets is kept as `${CI_API_V4_URL}`.
    """
    command = run.call.command
    if command.opaque:
        return Absent.UNKNOWN
    if flag := command.flag("--publish-url"):
        return flag_text(flag, run) or Absent.UNKNOWN
    if name := _index_name(run):
        return _of_index(name, run, context)
    address = symbolic_setting("UV_PUBLISH_URL", run)
    return _configured(run, context) if address is Absent.UNSET else address


def configured_address(run: UvRun, context: Context) -> str | None:
    """Where the call uploads to, if that is from the project's own files and nowhere else."""
    command = run.call.command
    if command.opaque or command.flag("--publish-url"):
        return None
    if run.setting("UV_PUBLISH_URL") is not Absent.UNSET and not _index_name(run):
        return None
    address = upload_address(run, context)
    return address if isinstance(address, str) else None


def _index_name(run: UvRun) -> str | Absent | None:
    """The index that the call is told to publish to; None where it is told of none."""
    if flag := run.call.command.flag("--index"):
        return flag_text(flag, run) or Absent.UNKNOWN
    name = run.setting("UV_PUBLISH_INDEX")
    return None if name is Absent.UNSET else name


def _of_index(name: str | Absent, run: UvRun, context: Context) -> Setting:
    """Where an index of the project's files takes uploads."""
    found = configured(context) if reads_settings(run.call, run.job) else None
    index = found.index(name) if found and isinstance(name, str) else None
    address = index.get("publish-url") if index else None
    return address if isinstance(address, str) else Absent.UNKNOWN


def _configured(run: UvRun, context: Context) -> Setting:
    """Where the project's own files say that packages go; unset where they say nothing."""
    found = configured(context) if reads_settings(run.call, run.job) else None
    if found is None:
        return Absent.UNKNOWN
    return found.text("publish-url") or Absent.UNSET


def trusted_publishing(run: UvRun, context: Context) -> str | None:
    """Whether the call is told to use an ID token: `always`, `never`, or `automatic` for neither.

    None where that is not known. The project's settings may say it too.
    """
    flag = run.call.command.flag("--trusted-publishing")
    if flag is not None:
        return flag.value
    texts = (context.files.read(name) for name in ("pyproject.toml", "uv.toml"))
    if not any("trusted-publishing" in (text or "") for text in texts):
        return "automatic"
    found = configured(context) if reads_settings(run.call, run.job) else None
    return (found.text("trusted-publishing") or "automatic") if found else None


def flag_text(flag: Flag, run: UvRun) -> str | None:
    """A flag's value with the pipeline's variables put in; None where it is not known."""
    if flag.value is not None or flag.value_span is None:
        return flag.value
    typed = flag.value_span.of(run.call.line.text).strip("\"'")
    return symbolic_text(typed, run.variant, Place.SHELL, PREDEFINED)


def symbolic_setting(name: str, run: UvRun) -> Setting:
    """What a variable holds for the call, like `UvRun.setting`; GitLab's own names are kept."""
    known = run.setting(name)
    if known is not Absent.UNKNOWN:
        return known
    for assignment in reversed(run.call.command.command.assignments):
        if assignment.name == name:
            return _symbolic(assignment.template, run)
    if not run.call.command.command.is_given(name):
        return Absent.UNKNOWN
    for export in reversed(run.call.exports):
        if export.name == name:
            sure = export.kind is ExportKind.EXPORT and not export.conditional
            return _symbolic(export.template if sure else None, run)
    if name not in run.variant.variables:
        return Absent.UNKNOWN
    text = symbolic_text(f"${{{name}}}", run.variant, Place.RUNNER, PREDEFINED)
    return Absent.UNKNOWN if text is None else text


def _symbolic(template: str | None, run: UvRun) -> Setting:
    text = template and symbolic_text(template, run.variant, Place.SHELL, PREDEFINED)
    return text or Absent.UNKNOWN
