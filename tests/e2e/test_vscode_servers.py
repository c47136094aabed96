"""VS Code finds its server in each of four ways, and says once what goes wrong."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from uvci import __version__

from tests.e2e import scenario
from tests.e2e.scenario import make_project, wait_for
from tests.e2e.workbench import STARTED_AS, Workbench, packaged

pytestmark = pytest.mark.slow

# What a machine without uv has; the folder in front of it is the test's own.
BARE = "/usr/bin:/bin"
MARKER = ".markers-panel .monaco-list-row"
UVCI = f"{sys.executable} -m uvci"
TRY_AGAIN = "uvci: Restart Server"


@pytest.fixture(scope="module")
def vsix() -> Path:
    return packaged()


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder on the search path, with no program in it."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


@pytest.fixture
def code(
    tmp_path: Path, programs: Path, vsix: Path, note_version: Callable[[str], None]
) -> Iterator[Workbench]:
    window = Workbench(tmp_path / "code", vsix, f"{programs}:{BARE}")
    note_version(f"VS Code {window.version()}, finding its server")
    yield window
    window.stop()


def stand_in(file: Path, line: str) -> Path:
    """A program that is one line of shell."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'#!/bin/sh\nexport {STARTED_AS}="$0 $*"\n{line}\n')
    file.chmod(0o755)
    return file


def uvci(file: Path) -> Path:
    """The server, under another path."""
    return stand_in(file, f'exec {UVCI} "$@"')


def uvci_overheard(file: Path) -> Path:
    """The server, with what each of its processes says also in a file beside it."""
    return stand_in(file, f'{UVCI} "$@" | tee "$0.$$.said"')


def uvx(file: Path) -> Path:
    """Stands in for uv's own `uvx`, which would fetch this version of uvci from an index."""
    return stand_in(file, f'test "$1" = uvci@{__version__} && shift && exec {UVCI} "$@"')


def see_served(code: Workbench, started_as: str) -> None:
    """Wait until exactly one server runs, started in this way, and its findings are shown."""
    wait_for(
        lambda: list(code.servers().values()) == [started_as],
        f"the server runs as {started_as}",
        shown=lambda: f"{code.servers()}\n{code.shown()}",
    )
    code.see(MARKER, scenario.WRONG_TAG)
    assert code.messages() == []


def test_each_way_to_find_the_server(code: Workbench, pipeline: Path, programs: Path) -> None:
    code.start(pipeline)
    code.see_message("uvci was not found", "How to Install", "Choose Program…")
    code.press("Control+Shift+m")
    uvx(programs / "uvx")
    code.run(TRY_AGAIN)
    see_served(code, f"{programs}/uvx uvci@{__version__} server")
    uvci(programs / "uvci")
    code.run(TRY_AGAIN)
    see_served(code, f"{programs}/uvci server")
    own = uvci(pipeline.parent / ".venv/bin/uvci")
    code.run(TRY_AGAIN)
    see_served(code, f"{own} server")
    named = uvci(programs.parent / "elsewhere/uvci")
    code.set({"uvci.path": str(named)})
    see_served(code, f"{named} server")


def test_what_goes_wrong_is_said_once(code: Workbench, pipeline: Path, programs: Path) -> None:
    stand_in(programs / "uvci", "echo Trouble at the start. >&2; exit 3")
    code.start(pipeline)
    code.see_message("Trouble at the start.", "Show Log", "Open Settings", "Try Again")
    uvci(programs / "uvci")
    code.press("Control+Shift+m")
    code.set({"uvci.path": 5})
    code.see_message("uvci.path must be a text, not 5.", "Open Settings")
    see_served(code, f"{programs}/uvci server")
    code.set({"uvci.ignore": 5})
    code.see_message("ignore")
    code.set({})
    see_served(code, f"{programs}/uvci server")
    end_five_times(code, uvci_overheard(programs / "uvci"))
    code.see_message("uvci ended five times within three minutes", "Show Log", "Try Again")
    assert code.servers() == {}
    uvci(programs / "uvci")
    code.run(TRY_AGAIN)
    see_served(code, f"{programs}/uvci server")


def end_five_times(code: Workbench, program: Path) -> None:
    """Kill the server, and each that takes its place; only one that has answered has crashed."""
    code.run(TRY_AGAIN)
    for count in range(1, 6):
        wait_for(
            lambda count=count: len(answering(program)) == count,
            f"server {count} answers",
            shown=code.shown,
        )
        (server,) = code.servers()
        os.kill(server, signal.SIGKILL)


def answering(program: Path) -> list[Path]:
    """What those processes said that the window asked for the status of the file in front."""
    said = program.parent.glob(f"{program.name}.*.said")
    return [file for file in said if '"catalog"' in file.read_text(errors="replace")]
