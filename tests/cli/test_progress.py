"""Long work is seen on a terminal, and only there."""

import os
import pty
import subprocess
import sys

import pytest

from tests.cli.command_line import GOOD, CommandLine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")


def watched(uvci: CommandLine, files: int) -> str:
    """What a run prints to a terminal on standard error."""
    for number in range(files):
        uvci.write(f"p{number}/.gitlab-ci.yml", GOOD)
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "uvci", "check"],
        cwd=uvci.folder,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        check=False,
        timeout=60,
    )
    os.close(theirs)
    assert done.stdout == f"Nothing to report in {files} files.\n".encode()
    try:
        return os.read(ours, 100_000).decode()
    except OSError:
        return ""
    finally:
        os.close(ours)


def test_a_bar_for_many_files(uvci: CommandLine) -> None:
    assert "Checking" in watched(uvci, 30)


def test_no_bar_for_a_few_files(uvci: CommandLine) -> None:
    assert watched(uvci, 2) == ""


def test_no_bar_in_a_pipe(uvci: CommandLine) -> None:
    for number in range(30):
        uvci.write(f"p{number}/.gitlab-ci.yml", GOOD)
    assert uvci("check").err == ""
