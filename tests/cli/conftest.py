"""What every test of the command line starts from."""

from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine


@pytest.fixture
def uvci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command line in an empty repository."""
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    return CommandLine(repository, monkeypatch, capfd)
