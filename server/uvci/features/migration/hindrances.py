"""What makes a migration the author's work: settings and commands whose effect cannot be seen."""

import re
from collections.abc import Iterator

from uvci.features.migration.model import Refusal, Tool, ToolCall
from uvci.pipeline.model import Job, ScriptLine, Variant
from uvci.pipeline.shell.commands import find_commands
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import may_run_anything
from uvci.text.patterns import lazy_re

PROJECT_TOOLS = frozenset({Tool.POETRY, Tool.PIPENV})
"""The tools that install a project from its own lock file."""

_STEERING = {
    "PIP_CONFIG_FILE": "`PIP_CONFIG_FILE` names settings that uv does not read.",
    "PIP_EXTRA_INDEX_URL": "`PIP_EXTRA_INDEX_URL` is set: uv takes a package from the first index "
    "that has it, pip the best of all.",
    "PIP_INDEX_URL": "`PIP_INDEX_URL` is set, which uv does not read: set `UV_DEFAULT_INDEX` to "
    "the same and remove it first.",
    "PIP_NO_BINARY": "`PIP_NO_BINARY` is set, which uv does not read.",
    "PIP_CONSTRAINT": "`PIP_CONSTRAINT` is set, which uv does not read.",
    "PIP_FIND_LINKS": "`PIP_FIND_LINKS` is set, which uv does not read.",
    "PIP_USER": "`PIP_USER` is set, and uv installs into no user's folder.",
    "PIP_TARGET": "`PIP_TARGET` is set, which uv does not read.",
    "VIRTUAL_ENV": "`VIRTUAL_ENV` is set: which environment is meant cannot be told.",
}
_NOT_FOR_PIP = frozenset(
    {
        *("required-version", "dev-dependencies", "default-groups", "package", "managed"),
        *("cache-keys", "cache-dir", "workspace", "build-backend", "publish-url"),
    }
)
"""The tables and keys below `[tool.uv]` that do not change what `uv pip` installs."""
_SETTING = lazy_re(r"^\s*(?!required-version)[\w\[]", re.MULTILINE)


def hindrance(job: Job, calls: tuple[ToolCall, ...], context: Context) -> Refusal | None:
    """What makes the whole job a case for its author."""
    if not job.complete:
        return Refusal("It extends what cannot be read here.")
    return _elsewhere(calls) or _variables(job) or _settings(calls, context)


def _elsewhere(calls: tuple[ToolCall, ...]) -> Refusal | None:
    """Whether what installs comes from a template: then that is to be migrated."""
    foreign = next((call for call in calls if not call.own), None)
    is_project = any(call.tool in PROJECT_TOOLS for call in calls)
    if foreign is None or (any(call.own for call in calls) and not is_project):
        return None
    link = foreign.line.plain.origin.chain[0]
    return Refusal(
        f"Its `{foreign.line.section.value}` calls {foreign.tool.value} and comes from "
        f"`{link.name}`: migrate that first."
    )


def _variables(job: Job) -> Refusal | None:
    for variant in job.variants:
        for name, why in _STEERING.items():
            if name in variant.variables:
                return Refusal(why)
        if _makes_none(variant):
            return Refusal(
                "`POETRY_VIRTUALENVS_CREATE` may install into the image's Python, uv does into "
                ".venv."
            )
    return None


def _makes_none(variant: Variant) -> bool:
    """Whether poetry makes no environment, or may make none."""
    known = variant.variables.get("POETRY_VIRTUALENVS_CREATE")
    return known is not None and (known.raw or "").lower() not in ("1", "true")


def _settings(calls: tuple[ToolCall, ...], context: Context) -> Refusal | None:
    """Whether the project has settings for uv, which pip does not follow."""
    if all(call.tool in PROJECT_TOOLS for call in calls):
        return None
    theirs = sorted(set(context.project.pyproject.uv) - _NOT_FOR_PIP)
    if theirs:
        return Refusal(f"pyproject.toml sets `tool.uv.{theirs[0]}`, which pip does not follow.")
    if _SETTING.search(context.files.read("uv.toml") or ""):
        return Refusal("uv.toml has settings, which pip does not follow.")
    return None


def unseen(
    job: Job, calls: tuple[ToolCall, ...], manager: Tool, context: Context
) -> Iterator[Refusal]:
    """The commands of a job that may call its package manager where nobody sees it."""
    known = {id(call.command) for call in calls}
    for line in job.scripts:
        for command in find_commands(line.text):
            first = command.words[0].raw if command.words else ""
            harmless = command.name in ("source", ".") or id(command) in known
            if may_run_anything(command) and not harmless:
                yield Refusal(f"`{first}` may call {manager.value} in its turn.")
            if "pre-commit" in (command.name, *(word.value for word in command.words)):
                hooks = context.files.read(".pre-commit-config.yaml") or ""
                if manager.value in hooks:
                    yield Refusal(f"A hook of pre-commit calls {manager.value}.")


def heirs_refusal(
    calls: tuple[ToolCall, ...], heirs: tuple[str, ...], context: Context
) -> Refusal | None:
    """Whether jobs that extend this one call what would not be there any more."""
    gone = sorted({call.tool.value for call in calls if call.tool in PROJECT_TOOLS})
    for name in heirs if gone else ():
        heir = context.pipeline.job(name)
        for line in heir.scripts if heir else ():
            if not _is_shared(line, calls) and any(tool in line.text for tool in gone):
                return Refusal(f"`{name}` extends it and calls {gone[0]} too.")
    return None


def _is_shared(line: ScriptLine, calls: tuple[ToolCall, ...]) -> bool:
    node = line.plain.origin.node
    return any(call.line.plain.origin.node is node for call in calls)
