"""Pipelines from texts, and texts from the shared cases."""

from pathlib import Path

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.model import Job, Pipeline
from uvci.pipeline.resolve import resolve
from uvci.pipeline.shapes import Json
from uvci.pipeline.sources import MemoryFiles, Settings

ROOT = ".gitlab-ci.yml"


def pipeline(text: str, settings: Settings | None = None, **files: str) -> Pipeline:
    """The pipeline of `text`; keys of `files` read `ci__a_yml` for ci/a.yml."""
    others = {name.replace("__", "/").replace("_yml", ".yml"): body for name, body in files.items()}
    return build_pipeline(ROOT, MemoryFiles({ROOT: text, **others}), settings)


def job(text: str, name: str = "job", **files: str) -> Job:
    found = pipeline(text, **files).job(name)
    assert found is not None
    return found


def resolved(text: str, files: dict[str, str] | None = None) -> dict[str, Json]:
    return resolve(ROOT, MemoryFiles({ROOT: text, **(files or {})}))


def errors(text: str, files: dict[str, str] | None = None) -> object:
    return resolved(text, files)["errors"]


def folder(path: Path) -> MemoryFiles:
    """All text files below `path`."""
    texts: dict[str, str] = {}
    for file in sorted(path.rglob("*")):
        if file.is_file():
            try:
                texts[file.relative_to(path).as_posix()] = file.read_bytes().decode()
            except UnicodeDecodeError:
                continue
    return MemoryFiles(texts)
