"""Helix, with the configuration in editors/helix."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import scenario
from tests.e2e.helix import helix as configured
from tests.e2e.scenario import make_project, wait_until_saved
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture
def helix(
    pipeline: Path, tmp_path: Path, note_version: Callable[[str], None]
) -> Iterator[Terminal]:
    command, own = configured(tmp_path / "home")
    version = subprocess.run([*command, "--version"], env=own, capture_output=True, text=True)
    note_version(version.stdout.strip().capitalize())
    terminal = Terminal(tmp_path, own)
    terminal.start([*command, pipeline], pipeline.parent)
    yield terminal
    terminal.stop()


def test_a_pipeline_is_checked_hovered_fixed_and_completed(helix: Terminal, pipeline: Path) -> None:
    helix.see("NOR")
    see_diagnostics(helix)
    hover(helix)
    cache(helix)
    complete(helix)
    save(helix)
    wait_until_saved(pipeline, helix.screen)


def go_to(helix: Terminal, line: int) -> None:
    helix.type(f":{line}")
    helix.press("Enter")


def see_diagnostics(helix: Terminal) -> None:
    go_to(helix, scenario.WRONG_TAG_LINE)
    helix.see("0.9.17-python3.12-bookwork`")


def hover(helix: Terminal) -> None:
    go_to(helix, scenario.IMAGE_LINE)
    helix.type("gl")
    helix.type(" k")
    helix.see(scenario.HOVER)
    helix.escape(scenario.HOVER)


def cache(helix: Terminal) -> None:
    go_to(helix, scenario.JOB_LINE)
    helix.type(" a")
    titles = [line for line in helix.see(scenario.CACHE_ACTION).splitlines() if "Cache uv" in line]
    chosen = next(n for n, line in enumerate(titles) if scenario.CACHE_ACTION in line)
    helix.press(*["Down"] * chosen, "Enter")
    helix.see("- $UV_CACHE_DIR")


def complete(helix: Terminal) -> None:
    helix.type(f"/{scenario.HALF_TYPED}$")
    helix.press("Enter")
    helix.type("A:")
    # Nothing is typed between: Helix keeps the list of an earlier key where that comes late.
    for step in (scenario.FIRST_STEP, f"{scenario.FIRST_STEP}python3.13-", scenario.SECOND_STEP):
        choose(helix, step)
    helix.escape(" INS ")


def choose(helix: Terminal, label: str) -> None:
    """Go down the list until the item stands in the text, and accept it."""
    helix.see(f" {label} ")
    helix.press_until("C-n", f"{scenario.HALF_TYPED}:", label)
    helix.press("Enter")


def save(helix: Terminal) -> None:
    helix.type(":write")
    helix.press("Enter")
