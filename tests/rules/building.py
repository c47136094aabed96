"""Pipelines from texts, as the workspace would build them."""

from datetime import date

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.sources import MemoryFiles, Settings
from uvci.rules.rule import Context

PIPELINE = ".gitlab-ci.yml"
TODAY = date(2026, 11, 15)


def context_of(text: str, files: dict[str, str] | None = None, root: str = PIPELINE) -> Context:
    memory = MemoryFiles({**(files or {}), root: text})
    settings = Settings(today=TODAY)
    return Context(build_pipeline(root, memory, settings), PythonProject(), memory, settings)
