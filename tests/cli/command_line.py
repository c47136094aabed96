"""`uvci` called within the test's own process, or as a process of its own."""

import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from uvci.cli.main import run

BAD_TAG = "ghcr.io/astral-sh/uv:0.9.17-python3.12-bookwrm-slim"
GOOD_TAG = "ghcr.io/astral-sh/uv:0.9.17-python3.12-bookworm-slim"
BAD = f"test:\n  image: {BAD_TAG}  # why\n  script: [echo]\n"
GOOD = f"test:\n  image: {GOOD_TAG}\n  script: [echo]\n"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


class CommandLine:
    """Calls from one working folder."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._monkeypatch, self._capfd = monkeypatch, capfd
        monkeypatch.chdir(folder)
        monkeypatch.setenv("UVCI_TRACEBACK", "1")
        for name in ("NO_COLOR", "FORCE_COLOR", "CI_PROJECT_DIR", "UVCI_OUTPUT_FORMAT"):
            monkeypatch.delenv(name, raising=False)

    def write(self, name: str, text: str | bytes) -> Path:
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
        return place

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> Outcome:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        self._capfd.readouterr()
        code = run(arguments)
        captured = self._capfd.readouterr()
        return Outcome(code, captured.out, captured.err)


def process(folder: Path, *arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """A process that runs `python -m uvci`, or the given code, in a folder."""
    what = ("-c", code) if code else ("-m", "uvci")
    return subprocess.run(
        [sys.executable, *what, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
