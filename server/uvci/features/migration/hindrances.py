"""What makes a migration the author's work: settings and commands whose effect cannot be seen."""

import re
from collections.abc import Iterator

from uvci.features.migration.calls import tool_calls
from uvci.features.migration.model import Refusal, Tool, ToolCall
from uvci.pipeline.model import ImageUse, Job, ScriptLine, Variant
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.pipeline.values import Link, LinkKind, Origin
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import may_run_anything
from uvci.text.patterns import lazy_re

PROJECT_TOOLS = frozenset({Tool.POETRY, Tool.PIPENV})
"""The tools that install a project from its own lock file."""

_PIP_OPTIONS = frozenset(
    {
        *("CONFIG_FILE", "INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "NO_INDEX", "TRUSTED_HOST"),
        *("PRE", "NO_DEPS", "UPGRADE", "UPGRADE_STRATEGY", "PREFER_BINARY", "ONLY_BINARY"),
        *("NO_BINARY", "CONSTRAINT", "BUILD_CONSTRAINT", "REQUIREMENT", "GROUP", "EDITABLE"),
        *("TARGET", "PREFIX", "ROOT", "USER", "SRC", "PYTHON", "PLATFORM", "REQUIRE_VIRTUALENV"),
        *("REQUIRE_HASHES", "NO_BUILD_ISOLATION", "USE_PEP517", "NO_USE_PEP517", "CERT", "PROXY"),
        *("FORCE_REINSTALL", "IGNORE_INSTALLED", "IGNORE_REQUIRES_PYTHON", "KEYRING_PROVIDER"),
    }
)
"""The options that change what pip installs, as its variables spell them."""
_PROJECT_OPTIONS = lazy_re(
    r"POETRY_(?:HTTP_BASIC|PYPI_TOKEN|REPOSITORIES|CERTIFICATES|SOURCE|INSTALLER_(?:NO_BINARY|ONLY))"
    r"\w*|PIPENV_(?:PYPI_MIRROR|PIPFILE|SYSTEM|SITE_PACKAGES|CUSTOM_VENV_NAME)"
)
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
    link = brought_by(foreign.line.plain.origin)
    calls_it = f"Its `{foreign.line.section.value}` calls {foreign.tool.value} and"
    if link is not None and link.kind in (LinkKind.DEFAULT, LinkKind.ROOT):
        where = "of `default`" if link.kind is LinkKind.DEFAULT else "at the pipeline's root"
        return Refusal(
            f"{calls_it} is the one {where}: give the jobs that need it their own first."
        )
    name = link.name if link else foreign.line.plain.origin.path
    return Refusal(f"{calls_it} comes from `{name}`: migrate that first.")


def brought_by(origin: Origin) -> Link | None:
    """The way that a value of a job came from elsewhere in the files."""
    links = (link for link in origin.chain if link.kind is not LinkKind.INCLUDE)
    return next(links, None)


def _variables(job: Job) -> Refusal | None:
    """Whether a variable of the job, set in the pipeline or its scripts, is none of uv's."""
    names = dict.fromkeys(name for variant in job.variants for name in variant.variables)
    exports = [export.name for line in job.scripts for export in find_exports(line.text)]
    for name in (*names, *exports):
        if steers(name):
            return Refusal(f"`{name}` is set, which uv does not read: give uv the same first.")
    if "VIRTUAL_ENV" in names:
        return Refusal("`VIRTUAL_ENV` is set: which environment is meant cannot be told.")
    if "POETRY_VIRTUALENVS_CREATE" in exports or any(map(_makes_none, job.variants)):
        return Refusal(
            "`POETRY_VIRTUALENVS_CREATE` may install into the image's Python, uv does into .venv."
        )
    return None


def steers(name: str) -> bool:
    """Whether a variable changes what pip, poetry or pipenv install."""
    is_pip = name.startswith("PIP_") and name.removeprefix("PIP_") in _PIP_OPTIONS
    return is_pip or _PROJECT_OPTIONS.fullmatch(name) is not None


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
    job: Job, calls: tuple[ToolCall, ...], heirs: tuple[str, ...], context: Context
) -> Refusal | None:
    """Whether the lines of a job mean something else in one that extends it."""
    gone = sorted({call.tool.value for call in calls if call.tool in PROJECT_TOOLS})
    for name in heirs:
        heir = context.pipeline.job(name)
        if heir is None:
            continue
        found = _otherwise(job, heir, calls)
        if found or (found := _variables(heir)):
            return Refusal(f"`{name}` extends it. {found.why}")
        for line in heir.scripts if gone else ():
            if not _is_shared(line, calls) and any(tool in line.text for tool in gone):
                return Refusal(f"`{name}` extends it and calls {gone[0]} too.")
    return None


def _otherwise(job: Job, heir: Job, calls: tuple[ToolCall, ...]) -> Refusal | None:
    """Whether the same calls run in another image or environment there."""
    known = {(id(call.line.plain.origin.node), call.head): call for call in calls}
    shared = [
        (call, known[key])
        for call in tool_calls(heir)
        if (key := (id(call.line.plain.origin.node), call.head)) in known
    ]
    if shared and _image_node(job) is not _image_node(heir):
        return Refusal("It runs in another image.")
    for there, here in shared:
        if (there.active, there.folder) != (here.active, here.folder):
            return Refusal(f"`{here.text}` runs in another environment or folder there.")
    return None


def _image_node(job: Job) -> object:
    return job.image.name.origin.node if isinstance(job.image, ImageUse) else None


def _is_shared(line: ScriptLine, calls: tuple[ToolCall, ...]) -> bool:
    node = line.plain.origin.node
    return any(call.line.plain.origin.node is node for call in calls)
