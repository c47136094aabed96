"""Which pipelines a file is part of."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from uvci.text.patterns import lazy_re
from uvci.workspace.disk import normal
from uvci.workspace.interruption import counted, pieces
from uvci.workspace.names import MAIN, is_component, is_filled_in, is_pipeline_name
from uvci.workspace.roots import Standing, child_roots

if TYPE_CHECKING:
    from uvci.workspace.snapshot import Snapshot

_MAX_CANDIDATES = 400
_INCLUDE = lazy_re(r"""^(?:\ufeff|[{ \t])*["']?include["']?[ \t]*:""", re.MULTILINE)


def roots_of(snapshot: "Snapshot", path: str) -> tuple[str, ...]:
    """The roots of the pipelines that the file at `path` is part of; empty where it is in none.

    GitLab's own roots come first: the settings' `root` or `.gitlab-ci.yml`, and the child pipelines
    that they trigger. A pipeline file that none of them includes may be included by another
    pipeline file, and is else its own root.
    """
    starts = _starts(snapshot, path)
    if path in starts:
        return (path,)
    including = _including(snapshot, path, starts)
    if not including:
        including = _including(snapshot, path, _candidates(snapshot, path, starts))
    if including:
        return including
    return (path,) if _stands_alone(snapshot, path) else ()


def standing(snapshot: "Snapshot", root: str) -> Standing:
    """Whether GitLab starts pipelines from `root`, or it is a template for others.

    A `.gitlab-ci.yml` further down that nothing refers to is one: of another repository's, often.
    """
    if root in _starts(snapshot, root):
        return Standing.PIPELINE
    if root in snapshot.named and not is_pipeline_name(root) and not _is_component(snapshot, root):
        return Standing.PIPELINE
    return Standing.TEMPLATE


def _stands_alone(snapshot: "Snapshot", path: str) -> bool:
    if is_filled_in(path, snapshot.files().read(path) or ""):
        return False
    return path in snapshot.named or is_pipeline_name(path) or _is_component(snapshot, path)


def _is_component(snapshot: "Snapshot", path: str) -> bool:
    return path.startswith("templates/") and is_component(path, snapshot.files().read(path) or "")


def _including(snapshot: "Snapshot", path: str, roots: Iterable[str]) -> tuple[str, ...]:
    named = counted(roots, lambda root: root)
    return tuple(root for root in named if snapshot.pipeline(root).file(path) is not None)


def _starts(snapshot: "Snapshot", path: str) -> tuple[str, ...]:
    """What GitLab starts pipelines from, children after their parents.

    Children are not looked for where `path` is no child in any case.
    """
    files = snapshot.files()
    set_roots = snapshot.configuration(path).roots
    names = set_roots or tuple(name for name in MAIN if files.exists(name))[:1]
    starts = tuple(name for name in map(normal, names) if name and files.exists(name))
    if path in starts:
        return starts
    known = snapshot.memory.starts
    if starts not in known:
        known[starts] = tuple(_with_children(snapshot, starts))
    return known[starts]


def _with_children(snapshot: "Snapshot", starts: tuple[str, ...]) -> list[str]:
    files = snapshot.files()
    found = list(starts)
    for start in found:
        children = child_roots(snapshot.pipeline(start))
        found += [each for each in children if each not in found and files.exists(each)]
    return found


def _candidates(snapshot: "Snapshot", path: str, starts: tuple[str, ...]) -> tuple[str, ...]:
    """Other pipeline files whose text may include the one at `path`."""
    name = PurePosixPath(path).name
    found = []
    known = snapshot.memory.includers
    listed = snapshot.disk.listing.pipelines
    others = [other for other in listed if known.get(other) is not False]
    for other in pieces(others):
        if other == path or other in starts:
            continue
        text = _text_with_include(snapshot, other)
        if text and (name in text or "*" in text):
            found.append(other)
    return tuple(found[:_MAX_CANDIDATES])


def _text_with_include(snapshot: "Snapshot", path: str) -> str | None:
    known = snapshot.memory.includers
    text = snapshot.files().read(path) or ""
    if path not in known:
        known[path] = _INCLUDE.search(text) is not None
    return text if known[path] else None
