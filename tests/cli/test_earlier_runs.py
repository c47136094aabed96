"""An earlier run answers only while everything that it saw is the same."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_line import BAD, GOOD, CommandLine, Outcome, process

CALL = ("check", "--output-format", "concise")


def answered(uvci: CommandLine, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bool:
    """Whether the call is answered without a run."""
    calls: list[str] = []

    def noted(*_: object) -> object:
        calls.append("run")
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("uvci.cli.run.run_check", noted)
        try:
            uvci(*(arguments or CALL))
        except RuntimeError:
            assert calls == ["run"]
    return not calls


@pytest.fixture
def checked(uvci: CommandLine) -> CommandLine:
    """A repository that was checked once."""
    subprocess.run(["git", "init", "-q", uvci.folder], check=True)
    uvci.write(".gitlab-ci.yml", "include: /ci/base.yml\n" + BAD)
    uvci.write("ci/base.yml", ".base:\n  script: [a]\n")
    uvci(*CALL)
    return uvci


def test_the_same_call_has_the_same_answer(
    checked: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = checked(*CALL, "--no-cache")
    assert answered(checked, monkeypatch)
    assert checked(*CALL) == fresh
    assert fresh.code == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda uvci: uvci.write(".gitlab-ci.yml", GOOD),
        lambda uvci: uvci.write("ci/base.yml", ".base:\n  script: [b]\n"),
        lambda uvci: (uvci.folder / "ci/base.yml").unlink(),
        lambda uvci: uvci.write("new.gitlab-ci.yml", BAD),
        lambda uvci: uvci.write("uvci.toml", 'ignore = ["UVC101"]\n'),
        lambda uvci: uvci.write("pyproject.toml", "[project]\n"),
        lambda uvci: uvci.write(".gitignore", ".gitlab-ci.yml\n"),
        lambda uvci: (uvci.folder / ".git").rename(uvci.folder / "no-git"),
    ],
    ids=["root", "included", "gone", "new", "settings", "project", "ignored", "git"],
)
def test_any_change_is_seen(
    checked: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[CommandLine], object],
) -> None:
    assert answered(checked, monkeypatch)
    change(checked)
    assert not answered(checked, monkeypatch)


def test_a_change_that_keeps_size_and_time_is_seen(
    checked: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = checked.folder / "ci/base.yml"
    times = place.stat()
    checked.write("ci/base.yml", ".base:\n  script: [b]\n")
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not answered(checked, monkeypatch)


@pytest.mark.parametrize(
    "other",
    [
        ("check",),
        (*CALL, "--ignore", "UVC101"),
        (*CALL, "ci"),
        (*CALL, "--fix"),
        (*CALL, "--output-file", "out.txt"),
        (*CALL, "--no-cache"),
        (*CALL, "-"),
    ],
)
def test_another_call_is_worked_out(
    checked: CommandLine, monkeypatch: pytest.MonkeyPatch, other: tuple[str, ...]
) -> None:
    assert not answered(checked, monkeypatch, *other)


def test_another_folder_is_another_call(
    checked: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checked.folder / "sub").mkdir()
    monkeypatch.chdir(checked.folder / "sub")
    assert not answered(checked, monkeypatch)


def kept(uvci: CommandLine) -> list[Path]:
    return sorted((uvci.folder.parent / "cache").iterdir())


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"seen": 1, "out": 2}'])
def test_what_was_kept_may_be_broken(
    checked: CommandLine, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (place,) = kept(checked)
    place.write_bytes(content)
    assert not answered(checked, monkeypatch)
    assert checked(*CALL).code == 1


def test_a_folder_that_cannot_be_written_is_no_matter(
    uvci: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    expected = uvci(*CALL)
    monkeypatch.setenv("UVCI_CACHE_DIR", str(uvci.write("file", "")))
    assert uvci(*CALL) == Outcome(1, expected.out, "")


def test_only_so_many_are_kept(uvci: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uvci.cli.earlier_runs._KEPT", 2)
    uvci.write(".gitlab-ci.yml", BAD)
    for severity in ("error", "warning", "info", "hint"):
        uvci("check", "--severity", severity)
    assert len(kept(uvci)) == 2


def test_an_answer_that_is_known_loads_no_rule(checked: CommandLine) -> None:
    code = (
        "import sys; from uvci.cli.main import run; run(sys.argv[1:]); "
        "print([name for name in sys.modules if name.startswith(('uvci.rules', 'uvci.pipeline', "
        "'uvci.catalog', 'uvci.syntax', 'yaml', 'rich', 'pygls'))])"
    )
    first = process(checked.folder, *CALL, code=code)
    again = process(checked.folder, *CALL, code=code)
    assert first.stdout.splitlines()[:-1] == again.stdout.splitlines()[:-1] != []
    assert again.stdout.splitlines()[-1] == "[]"
