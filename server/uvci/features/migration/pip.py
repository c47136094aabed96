"""What pip and pip-tools do, in uv's words; only what surely does the same.

Source: uv's documentation on compatibility with pip, and both tools' own `--help`.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

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
from uvci.pipeline.shell.model import Word
from uvci.pipeline.sources import Files
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_SAME = frozenset(
    {
        *("--no-deps", "--upgrade", "-U", "--quiet", "-q", "--verbose", "-v", "--pre"),
        *("--no-build-isolation", "--require-hashes", "--dry-run", "--no-index"),
        "--break-system-packages",
    }
)
_FILES = frozenset({"-r", "--requirement", "-c", "--constraint", "-e", "--editable", "--group"})
_INDEXES = frozenset({"-i", "--index-url", "-f", "--find-links"})
_SAME_VALUED = _FILES | _INDEXES
_RENAMED = {"--force-reinstall": "--reinstall"}
_DROPPED = frozenset(
    ["--no-cache-dir", "--disable-pip-version-check", "--no-warn-script-location", "--no-input"]
)
_DROPPED_VALUED = frozenset({"--root-user-action", "--progress-bar"})
_GLUED = lazy_re(r"-[rceif][^-].*", re.DOTALL)
_PLAIN = {("freeze",), ("list",), ("check",)}
_VCS = lazy_re(r"(?:git|hg|svn|bzr)\+")
_NAME = lazy_re(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_STRANGE = lazy_re(
    r"^\s*--(?:extra-index-url|trusted-host|use-feature|prefer-binary|no-binary|only-binary)",
    re.MULTILINE,
)
_TOX_WITH_PIP = lazy_re(
    r"install_command|pip_pre|constrain_package_deps|use_frozen_constraints|sitepackages"
    r"|system_site_packages|alwayscopy|always_copy|virtualenv"
)
_TOX = lazy_re(r"tox|([\"'])tox>=4[0-9.]*\1")
"""The releases of tox that its plug-in for uv is for."""
_UNCLEAR = "it may run in an environment that the script chooses"


class Around(Struct, frozen=True):
    """What the rest of a job and of the repository does with pip.

    `needs_pip`: something may still call it. `compiles`: `pip-compile` does. `own_tox`: tox is set
    up in a way that its plug-in for uv does not follow.
    """

    needs_pip: bool = False
    compiles: bool = False
    own_tox: bool = False


def around(calls: Sequence[ToolCall], files: Files, *, needs_pip: bool) -> Around:
    """What is around the calls of a job."""
    settings = (files.read(name) or "" for name in ("tox.ini", "tox.toml", "setup.cfg"))
    pyproject = (files.read("pyproject.toml") or "").partition("[tool.tox")[2]
    return Around(
        needs_pip,
        any(call.tool is Tool.PIP_COMPILE for call in calls),
        any(_TOX_WITH_PIP.search(text) for text in (*settings, pyproject)),
    )


def pip_outcome(call: ToolCall, beside: Around) -> Outcome:
    """What becomes of a call of pip."""
    words = [word.value for word in call.words]
    if words[:1] == ["config"]:
        return Refusal("`pip config` sets what uv does not read.")
    if words[:1] not in (["install"], ["uninstall"]) and tuple(words) not in _PLAIN:
        return Leave(
            call.text, f"uv has no exact counterpart of `pip {' '.join(filter(None, words))}`"
        )
    where = _where(call)
    if where is None:
        return Leave(call.text, _UNCLEAR)
    if tuple(words) in _PLAIN and _is_read(call):
        return Leave(call.text, "uv may print it in another form")
    if words[:1] == ["install"]:
        return _install(call, where, beside)
    if words[:1] == ["uninstall"] and not {"-y", "--yes"} & set(words):
        return Leave(call.text, "it asks before it removes anything")
    unasked = [_without(call, word) for word in call.words if word.value in ("-y", "--yes")]
    head = Span(call.head.start, call.words[0].span.end)
    verb = call.words[0].raw
    pieces = ((head, f"uv pip {verb}{where}"), *filter(None, unasked))
    return Rewrite(call.line, pieces, into_image=_is_outside(where))


def _is_read(call: ToolCall) -> bool:
    """Whether something may read what a call prints."""
    text, command = call.line.text, call.command
    redirected = text[call.end : command.span.end].strip()
    substituted = text[: command.span.start].rstrip().endswith(("$(", "`", "<("))
    return bool(redirected) or command.in_pipeline or substituted


def sync_outcome(call: ToolCall, beside: Around) -> Outcome:
    """What becomes of a call of `pip-sync`."""
    if beside.compiles:
        return Leave(call.text, "`uv pip sync` removes pip-tools too, which `pip-compile` needs")
    where = _where(call)
    if where is None:
        return Leave(call.text, _UNCLEAR)
    if not call.words or any((word.value or "-").startswith("-") for word in call.words):
        return Leave(call.text, "its options mean other things to `uv pip sync`")
    return Rewrite(call.line, ((call.head, f"uv pip sync{where}"),), into_image=bool(where))


def _where(call: ToolCall) -> str | None:
    """The option that says where to install, as pip would; None where that cannot be told."""
    if call.python:
        return f" --python {call.python}" if not re.search(r"[\"'\s]", call.python) else None
    match call.active:
        case Active.YES:
            return ""
        case Active.NO:
            return " --system"
        case _:
            return None


def _is_outside(where: str) -> bool:
    """Whether it installs outside of the project, where files of its cache cannot be linked."""
    return where.startswith((" --system", " --python /"))


def _install(call: ToolCall, where: str, beside: Around) -> Outcome:
    verb, *arguments = call.words
    options = list(_options(arguments))
    for option, words in options:
        if why := _trouble(option, words):
            return Leave(call.text, why)
    if installs_only(call, "pip") and not beside.needs_pip:
        return dropped(call, "uv does not use pip")
    pieces = [piece for option, words in options for piece in _pieces(call, option, words, beside)]
    if None in pieces:
        return Leave(call.text, "it is written over several lines in a way that cannot be kept")
    head = (Span(call.head.start, verb.span.end), f"uv pip install{where}")
    kept = (head, *(piece for piece in pieces if piece is not None))
    return Rewrite(call.line, kept, into_image=_is_outside(where))


def requirements_trouble(call: ToolCall, files: Files) -> str:
    """Why a requirements file that a call reads may mean something else to uv; else empty."""
    for option, words in _options(call.words):
        if option not in ("-r", "--requirement", "-c", "--constraint") or not words[-1].value:
            continue
        name = posixpath.normpath(posixpath.join(call.folder or ".", words[-1].value))
        if found := _STRANGE.search(files.read(name) or ""):
            return f"`{found[0].strip()}` in `{name}` is not the same to uv"
    return ""


def _options(arguments: Sequence[Word]) -> Iterator[tuple[str, list[Word]]]:
    """The arguments with their values: the option's name, empty for a package."""
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        text = word.value if word.value is not None else word.prefix
        if not text.startswith("-"):
            yield "", [word]
        elif text in _SAME_VALUED | _DROPPED_VALUED and waiting:
            yield text, [word, waiting.pop(0)]
        else:
            yield text.partition("=")[0] if text.startswith("--") else text, [word]


def _trouble(option: str, words: Sequence[Word]) -> str:
    """Why an argument may mean something else to uv; empty where it does not."""
    value = words[-1]
    text = value.value if value.value is not None else value.prefix
    if not option:
        return f"`{value.raw}` may hold options" if value.splits and not text else ""
    if option in ("-e", "--editable") or option.startswith("-e"):
        return "uv has no editable installs from version control" if _VCS.search(text) else ""
    if option in _SAME | _SAME_VALUED | _DROPPED | _DROPPED_VALUED or option in _RENAMED:
        return ""
    if _GLUED.fullmatch(option) or re.fullmatch(r"-[qv]+", option):
        return ""
    if option in ("--no-binary", "--only-binary") and text.endswith("=:all:"):
        return ""
    if option == "--extra-index-url":
        return "uv takes a package from the first index that has it, pip the best of all"
    return f"uv's `{option}` is not the same"


def _pieces(
    call: ToolCall, option: str, words: Sequence[Word], beside: Around
) -> Iterator[tuple[Span, str] | None]:
    """The changes of one argument; None for one that cannot be made."""
    if option in _DROPPED | _DROPPED_VALUED:
        for word in words:
            yield _without(call, word)
    elif option in _RENAMED:
        yield words[0].span, _RENAMED[option]
    elif not option and _name(words[0]) == "uv":
        yield _without(call, words[0])
    elif not option and _TOX.fullmatch(words[0].raw) and not beside.own_tox:
        yield words[0].span, f"{words[0].raw} tox-uv"


def _without(call: ToolCall, word: Word) -> tuple[Span, str] | None:
    """The piece that takes a word out with the blanks before it."""
    text = call.line.text
    start = len(text[: word.span.start].rstrip(" \t"))
    return None if text[:start].endswith(("\n", "\\")) else (Span(start, word.span.end), "")


def installs_only(call: ToolCall, *names: str) -> bool:
    """Whether a `pip install` asks for the newest of one of these packages and nothing else."""
    if not package_names(call):
        return False
    return all(
        words[0].value in names if not option else not _names_more(option)
        for option, words in _options(call.words[1:])
    )


def _names_more(option: str) -> bool:
    """Whether an option names more that is installed."""
    return option in _FILES or _GLUED.fullmatch(option) is not None


def package_names(call: ToolCall) -> tuple[str, ...]:
    """The names of the packages that a `pip install` asks for, those of files left out."""
    if not call.words or call.words[0].value != "install":
        return ()
    names = (_name(words[0]) for option, words in _options(call.words[1:]) if not option)
    return tuple(name for name in names if name)


def asked_uv(call: ToolCall) -> tuple[Word, ...]:
    """The requirements of uv itself among the packages that a call asks for."""
    if not call.words or call.words[0].value != "install":
        return ()
    found = (words[0] for option, words in _options(call.words[1:]) if not option)
    return tuple(word for word in found if _name(word) == "uv")


def names_files(call: ToolCall) -> bool:
    """Whether a call also installs what files or folders say."""
    return any(_names_more(option) for option, _ in _options(call.words[1:]) if option)


def _name(word: Word) -> str:
    """The name that a package's requirement begins with."""
    found = _NAME.match(word.value if word.value is not None else word.prefix)
    return found[0].lower() if found else ""
