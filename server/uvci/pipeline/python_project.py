"""The Python project around a pipeline: what pyproject.toml, uv.lock and .python-version say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PythonProject:
    """Facts of the project at the repository's root; None or empty where nothing says so."""

    requires_python: str | None = None
    python_version_file: str | None = None
    required_uv: str | None = None
    has_pyproject: bool = False
    has_lock: bool = False
