"""What some variables of uv mean for the jobs that see them."""

from collections.abc import Iterable

from uvci.features.markdown import codes
from uvci.pipeline.model import Job, Variant
from uvci.pipeline.scripts import uv_commands

_INSIDE = ("$CI_PROJECT_DIR", "${CI_PROJECT_DIR}")
_PROJECT_COMMANDS = ("sync", "run", "add", "remove", "lock")


def consequence(name: str, jobs: Iterable[Job]) -> str:
    """What setting `name` does in these jobs, where it is the same in all that run uv."""
    about = {"UV_LINK_MODE": _link_mode, "UV_SYSTEM_PYTHON": _system_python}.get(name)
    if about is None:
        return ""
    found = {about(job) for job in jobs if not job.hidden and uv_commands(job)}
    return found.pop() if len(found) == 1 else ""


def _link_mode(job: Job) -> str:
    """Where cache and environment lie: links cannot cross file systems (uv docs: cache)."""
    if any(_is_system_wide(job, variant) for variant in job.variants):
        return "Matters here: the environment is outside the project, so files must be copied"
    places = {_cache_place(variant) for variant in job.variants}
    if places == {"inside"}:
        return "Not needed here: cache and environment both lie in the project, where links work"
    if places == {"default"}:
        return "Matters here: uv's default cache is on another file system than the project"
    return ""


def _cache_place(variant: Variant) -> str:
    variable = variant.variables.get("UV_CACHE_DIR")
    if variable is None:
        return "default"
    raw = variable.raw
    if raw is None:
        return "unknown"
    if raw.startswith(_INSIDE) or not raw.startswith(("/", "$", "~", "..")):
        return "inside"
    return "unknown"


def _is_system_wide(job: Job, variant: Variant) -> bool:
    if "UV_PROJECT_ENVIRONMENT" in variant.variables or "UV_SYSTEM_PYTHON" in variant.variables:
        return True
    return any(call.command.flag("--system") for call in uv_commands(job))


def _system_python(job: Job) -> str:
    words = [call.command.subcommand[0] for call in uv_commands(job) if call.command.subcommand]
    project = [word for word in _PROJECT_COMMANDS if word in words]
    if not project or "pip" in words:
        return ""
    commands = codes(f"uv {word}" for word in project)
    return f"Does nothing here: {commands} always use the project's environment"
