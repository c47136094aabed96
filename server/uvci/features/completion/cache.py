"""Caches: keys, key files and paths that make sense for uv."""

from collections.abc import Iterator

from uvci.features.completion.place import Place
from uvci.features.context import context_of
from uvci.features.view import CompletionItem, ItemKind
from uvci.rules.cache.lock_files import lock_files
from uvci.syntax.tree import Style
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_LOCKS = ("uv.lock", "pylock.toml", "pyproject.toml", "requirements.txt")
_KEYS = (
    ("$CI_COMMIT_REF_SLUG", "one cache for each branch"),
    ("$CI_JOB_NAME_SLUG", "one cache for each job"),
    ("uv-$CI_COMMIT_REF_SLUG", "uv's cache, one for each branch"),
    ("$CI_PROJECT_PATH_SLUG", "one cache for the project"),
)
_PREFIXES = (("$CI_JOB_NAME_SLUG", "one cache for each job"), ("$CI_JOB_IMAGE", "for each image"))
_MOST = 30


def cache_key_items(place: Place) -> Iterator[CompletionItem]:
    """A key that follows the lock file, then keys made of text."""
    files = key_files(place)
    is_free = place.slot.style is Style.PLAIN and place.slot.whole
    if is_free and not place.slot.typed and place.below[-1] == "key" and files:
        yield _files_key(place, files[0])
    for key, detail in _KEYS:
        yield place.slot.item(key, ItemKind.VALUE, detail=detail)
    for variable in ("PYTHON_VERSION", "UV_VERSION"):
        if place.job and any(variable in each.variables for each in place.job.variants):
            yield place.slot.item(f"uv-${variable}", ItemKind.VALUE)


def key_prefix_items(place: Place) -> Iterator[CompletionItem]:
    """What stands before the hash of the key files."""
    for prefix, detail in _PREFIXES:
        yield place.slot.item(prefix, ItemKind.VALUE, detail=detail)


def key_file_items(place: Place) -> Iterator[CompletionItem]:
    """Files whose content decides the key: lock files first, only files that exist."""
    for path in key_files(place):
        if path not in place.siblings:
            yield place.list_slot.item(path, ItemKind.FILE)


def cache_path_items(place: Place) -> Iterator[CompletionItem]:
    """What to cache: uv's cache as the job sets it, the folder itself where nothing does."""
    variants = place.job.variants if place.job else ()
    known = {name for each in variants for name in each.variables}
    known |= set(place.view.pipeline.root_variables)
    uses = {
        "UV_CACHE_DIR": "uv's cache",
        "UV_PYTHON_INSTALL_DIR": "Pythons that uv installs",
        "UV_TOOL_DIR": "tools that uv installs",
    }
    for name, detail in uses.items():
        if name in known and f"${name}" not in place.siblings:
            yield place.list_slot.item(f"${name}", ItemKind.VALUE, detail=detail)
    if "UV_CACHE_DIR" not in known:
        yield place.list_slot.item(
            ".uv-cache", ItemKind.VALUE, detail="uv's cache, when UV_CACHE_DIR says so"
        )
    if ".venv" not in place.siblings:
        yield place.list_slot.item(".venv", ItemKind.VALUE, detail="the environment itself")


def key_files(place: Place) -> list[str]:
    """Lock files and project files of the repository, the job's own kind first."""
    kinds = _LOCKS if not place.uses_uv_pip else (*reversed(_LOCKS),)
    found = [path for path in place.view.files.paths() if _is_key_file(path)]
    found.sort(key=lambda path: (path.count("/"), _order(kinds, path), path))
    read = lock_files(place.job, context_of(place.view)) if place.job else ()
    return list(dict.fromkeys((*read, *found)))[:_MOST]


def _is_key_file(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in _LOCKS or (name.startswith("requirements") and name.endswith((".txt", ".in")))


def _order(kinds: tuple[str, ...], path: str) -> float:
    name = path.rpartition("/")[2]
    return kinds.index(name) if name in kinds else kinds.index("requirements.txt") + 0.5


def _files_key(place: Place, path: str) -> CompletionItem:
    line = place.newline + place.below_indent
    flow = place.slot.flow
    start = place.slot.replace.start
    gap = place.view.document.text[start - 1 : start] == " " and not flow
    return place.slot.item(
        f"files: [{path}]",
        ItemKind.SNIPPET,
        text=f"{{files: [{path}]}}" if flow else f"{line}files:{line}{place.dash_indent}- {path}",
        filter="files",
        detail="a new cache when the file changes",
        additional=(TextEdit(Span(start - 1, start), ""),) if gap else (),
    )
