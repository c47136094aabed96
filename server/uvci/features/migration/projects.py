"""What poetry and pipenv do with a project, in uv's words.

uv reads `[project]` and uv.lock. Where a project still is poetry's or pipenv's own, nothing here
holds, and the reason is said. Sources: the documentation of poetry's, pipenv's and uv's commands.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from uvci.features.migration.groups import Wanted, groups_of, sync_options
from uvci.features.migration.model import (
    Active,
    Leave,
    Outcome,
    Refusal,
    Rewrite,
    Tool,
    ToolCall,
    dropped,
)
from uvci.features.migration.pip import Around, pip_outcome
from uvci.pipeline.python_project import Pyproject, PythonProject, read_project
from uvci.pipeline.shell.model import Word, program_name
from uvci.pipeline.sources import Files
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_QUIET = frozenset(
    {
        *("-n", "--no-interaction", "--no-ansi", "--ansi", "--no-cache", "--no-plugins"),
        *("-v", "-vv", "-vvv"),
    }
)
_LOCKING = frozenset(["--deploy", "--ignore-pipfile", "--sync", "--verbose", "-v", "--clear"])
_RUNNERS = frozenset(
    {
        *("make", "just", "task", "bash", "sh", "poe", "invoke", "inv", "nox", "tox", "doit"),
        *("poetry", "pipenv"),
    }
)
_BUILDING = frozenset({"build", "publish", "config", "--version", "-V"})
"""What of poetry works without a lock, and for projects of its own too: they name their backend."""
_UNPACKAGED = lazy_re(r"^\s*package-mode\s*=\s*false", re.MULTILINE)
_PATH = lazy_re(r"(?:\$\(|`)\s*\Z"), lazy_re(r"\s*(?:\)|`)")


def project_at(call: ToolCall, files: Files) -> PythonProject | Refusal:
    """The project that a call works on, where it is one that uv can install from its lock."""
    name = call.tool.value
    if call.folder is None or call.folder.startswith(("/", "~", "$")):
        return Refusal(f"`{name}` runs in a folder that only the job knows.")
    folder = "" if call.folder == "." else f"{call.folder}/"
    project = read_project(files, folder)
    verb = call.words[0].value if call.words else None
    if verb in _BUILDING and project.pyproject.build_backend:
        return project
    if not project.pyproject.has_project:
        return Refusal(
            f"`{folder}pyproject.toml` has no `[project]` table: move the project from {name} "
            "first, then `uv lock`."
        )
    if not project.has_lock:
        return Refusal(
            f"There is no `{folder}uv.lock`, so uv would install other versions than {name} does: "
            "`uv lock` makes it."
        )
    return project


def project_outcome(
    call: ToolCall, project: PythonProject, files: Files, *, fresh: bool
) -> Outcome:
    """What becomes of a call of poetry or pipenv in such a project.

    `fresh`: nothing is in the environment yet that an exact `uv sync` would take out again.
    """
    while call.words and call.words[0].value in _QUIET:
        call = replace(call, words=call.words[1:])
    words = [word.value or "" for word in call.words]
    match call.tool, words[:1]:
        case (_, ["run"]):
            return _run(call, files)
        case (Tool.POETRY, ["install" | "sync"]):
            return _sync(
                call, _poetry_wanted(call.words[1:], project.pyproject), project, fresh=fresh
            )
        case (Tool.PIPENV, ["install" | "sync"]):
            return _sync(call, _pipenv_wanted(call, project.pyproject, files), project, fresh=fresh)
        case (Tool.POETRY, _):
            return _other(call, words)
        case (_, ["verify"]) if len(words) == 1:
            return _whole(call, "uv lock --check")
        case _:
            return _unknown(call)


def _unknown(call: ToolCall) -> Refusal:
    return Refusal(f"uv has no exact counterpart of `{call.text}`.")


def _whole(call: ToolCall, text: str) -> Rewrite:
    return Rewrite(call.line, ((Span(call.head.start, call.end), text),))


def _sync(
    call: ToolCall, wanted: Wanted | Word | None, project: PythonProject, *, fresh: bool
) -> Outcome:
    if wanted is None:
        return _unknown(call)
    if isinstance(wanted, Word):
        return Refusal(f"`{wanted.raw}` of `{call.text}` has no exact counterpart in `uv sync`.")
    if call.active is not Active.NO and call.environment.rpartition("/")[2] != ".venv":
        return Refusal(f"`{call.text}` installs into the active environment, and uv into .venv.")
    if wanted.unknown:
        return Refusal(f"pyproject.toml has no dependency group `{wanted.unknown}`.")
    missing = [name for name in wanted.extras if name not in project.pyproject.extras]
    if missing:
        return Refusal(f"pyproject.toml has no extra `{missing[0]}`.")
    if call.tool is Tool.POETRY and wanted.project and wanted.main and _is_virtual(project):
        return Refusal("uv does not install a project without `[build-system]`, poetry does.")
    options = sync_options(wanted, project.pyproject)
    words = {word.value for word in call.words}
    exact = call.tool is Tool.POETRY and words & {"sync", "--sync"}
    inexact = "" if fresh or exact else " --inexact"
    return _whole(call, f"uv sync --locked{inexact}{options}")


def _is_virtual(project: PythonProject) -> bool:
    """Whether poetry installs the project itself, and uv does not."""
    pyproject = project.pyproject
    is_package = pyproject.uv.get(
        "package", bool(pyproject.build_backend or pyproject.build_requires)
    )
    return not is_package and not _UNPACKAGED.search(project.pyproject_text or "")


def _poetry_wanted(words: Sequence[Word], pyproject: Pyproject) -> Wanted | Word | None:
    """What `poetry install` with these options installs; the first option it cannot tell of."""
    given: dict[str, set[str]] = {option: set() for option in _POETRY_VALUED}
    for option, value, word in _parsed(words, _POETRY_VALUED):
        if option in _POETRY_VALUED:
            if not value:
                return word
            given[option] |= {name for name in re.split(r"[,\s]+", value) if name}
        elif option in _POETRY_SWITCHES:
            given.setdefault(option, set())
        elif option not in _QUIET:
            return word
    only = given["--only"] | ({"main"} if "--no-dev" in given else set())
    known = groups_of(pyproject)
    groups = set(only or known | given["--with"]) - given["--without"] - {"main"}
    if only and not groups and "main" not in only:
        return None
    return Wanted(
        groups,
        main=not only or "main" in only,
        project="--no-root" not in given,
        all_extras="--all-extras" in given,
        extras=sorted(given["--extras"] | given["-E"]),
        unknown=next(iter(sorted((groups | given["--without"]) - known - {"main"})), ""),
    )


_POETRY_SWITCHES = frozenset({"--no-dev", "--no-root", "--all-extras", "--sync", "-q", "--quiet"})
_POETRY_VALUED = frozenset({"--with", "--without", "--only", "--extras", "-E"})


def _parsed(
    words: Sequence[Word], valued: frozenset[str]
) -> Iterator[tuple[str, str | None, Word]]:
    """The options with their values, None where the value is missing or unknown."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, glued, value = (word.value or "").partition("=")
        if glued:
            yield name, value, word
        elif name in valued:
            yield name, waiting.pop(0).value if waiting else None, word
        else:
            yield name, None, word


def _pipenv_wanted(call: ToolCall, pyproject: Pyproject, files: Files) -> Wanted | Word | None:
    """What `pipenv install` or `sync` installs from its lock: never a package named there."""
    wanted = Wanted(set())
    for word in call.words[1:]:
        if word.value in ("--dev", "-d"):
            wanted.groups = {"dev"}
            wanted.unknown = "" if "dev" in groups_of(pyproject) else "dev"
        elif word.value not in _LOCKING:
            return word
    pipfile = files.read("Pipfile" if call.folder == "." else f"{call.folder}/Pipfile") or ""
    is_package = bool(pyproject.build_backend or pyproject.build_requires)
    wanted.project = not is_package or re.search(r"path\s*=\s*[\"']\.", pipfile) is not None
    return wanted


def _run(call: ToolCall, files: Files) -> Outcome:
    words = call.words[1:]
    first = words[0].value if words else None
    if first is None or first.startswith("-") or first.endswith(".py"):
        return _unknown(call)
    head = Span(call.head.start, call.words[0].span.end)
    name = program_name(first)
    is_pip = [word.value for word in words[:3]][1:] == ["-m", "pip"] or name.startswith("pip")
    if is_pip:
        return _pip_run(call, words)
    if name in _RUNNERS or "/" in first:
        return Refusal(f"`{first}` may call {call.tool.value} in its turn.")
    if call.tool is Tool.PIPENV and _is_alias(first, call, files):
        return Refusal(f"`{first}` is a script of the Pipfile, and uv runs programs only.")
    return Rewrite(call.line, ((head, "uv run --no-sync"),))


def _pip_run(call: ToolCall, words: Sequence[Word]) -> Outcome:
    """Pip inside the project's environment, which uv makes without pip."""
    at = 1 if program_name(words[0].value or "").startswith("pip") else 3
    inner = replace(
        call,
        tool=Tool.PIP,
        head=Span(call.head.start, words[at - 1].span.end),
        words=tuple(words[at:]),
        python=".venv",
    )
    found = pip_outcome(inner, Around())
    return Refusal(f"`{call.text}`: {found.why}.") if isinstance(found, Leave) else found


def _is_alias(name: str, call: ToolCall, files: Files) -> bool:
    pipfile = files.read("Pipfile" if call.folder == "." else f"{call.folder}/Pipfile") or ""
    scripts = pipfile.partition("[scripts]")[2].partition("\n[")[0]
    return re.search(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*=", scripts, re.MULTILINE) is not None


def _other(call: ToolCall, words: Sequence[str]) -> Outcome:
    """What becomes of any other call of poetry."""
    match list(words):
        case ["config", "virtualenvs.create", *_]:
            return Refusal(
                "`virtualenvs.create` installs into the image's Python, and `uv sync` into .venv."
            )
        case ["config", "virtualenvs.in-project" | "cache-dir" | "installer.parallel", *_]:
            return dropped(call, "uv keeps its environment in .venv, and its cache apart")
        case ["config", "--list"] | ["env", "info"]:
            return dropped(call, "it only shows poetry's settings")
        case ["--version" | "-V"]:
            return _whole(call, "uv --version")
        case ["check", "--lock"] | ["lock", "--check"]:
            return _whole(call, "uv lock --check")
        case ["build"]:
            return _whole(call, "uv build")
        case ["build", "-f" | "--format", "wheel" | "sdist" as kind]:
            return _whole(call, f"uv build --{kind}")
        case ["env", "info", "--path" | "-p"]:
            return _environment(call)
        case _:
            return _unknown(call)


def _environment(call: ToolCall) -> Outcome:
    """The path of the environment, where it is put into another command."""
    text = call.line.text
    opening = _PATH[0].search(text[: call.command.span.start])
    closing = _PATH[1].match(text, call.command.span.end)
    if opening is None or closing is None:
        return _unknown(call)
    folder = "" if call.folder == "." else f"/{call.folder}"
    path = f"$CI_PROJECT_DIR{folder}/.venv"
    return Rewrite(call.line, ((Span(opening.start(), closing.end()), path),))
