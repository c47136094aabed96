"""Several processes find and print what one does, and none of them is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.shared import shared

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are shared by forking")

RUN = """
import os, signal, sys
from uvci.cli import sharing
from uvci.cli.checkout import Checkout
from uvci.cli.main import run

first, number = os.getpid(), int(sys.argv.pop(1))
sharing._processes = lambda targets: min(number, targets)
look_at = Checkout.look_at
{change}
sys.exit(run(sys.argv[1:]))
"""
DIES = """
def dying(checkout, path):
    if os.getpid() != first:
        os.kill(os.getpid(), signal.SIGKILL)
    look_at(checkout, path)
Checkout.look_at = dying
"""
WAITS = """
def waiting(checkout, path):
    if os.getpid() == first:
        raise KeyboardInterrupt
    print(os.getpid(), file=sys.stderr, flush=True)
    signal.pause()
Checkout.look_at = waiting
"""


def run(folder: Path, processes: int, *arguments: str, change: str = "") -> tuple[int, str, str]:
    command = [sys.executable, "-c", RUN.format(change=change), str(processes), "check"]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def many(uvci: CommandLine) -> Path:
    """Real pipelines, a file that cannot be read, and settings that are wrong."""
    files = [
        file for file in sorted(shared("corpus/uv").glob("*.yml")) if file.stat().st_size < 999
    ]
    for number, file in enumerate(files[:9]):
        uvci.write(f"ci/{number}.gitlab-ci.yml", file.read_text(encoding="utf-8"))
    (uvci.folder / "ci/broken.gitlab-ci.yml").write_bytes(b"a: \xff\n")
    uvci.write("other/.gitlab-ci.yml", "include: /ci/3.gitlab-ci.yml\n")
    uvci.write("other/uvci.toml", "nothing = 1\n")
    return uvci.folder


@pytest.mark.parametrize("form", ["full", "concise", "json", "gitlab", "sarif", "junit", "github"])
def test_every_report_is_the_same(many: Path, form: str) -> None:
    alone = run(many, 1, "--output-format", form)
    assert "broken.gitlab-ci.yml" in alone[2]
    assert alone[1]
    assert run(many, 3, "--output-format", form) == alone


def test_statistics_are_the_same(many: Path) -> None:
    assert run(many, 3, "--statistics") == run(many, 1, "--statistics")


def test_the_work_of_a_helper_that_dies_is_done_again(many: Path) -> None:
    assert run(many, 3, change=DIES) == run(many, 1)


def test_an_interrupt_leaves_no_process(many: Path) -> None:
    code, out, err = run(many, 3, change=WAITS)
    assert code == 130
    assert out == ""
    *helpers, told = err.splitlines()
    assert told == "uvci: interrupted"
    for helper in filter(None, helpers):
        with pytest.raises(ProcessLookupError):
            os.kill(int(helper), signal.SIG_DFL)
