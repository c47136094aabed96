"""What UVC303, UVC305 and UVC403 call an error fails with a real uv, what they accept does not."""

import re
from pathlib import Path

import pytest
from uvci.catalog.availability import Availability
from uvci.catalog.commands import find_command, find_flag
from uvci.catalog.conflicts import Conflict, all_conflicts
from uvci.catalog.variable import Kind
from uvci.catalog.variables import find_variable
from uvci.catalog.versions import UvVersion
from uvci.rules.commands import system_flag_conflict
from uvci.rules.rule import Finding, Rule
from uvci.rules.variables import conflicting_uv_variables, invalid_uv_value

from tests.catalog.uv_binary import HARMLESS, Outcome, run_uv
from tests.rules.building import context_of

pytestmark = pytest.mark.slow

VERSIONS = ("0.8.24", "0.10.12", "0.13.9")
COMMANDS = ("sync", "pip install", "python find")
REFUSED = ("invalid value", "value is required", "Failed to parse", "not a valid")
EXCLUDED = ("cannot be used with", "used together")
# Read by uv's code, not by the reader of its arguments.
ENDING_WITH_1 = {
    "UV_PYTHON_DOWNLOADS",
    "UV_CONCURRENT_BUILDS",
    "UV_CONCURRENT_DOWNLOADS",
    "UV_CONCURRENT_INSTALLS",
}
VALUES = {
    "UV_COMPILE_BYTECODE": ["yes", "0", "", "2"],
    "UV_CONCURRENT_BUILDS": ["", "3"],
    "UV_CONCURRENT_DOWNLOADS": ["4", "", "0", "-1", "many"],
    "UV_CONCURRENT_INSTALLS": ["1.5"],
    "UV_EXCLUDE_NEWER": ["2024-01-01", "2024-1-1", "7 days", "yesterday", ""],
    "UV_FORK_STRATEGY": ["fewest", "least"],
    "UV_FROZEN": ["true", "", "maybe"],
    "UV_HTTP_RETRIES": ["3", "three", ""],
    "UV_HTTP_TIMEOUT": ["120", "120s", "1.5", ""],
    "UV_INDEX_STRATEGY": ["first-index", "all", ""],
    "UV_KEYRING_PROVIDER": ["disabled", "file"],
    "UV_LINK_MODE": ["copy", "hard", ""],
    "UV_LOCKED": ["off", "", "x"],
    "UV_NO_CACHE": ["1", "", "2"],
    "UV_NO_PROGRESS": ["on", "", "never"],
    "UV_NO_SYNC": ["t", "", "nope"],
    "UV_OFFLINE": ["false", "", "maybe"],
    "UV_PRERELEASE": ["allow", "maybe"],
    "UV_PYTHON_DOWNLOADS": ["never", "sometimes", ""],
    "UV_PYTHON_PREFERENCE": ["system", "any", ""],
    "UV_RESOLUTION": ["lowest", "oldest"],
    "UV_SYSTEM_PYTHON": ["no", "", "2"],
}


def found(rule: Rule, version: str, variables: dict[str, str], command: str) -> list[Finding]:
    """What the rule says about a job with these variables and one command."""
    listed = "".join(f'    {name}: "{text}"\n' for name, text in variables.items())
    text = (
        "test:\n"
        f"  image: ghcr.io/astral-sh/uv:{version}-debian-slim\n"
        f"  variables:\n{listed}"
        f"  script:\n    - uv {command}\n"
    )
    return [*rule.check(context_of(text))]


def stated(finding: Finding) -> int:
    """The exit code that a message names."""
    code = re.search(r"exit code (\d)", finding.message)
    assert code is not None, finding.message
    return int(code[1])


def release(text: str) -> UvVersion:
    version = UvVersion.parse(text)
    assert version is not None
    return version


def says(outcome: Outcome, usual: Outcome, signs: tuple[str, ...]) -> bool:
    return outcome.exit_code != 0 and any(
        sign in outcome.errors and sign not in usual.errors for sign in signs
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_values_that_the_rule_refuses_are_refused(version: str, tmp_path: Path) -> None:
    told = kept = 0
    for command in COMMANDS:
        arguments = HARMLESS[command]
        usual = run_uv(release(version), arguments, {}, tmp_path)
        for name, texts in VALUES.items():
            for text in texts:
                findings = found(invalid_uv_value.RULE, version, {name: text}, " ".join(arguments))
                outcome = run_uv(release(version), arguments, {name: text}, tmp_path)
                label = (name, text, command, [one.message for one in findings], outcome)
                if findings:
                    told += 1
                    assert outcome.exit_code == stated(findings[0]), label
                    assert outcome.exit_code == 2 or name in ENDING_WITH_1, label
                else:
                    kept += 1
                    assert not says(outcome, usual, REFUSED), label
    assert told > 40
    assert kept > 40


SETTINGS = {
    "UV_PYTHON_PREFERENCE": "system",
    "UV_PUBLISH_URL": "https://example.invalid/",
    "UV_PUBLISH_CHECK_URL": "https://example.invalid/simple",
}


def settings(name: str) -> list[str]:
    """Values that switch a variable on and, for booleans, off."""
    variable = find_variable(name)
    assert variable is not None
    if variable.kind is Kind.BOOLEAN:
        return ["1", "0"]
    return [SETTINGS.get(name, "x")]


def commands(conflict: Conflict, version: UvVersion) -> list[str]:
    """Commands to try it with, two at most, that this release has."""
    return [
        words for words in HARMLESS if conflict.concerns(words) and _has(words, conflict, version)
    ][:2]


def _has(words: str, conflict: Conflict, version: UvVersion) -> bool:
    match = find_command(words.split(), version)
    if match is None or match.availability is not Availability.KNOWN:
        return False
    flag = find_flag(match.command, conflict.second, version) if conflict.with_flag else None
    return not conflict.with_flag or bool(flag and flag.availability is Availability.KNOWN)


def refuses(outcome: Outcome) -> bool:
    return outcome.exit_code == 2 and any(sign in outcome.errors for sign in EXCLUDED)


@pytest.mark.parametrize("version", VERSIONS)
def test_variables_that_the_rule_keeps_apart_exclude_each_other(
    version: str, tmp_path: Path
) -> None:
    told = kept = 0
    for conflict in all_conflicts():
        if conflict.with_flag or conflict.only_value:
            continue
        for command in commands(conflict, release(version)):
            arguments = HARMLESS[command]
            for first in settings(conflict.first):
                for second in settings(conflict.second):
                    variables = {conflict.first: first, conflict.second: second}
                    findings = found(
                        conflicting_uv_variables.RULE, version, variables, " ".join(arguments)
                    )
                    outcome = run_uv(release(version), arguments, variables, tmp_path)
                    label = (command, variables, [one.message for one in findings], outcome)
                    assert bool(findings) == refuses(outcome), label
                    told += bool(findings)
                    kept += not findings
    assert told > 5
    assert kept > 5 or version == "0.8.24"  # where a boolean that is off counts as set


@pytest.mark.parametrize("version", VERSIONS)
def test_flags_that_the_rule_keeps_from_variables_are_refused(version: str, tmp_path: Path) -> None:
    told = kept = 0
    for conflict in all_conflicts():
        if not conflict.with_flag or conflict.only_value or "publish" in conflict.commands:
            continue
        for command in commands(conflict, release(version)):
            words = len(command.split())
            taken = ["x"] if conflict.second in ("--only-group", "--package") else []
            line = [*HARMLESS[command][:words], conflict.second, *taken, *HARMLESS[command][words:]]
            for value in settings(conflict.first):
                variables = {conflict.first: value}
                findings = found(system_flag_conflict.RULE, version, variables, " ".join(line))
                outcome = run_uv(release(version), line, variables, tmp_path)
                label = (line, variables, [one.message for one in findings], outcome)
                assert bool(findings) == refuses(outcome), label
                told += bool(findings)
                kept += not findings
    assert told > 20
    assert kept > 5
