"""The hooks for pre-commit: which files they are given, and that their commands are understood."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from uvci.workspace.names import is_pipeline_name

from tests.cli.command_line import BAD, BAD_TAG, CommandLine

TOP = Path(__file__).resolve().parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())
BY_ID = {hook["id"]: hook for hook in HOOKS}

NAMES = {
    ".gitlab-ci.yml": True,
    ".gitlab-ci.yaml": True,
    "sub/folder/.gitlab-ci.yml": True,
    "python.gitlab-ci.yml": True,
    "ci/python.gitlab-ci.yaml": True,
    ".gitlab/ci.yml": True,
    ".gitlab/ci/deep/test.yaml": True,
    "sub/.gitlab/ci.yml": True,
    "docker-compose.yml": False,
    "ci/test.yml": False,
    "gitlab-ci.yml": False,
    ".gitlab-ci.yml.orig": False,
    ".gitlab-ci.yml/readme.md": False,
    ".gitlab/CODEOWNERS": False,
    ".gitlab/issue_templates/bug.md": False,
    "my.gitlab/ci.yml": False,
    ".gitlabs/ci.yml": False,
    ".github/workflows/gitlab.yml": False,
    "mkdocs.yml": False,
}


def test_both_hooks_are_there() -> None:
    assert sorted(BY_ID) == ["uvci-check", "uvci-fix"]
    for hook in HOOKS:
        assert hook["language"] == "python"
        assert hook["require_serial"] is True
        assert hook["files"] == HOOKS[0]["files"]


@pytest.mark.parametrize("name", NAMES)
def test_the_files_they_are_given(name: str) -> None:
    assert bool(re.search(BY_ID["uvci-check"]["files"], name)) is NAMES[name]
    if NAMES[name]:
        assert is_pipeline_name(name)


def command(hook: str) -> list[str]:
    name, *arguments = shlex.split(BY_ID[hook]["entry"])
    assert name == "uvci"
    return arguments


def test_check_fails_on_a_finding_and_leaves_other_yaml_alone(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD)
    uvci.write(".gitlab/agents/a/config.yaml", "a: 1\n")
    assert uvci(*command("uvci-check"), ".gitlab-ci.yml").code == 1
    assert uvci(*command("uvci-check"), ".gitlab/agents/a/config.yaml").code == 0


def test_check_looks_at_the_pipeline_of_an_included_file(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "include: /.gitlab/base.yml\nunit:\n  extends: .base\n")
    uvci.write(".gitlab/base.yml", f".base:\n  image: {BAD_TAG}\n  script: [echo]\n")
    done = uvci(*command("uvci-check"), ".gitlab/base.yml")
    assert done.code == 1
    assert "job `unit`" in done.out


def test_fix_changes_the_file_and_leaves_judging_to_the_diff(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", BAD + "other:\n  stage: nope\n  script: [a]\n")
    assert uvci(*command("uvci-fix"), ".gitlab-ci.yml").code == 0
    assert "bookworm" in uvci.read(".gitlab-ci.yml")


def test_this_project_uses_the_same_pattern() -> None:
    own = yaml.safe_load((TOP / ".pre-commit-config.yaml").read_text())
    (hook,) = [
        hook for repo in own["repos"] for hook in repo["hooks"] if hook["id"] == "uvci-check"
    ]
    assert hook["files"] == BY_ID["uvci-check"]["files"]
    assert hook["entry"] == BY_ID["uvci-check"]["entry"]
