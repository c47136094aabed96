"""Snapshots: what an edit changes, what it leaves, and what is found over several pipelines."""

import subprocess
from pathlib import Path

from uvci.rules.rule import Severity
from uvci.workspace.interruption import Work, WorkStoppedError, at_work
from uvci.workspace.settings import read_settings
from uvci.workspace.snapshot import Snapshot

BAD = "ghcr.io/astral-sh/uv:0.9.17-python3.12-bookwrm-slim"
JOB = f"test:\n  image: {BAD}\n  script: [echo]\n"


def write(root: Path, files: dict[str, str]) -> Snapshot:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Snapshot.open(root)


def codes(snapshot: Snapshot, path: str) -> list[str]:
    return [finding.rule.code for finding in snapshot.findings(path)]


def test_a_snapshot_never_changes(tmp_path: Path) -> None:
    first = write(tmp_path, {".gitlab-ci.yml": JOB})
    second = first.with_buffer(".gitlab-ci.yml", "test:\n  script: [echo]\n")
    third = second.without_buffer(".gitlab-ci.yml")
    assert codes(second, ".gitlab-ci.yml") == []
    assert codes(first, ".gitlab-ci.yml") == ["UVC101"]
    assert codes(third, ".gitlab-ci.yml") == ["UVC101"]


def test_an_edit_leaves_other_pipelines_alone(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {"a/.gitlab-ci.yml": JOB, "b/.gitlab-ci.yml": JOB})
    kept = snapshot.pipeline("b/.gitlab-ci.yml")
    changed = snapshot.pipeline("a/.gitlab-ci.yml")
    after = snapshot.with_buffer("a/.gitlab-ci.yml", "x:\n  script: [echo]\n")
    assert after.pipeline("b/.gitlab-ci.yml") is kept
    assert after.pipeline("a/.gitlab-ci.yml") is not changed


def test_an_edit_of_an_included_file_reaches_its_pipeline(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "include: /ci/base.yml\ntest:\n  extends: .base\n",
            "ci/base.yml": ".base:\n  script: [echo]\n",
        },
    )
    assert codes(snapshot, ".gitlab-ci.yml") == []
    after = snapshot.with_buffer("ci/base.yml", f".base:\n  image: {BAD}\n  script: [echo]\n")
    assert after.dependents("ci/base.yml") >= {".gitlab-ci.yml", "ci/base.yml"}
    assert codes(after, "ci/base.yml") == ["UVC101"]
    assert after.findings("ci/base.yml")[0].jobs == ("test",)


def test_a_file_that_appears_is_found(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {".gitlab-ci.yml": "include: /ci/base.yml\n" + JOB})
    assert "UVC001" in codes(snapshot, ".gitlab-ci.yml")
    write(tmp_path, {"ci/base.yml": ".x: {script: [a]}\n"})
    after = snapshot.with_changed_files(["ci/base.yml"])
    assert ".gitlab-ci.yml" in after.dependents("ci/base.yml")
    assert "UVC001" not in codes(after, ".gitlab-ci.yml")


def test_a_mistake_in_a_shared_file_is_said_once(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "include: /base.yml\nchild:\n  trigger: {include: /child.yml}\n",
            "child.yml": "include: /base.yml\nother:\n  script: [echo]\n",
            "base.yml": JOB,
        },
    )
    assert snapshot.roots_of("base.yml") == (".gitlab-ci.yml", "child.yml")
    assert codes(snapshot, "base.yml") == ["UVC101"]


def test_a_suppression_is_unused_only_where_no_pipeline_uses_it(tmp_path: Path) -> None:
    base = f".base:\n  image: {BAD}  # uvci: ignore[UVC101]\n  script: [echo]\n"
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "include: /base.yml\nchild:\n  trigger: {include: /child.yml}\n",
            "child.yml": "include: /base.yml\nother:\n  extends: .base\n",
            "base.yml": base,
        },
    )
    assert codes(snapshot, "base.yml") == []


def test_settings_decide_what_is_said(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path, {".gitlab-ci.yml": JOB, "uvci.toml": '[severity]\nUVC101 = "hint"\n'}
    )
    assert [f.severity for f in snapshot.findings(".gitlab-ci.yml")] == [Severity.HINT]
    editor = read_settings({"ignore": ["UVC101"]}, "editor")
    assert codes(snapshot.with_override(editor.over), ".gitlab-ci.yml") == []


def test_per_file_ignores(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": JOB,
            "pyproject.toml": '[tool.uvci.per-file-ignores]\n".gitlab-ci.yml" = ["UVC101"]\n',
        },
    )
    assert codes(snapshot, ".gitlab-ci.yml") == []


def test_changed_settings_count_at_once(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {".gitlab-ci.yml": JOB})
    assert codes(snapshot, ".gitlab-ci.yml") == ["UVC101"]
    write(tmp_path, {"uvci.toml": 'ignore = ["UVC101"]\n'})
    assert codes(snapshot.with_changed_files(["uvci.toml"]), ".gitlab-ci.yml") == []


def test_fixes_are_proven_and_edit_the_right_place(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {".gitlab-ci.yml": JOB})
    (finding,) = snapshot.findings(".gitlab-ci.yml")
    fix = next(fix for fix in finding.fixes() if fix.preferred)
    (edit,) = fix.edits
    assert edit.edit.content.endswith("0.9.17-python3.12-bookworm-slim")
    assert snapshot.findings(".gitlab-ci.yml")[0].fixes() is finding.fixes()


def test_the_view_is_of_the_same_moment(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {".gitlab-ci.yml": JOB, "pyproject.toml": "[project]\n"})
    view = snapshot.with_buffer(".gitlab-ci.yml", "x:\n  script: [echo]\n").view(".gitlab-ci.yml")
    assert view is not None
    assert view.document.text == "x:\n  script: [echo]\n"
    assert [job.name for job in view.pipeline.jobs] == ["x"]
    assert view.pipeline.files[0].document is view.document
    assert view.project.has_pyproject


def test_a_text_that_gitlab_would_not_read(tmp_path: Path) -> None:
    snapshot = write(tmp_path, {".gitlab-ci.yml": "# " + "x" * (2 * 1024 * 1024)})
    (finding,) = snapshot.findings(".gitlab-ci.yml")
    assert finding.rule.code == "UVC001"
    assert finding.message.startswith("The provided YAML is too big")
    assert snapshot.view(".gitlab-ci.yml") is None


def test_another_project_is_read_where_the_settings_say(tmp_path: Path) -> None:
    snapshot = write(
        tmp_path / "here",
        {
            ".gitlab-ci.yml": "include:\n  - project: group/templates\n    file: /base.yml\n"
            "test:\n  extends: .base\n",
            "uvci.toml": '[includes]\n"group/templates" = "../templates"\n',
        },
    )
    write(tmp_path / "templates", {"base.yml": ".base:\n  script: [echo]\n"})
    pipeline = snapshot.pipeline(".gitlab-ci.yml")
    assert pipeline.unread == ()
    assert [job.keywords.get("script") is not None for job in pipeline.jobs] == [True]


def test_work_that_nobody_wants_stops_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / ".gitlab-ci.yml").write_text("include: ci/jobs.yml\n")
    (tmp_path / "ci/jobs.yml").write_text(
        "test:\n  image: astral/uv:0.10.0-bookworm\n  script: [uv sync]\n"
    )
    wanted = [each.message for each in Snapshot.open(tmp_path).findings("ci/jobs.yml")]
    snapshot, stops, told = Snapshot.open(tmp_path), 0, []
    for most in range(200):
        calls = iter(range(most))
        work = Work(lambda left=calls: next(left, None) is None, lambda *what: told.append(what))
        try:
            with at_work(work):
                found = snapshot.findings("ci/jobs.yml")
        except WorkStoppedError:
            stops += 1
        else:
            break
    assert stops > 20
    assert [each.message for each in found] == wanted
    assert (".gitlab-ci.yml", 0, 1) in told


def test_an_included_file_that_cannot_be_read_leaves_the_rest_working(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_bytes(b"a: \xe9\n")
    snapshot = write(tmp_path, {".gitlab-ci.yml": "include: [odd.yml, none.yml]\n" + JOB})
    found = snapshot.findings(".gitlab-ci.yml")
    assert [finding.message for finding in found if finding.rule.code == "UVC001"] == [
        "Local file `odd.yml` cannot be read; save it as UTF-8, in at most 2 MiB.",
        "Local file `none.yml` does not exist!",
    ]
    assert "UVC101" in [finding.rule.code for finding in found]


def test_what_git_ignores_no_job_will_see(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    snapshot = write(
        tmp_path,
        {
            ".gitlab-ci.yml": "test:\n  image: python:3.13\n  cache: {key: {files: [uv.lock]}}\n"
            "  script: [uv sync]\n",
            ".gitignore": "*.py[cod]\n.uv-cache/\n",
            "pyproject.toml": '[project]\nname = "app"\nversion = "1"\n',
            "uv.lock": "version = 1\n",
        },
    )
    assert snapshot.project(".gitlab-ci.yml").has_lock
    (tmp_path / ".gitignore").write_text("uv.loc?\n")
    ignored = snapshot.with_changed_files([".gitignore"])
    assert not ignored.project(".gitlab-ci.yml").has_lock
    assert set(codes(ignored, ".gitlab-ci.yml")) - set(codes(snapshot, ".gitlab-ci.yml")) == {
        "UVC207"
    }
    subprocess.run(["git", "add", "--force", "uv.lock"], cwd=tmp_path, check=True)
    assert ignored.with_changed_files([".gitignore"]).project(".gitlab-ci.yml").has_lock is True
