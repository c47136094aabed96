"""Secrets that no edit of the file alone gets rid of are left to their author."""

import pytest
from uvci.rules.check import check
from uvci.rules.proof import proven_fixes

from tests.rules.building import context_of
from tests.rules.reading import read_cases

LEFT = (
    "exported in a branch, which would be empty without it",
    "a token within a longer variable that is kept as typed",
    "a token in single quotes, where no variable is put in",
    "two tokens that cannot be one variable",
    "the name is taken",
    "another job sets the variable otherwise, which the project's would hide",
)


@pytest.mark.parametrize("title", LEFT)
def test_a_secret_has_no_fix(title: str) -> None:
    case = next(one for one in read_cases() if (one.code, one.title) == ("UVC501", title))
    context = context_of(case.text)
    found = [finding for finding in check(context) if finding.rule.code == "UVC501"]
    assert found
    assert [proven_fixes(finding, context) for finding in found] == [()] * len(found)


def test_a_fix_names_the_variable_that_the_project_must_have() -> None:
    context = context_of("a:\n  script:\n    - uv publish --token wh4tever-it-1s\n")
    [finding] = [one for one in check(context) if one.rule.code == "UVC501"]
    [fix] = proven_fixes(finding, context)
    assert fix.title == (
        "Drop `--token`, once `UV_PUBLISH_TOKEN` is a masked CI/CD variable of the project"
    )
