"""Where the shared reference material lies beside this checkout."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """The folder or file `name` of the shared material; skips where there is none, fails in CI."""
    path = SHARED / name
    if path.exists():
        return path
    if os.environ.get("CI"):
        pytest.fail(f"CI must have the shared material, and {name} is missing")
    pytest.skip(f"needs the shared reference material ({name}), which lies outside this repository")
