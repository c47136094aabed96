"""Real pipelines over the wire: no failure, and the same findings as on the command line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from editor import editor
from lsprotocol import types

from tests.shared import shared

Found = set[tuple[str, int, str]]


def repositories(kind: str, into: Path) -> list[Path]:
    """Each pipeline or family of the corpus as a repository of its own."""
    made = []
    for source in sorted(shared(f"corpus/{kind}").iterdir()):
        target = into / source.name.replace("+", "-")
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            target.mkdir()
            shutil.copy(source, target / ".gitlab-ci.yml")
        (target / ".git").mkdir()
        made.append(target)
    return made


def pipelines(repository: Path) -> list[str]:
    found = sorted(repository.rglob("*.y*ml"))
    return [str(path.relative_to(repository)) for path in found if path.is_file()]


def by_command_line(repository: Path) -> Found:
    run = subprocess.run(
        [sys.executable, "-m", "uvci", "check", "--output-format", "json", "."],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return {(one["path"], one["start"]["line"] - 1, one["code"]) for one in json.loads(run.stdout)}


def as_found(path: str, diagnostics: list[types.Diagnostic]) -> Found:
    return {(path, each.range.start.line, str(each.code)) for each in diagnostics}


@pytest.mark.slow
@pytest.mark.parametrize("pull", [True, False], ids=["pull", "push"])
async def test_the_editor_shows_what_the_command_line_prints(tmp_path: Path, pull: bool) -> None:
    differing = {}
    made = repositories("uv", tmp_path)
    async with editor(tmp_path, pull=pull) as this:
        for repository in made:
            shown: Found = set()
            for name in pipelines(repository):
                path = str((repository / name).relative_to(tmp_path))
                this.open((repository / name).read_bytes().decode(), path)
                shown |= as_found(name, await this.diagnostics(path))
            printed = by_command_line(repository)
            checked = {path for path, _, _ in printed}
            if {one for one in shown if one[0] in checked} != printed:
                differing[repository.name] = shown ^ printed
        assert this.shown == []
    assert differing == {}


@pytest.mark.slow
async def test_every_other_pipeline_is_answered_too(tmp_path: Path) -> None:
    made = repositories("general", tmp_path)
    async with editor(tmp_path, pull=True) as this:
        for repository in made:
            for name in pipelines(repository):
                path = str((repository / name).relative_to(tmp_path))
                text = (repository / name).read_bytes().decode()
                this.open(text, path)
                await this.diagnostics(path)
                await this.hover(len(text) // 2, path)
                await this.complete(len(text) // 3, path)
        assert this.shown == []
