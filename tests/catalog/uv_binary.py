"""Real uv releases to compare the catalog with, installed once into an ignored folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from uvci.catalog.versions import UvVersion

_FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "uv"
LOCK_FILE = """\
version = 1
requires-python = ">=3.9"

[[package]]
name = "probe"
version = "1"
source = { virtual = "." }
"""
_PROJECT = '[project]\nname = "probe"\nversion = "1"\nrequires-python = ">=3.9"\n'


# Commands that stop at their arguments or do nothing, by what they are called.
HARMLESS = {
    "sync": ["sync", "--offline"],
    "run": ["run", "--offline", "python", "--version"],
    "pip compile": ["pip", "compile", "--offline", "requirements.txt"],
    "pip list": ["pip", "list"],
    "publish": ["publish"],
    "build": ["build", "--offline"],
    "venv": ["venv", "--offline", "probe-environment"],
    "python find": ["python", "find"],
    "python install": ["python", "install", "--offline", "3.99"],
    "pip install": ["pip", "install", "--offline", "-r", "requirements.txt"],
    "init": ["init", "--bare", "below"],
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one uv command ended."""

    exit_code: int
    errors: str


@cache
def uv_binary(version: str) -> Path:
    """The executable of that release; downloads it on first use."""
    target = _FOLDER / version
    executable = target / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    if not executable.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", "--target", target, f"uv=={version}"], check=True)
    return executable


def run_uv(
    version: UvVersion,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    folder: Path,
    lock_file: str = LOCK_FILE,
) -> Outcome:
    """Runs that uv in a small locked project below `folder`, offline, with these variables only.

    An empty `lock_file` is none.
    """
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "pyproject.toml").write_text(_PROJECT)
    (project / "uv.lock").unlink(missing_ok=True)
    if lock_file:
        (project / "uv.lock").write_text(lock_file)
    (project / "requirements.txt").write_text("")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        **variables,
    }
    done = subprocess.run(
        [uv_binary(str(version)), *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Outcome(done.returncode, done.stderr)
