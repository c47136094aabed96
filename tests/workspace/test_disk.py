"""What is read from disk, and what is refused."""

import subprocess
from errno import EACCES
from pathlib import Path

import pytest
from uvci.workspace.disk import MAX_BYTES, Disk, Refusal, Unreadable, too_big
from uvci.workspace.files import RepositoryFiles


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def refusal(disk: Disk, path: str) -> Unreadable:
    loaded = disk.load(path)
    assert isinstance(loaded, Unreadable)
    return loaded


def test_text_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes("\ufeffa: ü\r\nb: 1".encode())
    assert Disk(tmp_path).load("a.yml") == "\ufeffa: ü\r\nb: 1"


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"a: 1\nb: \xff\n")
    found = refusal(Disk(tmp_path), "a.yml")
    assert found.refusal is Refusal.NOT_UTF8
    assert found.message == "It is not UTF-8: byte 0xff on line 2. Save it as UTF-8."


def test_files_larger_than_gitlab_reads_are_refused(tmp_path: Path) -> None:
    (tmp_path / "fits.yml").write_bytes(b"#" * MAX_BYTES)
    (tmp_path / "big.yml").write_bytes(b"#" * (MAX_BYTES + 1))
    disk = Disk(tmp_path)
    assert isinstance(disk.load("fits.yml"), str)
    assert refusal(disk, "big.yml").message.startswith("The provided YAML is too big: ")
    assert too_big("ü" * (MAX_BYTES // 2)) is None
    assert too_big("ü" * (MAX_BYTES // 2 + 1)) is not None


def test_a_file_without_permission_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(EACCES, "Permission denied")

    (tmp_path / "a.yml").write_text("a: 1")
    monkeypatch.setattr(Path, "read_bytes", denied)
    found = refusal(Disk(tmp_path), "a.yml")
    assert found.refusal is Refusal.UNREADABLE
    assert found.message == "It cannot be read: permission denied."


@pytest.mark.parametrize(
    "path", ["../secret.yml", "/../secret.yml", "a/../../secret.yml", "link.yml", "away/secret.yml"]
)
def test_nothing_outside_the_repository_exists(tmp_path: Path, path: str) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    (tmp_path / "secret.yml").write_text("a: 1")
    (root / "link.yml").symlink_to(tmp_path / "secret.yml")
    (root / "away").symlink_to(tmp_path)
    files = RepositoryFiles(Disk(root))
    assert files.read(path) is None
    assert files.exists(path) is False


@pytest.mark.parametrize("path", ["", "/", ".", "folder", "a\0b", "x" * 5000])
def test_what_is_no_file_does_not_exist(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    files = RepositoryFiles(Disk(tmp_path))
    assert files.read(path) is None
    assert files.exists(path) is False


def test_links_within_the_repository_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: 1")
    (tmp_path / "b.yml").symlink_to("a.yml")
    assert RepositoryFiles(Disk(tmp_path)).read("/b.yml") == "a: 1"


def test_git_decides_what_is_listed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name in ("kept.yml", "new ü.yml", "ignored.yml", "gone.yml", "out/x.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / ".gitignore").write_text("ignored.yml\nout/\n")
    git(tmp_path, "add", "kept.yml", "gone.yml")
    (tmp_path / "gone.yml").unlink()
    assert Disk(tmp_path).listing.paths == (".gitignore", "kept.yml", "new ü.yml")


def test_without_git_folders_of_tools_are_left_out(tmp_path: Path) -> None:
    for name in (".gitlab/a.yml", "node_modules/x/b.yml", ".venv/c.yml", "d/e.yml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert Disk(tmp_path).listing.paths == (".gitlab/a.yml", "d/e.yml")


def test_buffers_count_before_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("disk")
    files = RepositoryFiles(Disk(tmp_path), {"a.yml": "buffer", "new.yml": "new"})
    assert files.read("a.yml") == "buffer"
    assert files.exists("new.yml")
    assert files.paths() == ("a.yml", "new.yml")


def test_changed_files_are_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one")
    before = Disk(tmp_path)
    assert before.load("a.yml") == "one"
    assert before.listing.paths == ("a.yml",)
    (tmp_path / "a.yml").write_text("two")
    (tmp_path / "b.yml").write_text("b")
    after = before.changed(["a.yml", "b.yml"])
    assert after.load("a.yml") == "two"
    assert after.listing.paths == ("a.yml", "b.yml")
    assert before.load("a.yml") == "one"
