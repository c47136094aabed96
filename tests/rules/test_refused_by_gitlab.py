"""UVC001 against what GitLab's own classes said about GitLab's own schema tests."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from uvci.rules.check import check
from uvci.rules.pipeline.refused_by_gitlab import RULE
from uvci.rules.rule import Severity

from tests.rules.building import context_of
from tests.shared import SHARED, shared

# Keywords of paid plans: unknown to the free edition that was asked, known to GitLab's users.
PAID = {"negative/secrets.yml", "positive/secrets.yml"}
# GitLab's code failed on these for want of a project, and said nothing about the file.
NO_ANSWER = {"positive/include.yml"}
# Where GitLab stops looking: it checks jobs once all are some, and names one `extends` or need.
STOPS = (
    "config should implement the script:, run:, or trigger: keyword",
    "unknown keys in `extends`",
    "job: undefined need",
)


def cases() -> Iterator[Any]:
    manifest = SHARED / "gitlab-yaml-tests" / "manifest.json"
    for case in json.loads(manifest.read_text()) if manifest.exists() else ():
        if case["file"] not in PAID | NO_ANSWER:
            yield pytest.param(case, id=case["file"])


def refusals(file: str) -> list[str]:
    text = (shared("gitlab-yaml-tests") / file).read_text()
    found = check(context_of(text), [RULE])
    return [one.message for one in found if one.severity is Severity.ERROR]


def test_all_but_three_files_are_judged() -> None:
    shared("gitlab-yaml-tests")
    assert len([*cases()]) == 67


@pytest.mark.parametrize("case", [*cases()])
def test_what_gitlab_refuses(case: dict[str, Any]) -> None:
    said, found = case["gitlab_config_errors"], refusals(case["file"])
    if case["gitlab_config_valid"] is None:  # it includes another project, which nobody asked
        assert found == []
    elif any(stop in message for message in said for stop in STOPS):
        assert set(said) <= set(found)
    else:
        assert sorted(set(found)) == sorted(set(said))
