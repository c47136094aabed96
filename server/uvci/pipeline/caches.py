"""A job's caches, and where their paths lie (GitLab docs: `cache`)."""

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from uvci.pipeline.expansion import Place, expand_text, symbolic_text
from uvci.pipeline.model import CacheKey, CacheUse, KeyKind, TextUse, Variant
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains
from uvci.text.patterns import lazy_re

PROJECT_DIR = "CI_PROJECT_DIR"
_KEPT = frozenset({PROJECT_DIR})
_PROJECT = f"${{{PROJECT_DIR}}}"
_DRIVE = lazy_re(r"[A-Za-z]:[\\/]")
_SLASHES = lazy_re(r"/+")


class Side(Enum):
    """Whether a path lies in the project folder: only what does can be cached."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class ProjectPath(Struct, frozen=True):
    """Where a path lies. `relative` is it seen from the project folder, `.` for that itself.

    `relative` is empty unless the path is inside. Equal places have equal values.
    """

    side: Side
    relative: str = ""


UNKNOWN_PATH = ProjectPath(Side.UNKNOWN)
OUTSIDE_PATH = ProjectPath(Side.OUTSIDE)


def place_path(text: str, variant: Variant, place: Place = Place.HELPER) -> ProjectPath:
    """Where the path `text` lies once its variables are replaced.

    `$CI_PROJECT_DIR/.cache/uv`, `.cache/uv/` and a variable that holds either are the same place.
    """
    return place_expanded(symbolic_text(text, variant, place, _KEPT))


def place_expanded(expanded: str | None) -> ProjectPath:
    """Where a path lies whose variables are replaced, but for the project's folder; None: unknown.

    See `uvci.pipeline.expansion.symbolic_text`.
    """
    if expanded is None:
        return UNKNOWN_PATH
    if expanded.startswith(f"{_PROJECT}\\"):
        return UNKNOWN_PATH  # a folder of the project, if the runner's system is Windows
    if expanded.startswith(_PROJECT):
        rest = expanded[len(_PROJECT) :]
        if rest and not rest.startswith("/"):
            return OUTSIDE_PATH  # /builds/group/project.cache lies beside the project
        expanded = rest.lstrip("/") or "."
    if _PROJECT in expanded:
        return UNKNOWN_PATH
    return _relative(expanded)


def _relative(path: str) -> ProjectPath:
    if path.startswith("/builds/"):
        return UNKNOWN_PATH  # where a runner commonly clones to
    if path.startswith(("/", "~")) or _DRIVE.match(path):
        return OUTSIDE_PATH
    parts: list[str] = []
    for part in _SLASHES.split(path):
        if part == "..":
            if not parts:
                return OUTSIDE_PATH
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return ProjectPath(Side.INSIDE, "/".join(parts) or ".")


def read_caches(value: Value | None, variants: Sequence[Variant]) -> tuple[CacheUse, ...]:
    """The caches of a job's `cache:`."""
    entries = value.values if isinstance(value, Items) else (value,)
    flat = [below for entry in entries for below in _unnested(entry)]
    return tuple(_cache(entry, variants) for entry in flat if isinstance(entry, Table))


def _unnested(value: Value | None) -> Sequence[Value]:
    """GitLab flattens lists in lists, as `!reference` makes them."""
    if isinstance(value, Items):
        return [below for item in value.values for below in _unnested(item)]
    return [] if value is None else [value]


def _cache(value: Table, variants: Sequence[Variant]) -> CacheUse:
    entries = value.entries
    paths = entries.get("paths")
    uses = tuple(_text_use(path, variants, Place.HELPER) for path in plains(paths))
    parts = [paths, *(paths.values if isinstance(paths, Items) else ())]
    untracked = entries.get("untracked")
    return CacheUse(
        _key(entries.get("key"), value, variants),
        uses,
        value,
        _choice(entries.get("policy"), "pull-push", variants),
        _choice(entries.get("when"), "on_success", variants),
        untracked=isinstance(untracked, Plain) and untracked.value is True,
        complete=not any(isinstance(part, Unknown) for part in parts),
    )


def _text_use(plain: Plain, variants: Sequence[Variant], place: Place) -> TextUse:
    return TextUse(plain, tuple(expand_text(plain.text, one, place) for one in variants))


def _choice(value: Value | None, default: str, variants: Sequence[Variant]) -> str | None:
    """The one value it has in all variants; None where it varies or is unknown."""
    if value is None or (isinstance(value, Plain) and value.value is None):
        return default
    if not isinstance(value, Plain):
        return None
    texts = {expand_text(value.text, variant, Place.RUNNER).text for variant in variants}
    return texts.pop() if len(texts) == 1 else None


def _key(value: Value | None, cache: Table, variants: Sequence[Variant]) -> CacheKey:
    match value:
        case None | Plain(value=None):
            return CacheKey(KeyKind.DEFAULT, None)
        case Plain():
            return CacheKey(KeyKind.TEXT, value.origin, _text_use(value, variants, Place.RUNNER))
        case Table():
            files = value.entries.get("files") or value.entries.get("files_commits")
            if isinstance(files, Unknown) or files is None:
                return CacheKey(KeyKind.UNKNOWN, value.origin)
            prefix = value.entries.get("prefix")
            use = _text_use(prefix, variants, Place.RUNNER) if isinstance(prefix, Plain) else None
            return CacheKey(KeyKind.FILES, value.origin, None, tuple(plains(files)), use)
        case _:
            return CacheKey(KeyKind.UNKNOWN, (value or cache).origin)
