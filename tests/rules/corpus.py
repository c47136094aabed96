"""The real pipelines of the shared corpus, each file family as one repository."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from uvci.rules.rule import Context

from tests.rules.building import PIPELINE, PartialFiles, context_of


@dataclass(frozen=True)
class Root:
    """A file that GitLab would start from, with the others of its repository."""

    name: str
    path: str
    files: dict[str, str]
    kind = PartialFiles

    def context(self) -> Context:
        return context_of(self.files[self.path], self.files, self.path, self.kind)


def roots(folder: Path) -> Iterator[Root]:
    """Every pipeline of a corpus folder; files that another one includes are not roots."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            files = {
                path.relative_to(entry).as_posix(): read(path)
                for path in sorted(entry.rglob("*"))
                if path.is_file()
            }
            yield from _family(entry.name, files)
        elif entry.suffix in {".yml", ".yaml"}:
            yield Root(entry.stem, PIPELINE, {PIPELINE: read(entry)})


def read(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def _family(name: str, files: dict[str, str]) -> Iterator[Root]:
    included: set[str] = set()
    for path in sorted(files, key=lambda path: (path != PIPELINE, path)):
        if path in included or not path.endswith((".yml", ".yaml")):
            continue
        root = Root(name, path, files)
        included |= {file.path for file in root.context().pipeline.files}
        yield root
