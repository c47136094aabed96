"""What the scripts of a job put on PATH, and what its variables do."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from uvci.pipeline.expansion import Place, symbolic_text
from uvci.pipeline.model import Job, ScriptLine, Section, Variable, Variant
from uvci.pipeline.shell.commands import find_exports
from uvci.pipeline.shell.model import Export

INSTALLED = "~/.local/bin"
"""Where uv's installer puts uv since 0.5.0 (uv docs: installation)."""
FORMERLY = "~/.cargo/bin"
"""Where it put uv before."""
STANDARD = frozenset(
    {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}
)
"""What the official images have on PATH."""

_HOMES = ("${HOME}", "/root")
_OF_SHELL = frozenset({"HOME", "PATH"})


class PathChange(Struct, frozen=True):
    """A place in a script that changes PATH. `folders` are those it adds, None when unknown.

    The home folder, however spelled, reads `~`.
    """

    line: ScriptLine
    export: Export
    folders: frozenset[str] | None


class PathVariable(Struct, frozen=True, eq=False):
    """`PATH` as the pipeline's variables set it, for every shell of a job.

    `folders` are as in `PathChange`. `template` is its value, None when unknown: what only a shell
    knows stays in it as `${HOME}` and `${PATH}`, and is empty when the job runs.
    """

    variable: Variable
    folders: frozenset[str] | None
    template: str | None


def path_variable(job: Job) -> PathVariable | None:
    """How the variables of a job set PATH; None where none of them does."""
    found = [variant.variables.get("PATH") for variant in job.variants]
    variable = next((one for one in found if one is not None), None)
    if variable is None:
        return None
    templates = {_template(variant) for variant in job.variants}
    template = templates.pop() if len(templates) == 1 else None
    folders = None if template is None else _added(template)
    return PathVariable(variable, folders, template)


def _template(variant: Variant) -> str | None:
    variable = variant.variables.get("PATH")
    if variable is None or variable.raw is None or not variable.expand:
        return None
    # A value that names itself is not expanded further.
    others = {name: one for name, one in variant.variables.items() if name != "PATH"}
    other = replace(variant, variables=others)
    return symbolic_text(variable.raw, other, Place.RUNNER, _OF_SHELL)


def path_changes(job: Job, section: Section | None = None) -> tuple[PathChange, ...]:
    """The changes of the main shell, or with `Section.AFTER` those of `after_script`."""
    after = section is Section.AFTER
    return tuple(
        PathChange(line, export, _folders(line, export))
        for line in job.scripts
        if (line.section is Section.AFTER) == after and "PATH" in line.text.upper() + _sourced(line)
        for export in find_exports(line.text)
        if export.name.upper() == "PATH"
    )


def _sourced(line: ScriptLine) -> str:
    """`PATH` where a file may be sourced that sets it."""
    return "PATH" if "env" in line.text or "activate" in line.text else ""


def folders_of(changes: Iterable[PathChange]) -> frozenset[str] | None:
    """All that some changes add; None where one of them is unknown, or may not happen."""
    found: set[str] = set()
    for change in changes:
        if change.folders is None or change.export.conditional:
            return None
        found |= change.folders
    return frozenset(found)


def plain_folder(template: str) -> str:
    """A folder with the home folder as `~`.

    >>> plain_folder("${HOME}/.local/bin/")
    '~/.local/bin'
    """
    folder = template.rstrip("/")
    for home in _HOMES:
        if folder.startswith(f"{home}/"):
            return "~" + folder[len(home) :]
    return folder


def _folders(line: ScriptLine, export: Export) -> frozenset[str] | None:
    if export.template is None:
        known = ".local/bin" in export.span.of(line.text) and export.value_span is None
        return frozenset({INSTALLED}) if known else None
    return _added(export.template)


def _added(template: str) -> frozenset[str]:
    parts = (plain_folder(part) for part in template.split(":"))
    return frozenset(part for part in parts if part and part != "${PATH}")
