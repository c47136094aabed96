"""What happens in every editor: one project, the same keys in spirit, the same text at the end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from uvci.catalog.versions import newest

T = TypeVar("T")

SECONDS = 30
PAUSE = 0.05

BEFORE = """\
stages: [lint, test]

lint:
  stage: lint
  image: ghcr.io/astral-sh/uv:0.9.17-python3.12-bookwork
  script:
    - uvx ruff check

test:
  stage: test
  image: ghcr.io/astral-sh/uv:0.9.17-python3.12-bookworm-slim
  script:
    - uv sync --locked
    - uv run pytest

build:
  stage: test
  image: ghcr.io/astral-sh/uv
  script:
    - uv build
"""

# Lines as editors show them: the first is 1.
WRONG_TAG_LINE = 5
JOB_LINE = 9
IMAGE_LINE = 11
HALF_TYPED = "  image: ghcr.io/astral-sh/uv"

WRONG_TAG = "UVC101"
FIXED_TAG = "0.9.17-python3.12-bookworm"
CACHE_ACTION = "Cache uv in this job"
HOVER = "Debian 12 (bookworm)"

FIRST_STEP = f"{newest()}-"
SECOND_STEP_TYPED = "python3.13-trixie-s"
SECOND_STEP = f"{FIRST_STEP}python3.13-trixie-slim"
COMPLETED = f"{HALF_TYPED}:{SECOND_STEP}"

CACHED_IMAGE = """\
  image: ghcr.io/astral-sh/uv:0.9.17-python3.12-bookworm-slim
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
  cache:
    key:
      files:
        - uv.lock
    paths:
      - $UV_CACHE_DIR
"""
PRUNED = """\
    - uv run pytest
  after_script:
    - uv cache prune --ci
"""
AFTER = (
    BEFORE.replace(CACHED_IMAGE.splitlines(keepends=True)[0], CACHED_IMAGE)
    .replace(PRUNED.splitlines(keepends=True)[0], PRUNED)
    .replace(f"{HALF_TYPED}\n", f"{COMPLETED}\n")
)


def make_project(folder: Path, pipeline: str = BEFORE) -> Path:
    """A repository with a pipeline, and the path of the pipeline."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "demo"\nversion = "1"\nrequires-python = ">=3.12"\n'
    )
    (folder / "uv.lock").write_text('version = 1\nrequires-python = ">=3.12"\n')
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    file = folder / ".gitlab-ci.yml"
    file.write_text(pipeline)
    return file


def environment(home: Path) -> dict[str, str]:
    """What an editor is started with: a home of its own, and uvci on the search path."""
    home.mkdir(parents=True, exist_ok=True)
    own = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, **own, "HOME": str(home), "PATH": search, "TERM": "xterm-256color"}


def wait_for(
    question: Callable[[], T | None],
    what: str,
    *,
    shown: Callable[[], str] = str,
    seconds: float = SECONDS,
) -> T:
    """The first answer that is not empty; fails with what was `shown` when none comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(PAUSE)
    raise AssertionError(f"{what}: not within {seconds:.0f} s\n{shown()}")


def wait_until_saved(file: Path, shown: Callable[[], str]) -> None:
    """Wait until the file holds what the scenario ends with; an editor may replace it to save."""

    def saved() -> bool:
        with suppress(FileNotFoundError):
            return file.read_text() == AFTER
        return False

    wait_for(saved, "the file is saved as it should be", shown=shown)
