"""pre-commit and prek run the hooks from the sources as they are now."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command_line import BAD_TAG, GOOD_TAG
from tests.e2e.fetched import REPOSITORY, fetch, fetched

pytestmark = pytest.mark.slow

RUNNERS = {"pre-commit": "4.7.0", "prek": "0.5.11"}
# What prek makes environments with.
UV = "0.13.9"
INCLUDED = ".gitlab/base.yml"


@dataclass(frozen=True)
class Runner:
    """A program that runs hooks, in a repository of its own."""

    programs: Path
    repository: Path
    environment: dict[str, str]

    def __call__(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / command[0], *command[1:]],
            cwd=self.repository,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def write(self, name: str, text: str) -> None:
        file = self.repository / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def add_all(self) -> None:
        subprocess.run(["git", "add", "--all"], cwd=self.repository, check=True)


@pytest.fixture
def runner(tmp_path: Path, note_version: Callable[[str], None]) -> Runner:
    folder = fetched("hooks", json.dumps([RUNNERS, UV, sys.version]), _install)
    note_version(" and ".join(f"{name} {version}" for name, version in RUNNERS.items()))
    repository = tmp_path / "project"
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    # The user's own home stays: what pip and uv keep there need not be downloaded again.
    search = [str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
    homes = {name: str(tmp_path / name) for name in ("PRE_COMMIT_HOME", "PREK_HOME")}
    own = {**os.environ, **homes, "PATH": os.pathsep.join(search)}
    return Runner(folder / "bin", repository, own)


def _install(folder: Path) -> None:
    fetch([sys.executable, "-m", "venv", folder])
    pinned = [f"{name}=={version}" for name, version in {**RUNNERS, "uv": UV}.items()]
    fetch([folder / "bin/python", "-m", "pip", "install", "--quiet", *pinned])


@pytest.mark.parametrize("name", RUNNERS)
def test_the_pipeline_of_an_included_file_is_checked_and_the_file_fixed(
    runner: Runner, name: str
) -> None:
    runner.write(".gitlab-ci.yml", f"include: /{INCLUDED}\nunit:\n  extends: .base\n")
    runner.write(INCLUDED, f".base:\n  image: {BAD_TAG}\n  script: [echo]\n")
    runner.write("compose.yml", f"image: {BAD_TAG}\n")
    runner.add_all()
    ran = runner(name, "try-repo", str(REPOSITORY), "--files", INCLUDED, "compose.yml")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert f"so job `unit` cannot start; use `{GOOD_TAG.partition(':')[2]}`" in ran.stdout
    assert "Found 1 finding in 1 of 2 files" in ran.stdout
    assert GOOD_TAG in (runner.repository / INCLUDED).read_text()
    assert BAD_TAG in (runner.repository / "compose.yml").read_text()


@pytest.mark.parametrize("name", RUNNERS)
def test_this_projects_own_configuration_passes_on_its_own_pipelines(
    runner: Runner, name: str
) -> None:
    for part in (".pre-commit-config.yaml", ".gitlab-ci.yml"):
        shutil.copy(REPOSITORY / part, runner.repository)
    for part in ("editors/gitlab", "tests/demo"):
        shutil.copytree(REPOSITORY / part, runner.repository / part)
    runner.add_all()
    ran = runner(name, "run", "uvci-check", "--all-files", "--verbose")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Nothing to report in 3 files." in ran.stdout
