"""What GitLab's own classes computed, equal in every part."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from uvci.pipeline.resolve import resolve

from tests.pipeline.pipelines import folder
from tests.shared import SHARED, shared

# The oracle looked for files on disk, where `../` leads back to the same folder. In a repository
# GitLab finds nothing there.
OTHER_WORDS = {"include-local/.gitlab-ci-invalid-config-directory-traversal.yml"}
# Keywords of paid plans, which the oracle's free edition does not know and others use.
PAID = {"negative/secrets.yml", "positive/secrets.yml"}


def preview_cases() -> Iterator[Any]:
    if (root := SHARED / "preview-oracle").exists():
        for case in sorted(path for path in root.iterdir() if path.is_dir()):
            entry = json.loads((case / "case.json").read_text())["entry"]
            yield pytest.param(case.name, entry, id=case.name)


def local_cases() -> Iterator[Any]:
    index = SHARED / "gitlab-ci-local-cases" / "index.json"
    for case in json.loads(index.read_text()) if index.exists() else ():
        if case["unresolvable"] is None:
            name = f"{case['case']}/{case['entry']}"
            yield pytest.param(case["case"], case["entry"], id=name)


def manifest_cases() -> Iterator[Any]:
    manifest = SHARED / "gitlab-yaml-tests" / "manifest.json"
    for case in json.loads(manifest.read_text()) if manifest.exists() else ():
        if case["gitlab_config_valid"] is not None and case["file"] not in PAID:
            yield pytest.param(case, id=case["file"])


def test_the_cases_are_there() -> None:
    shared("preview-oracle")
    assert len([*preview_cases()]) == 32
    assert len([*local_cases()]) == 71
    assert len([*manifest_cases()]) == 65


@pytest.mark.parametrize(("case", "entry"), [*preview_cases()])
def test_preview(case: str, entry: str) -> None:
    path = shared("preview-oracle") / case
    expected = json.loads((path / "expected.gitlab.json").read_text())
    assert resolve(entry, folder(path / "input")) == expected


@pytest.mark.parametrize(("case", "entry"), [*local_cases()])
def test_local_cases(case: str, entry: str) -> None:
    path = shared("gitlab-ci-local-cases") / case
    stored = path / "expected" / f"{entry.lstrip('.')}.gitlab.json"
    expected = json.loads(stored.read_text())
    result = resolve(entry, folder(path))
    if f"{case}/{entry}" in OTHER_WORDS:
        assert (result["valid"], expected["valid"]) == (False, False)
    else:
        assert result == expected


@pytest.mark.parametrize("case", [*manifest_cases()])
def test_refusals_of_schema_tests(case: dict[str, Any]) -> None:
    files = folder(shared("gitlab-yaml-tests"))
    result = resolve(case["file"], files)
    assert result["valid"] is case["gitlab_config_valid"]
    assert result["errors"] == case["gitlab_config_errors"]
