"""Pipelines from texts, as the workspace would build them."""

from datetime import date

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.python_project import read_project
from uvci.pipeline.sources import MemoryFiles, Settings
from uvci.rules.rule import Context

PIPELINE = ".gitlab-ci.yml"
TODAY = date(2026, 11, 15)


class PartialFiles(MemoryFiles, frozen=True):
    """Some files of a repository whose other files nobody knows."""

    def exists(self, path: str) -> bool | None:
        return True if path in self.texts else None


def context_of(
    text: str,
    files: dict[str, str] | None = None,
    root: str = PIPELINE,
    kind: type[MemoryFiles] = MemoryFiles,
) -> Context:
    memory = kind({**(files or {}), root: text})
    settings = Settings(today=TODAY)
    pipeline = build_pipeline(root, memory, settings)
    return Context(pipeline, read_project(memory), memory, settings)
