"""Files: what `include` may name, and what a cache key may depend on."""

from collections.abc import Iterator

from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind

_YAML = (".yml", ".yaml")


def include_items(place: Place) -> Iterator[CompletionItem]:
    """Pipeline files of the repository: the likely ones first, those already included left out."""
    paths = [path for path in place.view.files.paths() if path.endswith(_YAML)]
    taken = {place.view.path, *(sibling.lstrip("/") for sibling in place.siblings)}
    included = {file.path for file in place.view.pipeline.files}
    slash = "/" if place.slot.typed.startswith("/") else ""
    for path in sorted(paths, key=_unlikely):
        if path in taken:
            continue
        detail = "already part of this pipeline" if path in included else ""
        yield place.slot.item(slash + path, ItemKind.FILE, detail=detail)


def _unlikely(path: str) -> tuple[bool, bool, str]:
    name = path.rpartition("/")[2]
    return ("gitlab" not in path, "ci" not in name, path)
