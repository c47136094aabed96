"""No secret is ever printed, in no format, and not even as what is made of it."""

import json
from hashlib import sha256

import pytest
from uvci.cli.options import Format
from uvci.rules.publishing.secrets import concealed
from uvci.syntax.parse import parse

from tests import secretive
from tests.cli.command_line import CommandLine

WORD = "pl41n-w0rds"
TOKEN = "glpat-Ab3dEf6hIj9lMn2pQr5t"
SECRETS = (WORD, TOKEN)
# Every place a secret can stand at, each next to something else that is found.
PIPELINE = f"""\
variables:
  UV_PUBLISH_PASSWORD: {WORD}
  UV_NO_WRAP: "0"
  UV_PUBLISH_TOKEN:
    value: '{WORD}'
    description: the token
  ELSEWHERE: &anchor {WORD}

.unused:
  variables:
    UV_INDEX_INTERNAL_PASSWORD: {WORD}

publish:
  image: ghcr.io/astral-sh/uv:0.9.17-python3.12-bookwrm-slim  # {TOKEN}
  variables:
    UV_INDEX: https://reader:{WORD}@pypi.example.org/simple http://pypi.example.org/simple
    UV_PUBLISH_USERNAME: ""
    UV_GITHUB_TOKEN: *anchor
    KEY: "{TOKEN}"
  script:
    - export UV_PUBLISH_TOKEN="{WORD}"
    - uv publish --skip-existing --token {WORD} --publish-url http://bot:{WORD}@pypi.example.org/
    - |
      UV_PUBLISH_PASSWORD={WORD} uv publish --skip-existing -t {WORD}
      curl --header "PRIVATE-TOKEN: {TOKEN}" http://example.org
"""
SETTINGS = ["--select", "ALL", "--exit-zero"]


def hashes(report: str) -> set[str]:
    return {issue["fingerprint"] for issue in json.loads(report)}


@pytest.mark.parametrize("form", [form.value for form in Format])
@pytest.mark.parametrize("select", ["ALL", "UVC501", "UVC3", "UVC1"])
def test_no_format_shows_a_secret(uvci: CommandLine, form: str, select: str) -> None:
    uvci.write(".gitlab-ci.yml", PIPELINE)
    outcome = uvci("check", "--output-format", form, "--select", select, "--exit-zero")
    assert "UVC" in outcome.out
    for secret in SECRETS:
        assert secret not in outcome.out + outcome.err
        assert secret[:6] not in outcome.out.replace("glpat-", "")


COMMANDS = [
    *(["check", *SETTINGS, "--output-format", form.value] for form in Format),
    *(["check", "--select", rules, "--exit-zero"] for rules in ("UVC0", "UVC1", "UVC3", "UVC4")),
    ["check", *SETTINGS, "--statistics"],
    ["check", *SETTINGS, "--diff", "--unsafe-fixes"],
    ["check", *SETTINGS, "--diff", "--add-ignore"],
    *(["resolve", "--format", form] for form in ("yaml", "json")),
    *(["resolve", "--origins", "--format", form] for form in ("yaml", "json")),
    *(["resolve", "--job", job] for job in ("test", "publish", ".hidden")),
    *(["resolve", "--job", job, "--format", "json"] for job in ("test", "publish")),
    *(["graph", "--format", form] for form in ("text", "svg", "mermaid")),
    ["graph", "--only", "caches"],
    *(["doctor", ".gitlab-ci.yml", "--output-format", form] for form in ("text", "json")),
    ["doctor"],
    ["migrate"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_shows_a_secret(uvci: CommandLine, command: list[str]) -> None:
    uvci.write(".gitlab-ci.yml", secretive.PIPELINE)
    outcome = uvci(*command)
    assert len(outcome.out + outcome.err) > 20
    assert secretive.leaks(outcome.out + outcome.err) == []


def test_what_is_read_from_standard_input_is_not_shown_either(uvci: CommandLine) -> None:
    outcome = uvci("check", *SETTINGS, "-", stdin=secretive.PIPELINE)
    assert "UVC501" in outcome.out
    assert secretive.leaks(outcome.out + outcome.err) == []


def test_a_migration_shows_no_secret(uvci: CommandLine) -> None:
    _, job = secretive.PIPELINE.split("install:\n")
    text = job.replace(secretive.WORD, secretive.TOKEN)  # found, and so counted, also for pip
    uvci.write(".gitlab-ci.yml", f"install:\n{text}")
    outcome = uvci("migrate")
    assert "uv pip install" in outcome.out
    assert "pip download" in outcome.err
    assert secretive.leaks(outcome.out + outcome.err) == []


def test_resolve_still_shows_all_else(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", secretive.PIPELINE)
    shown = json.loads(uvci("resolve", "--format", "json", "--origins").out)
    values = {".".join(map(str, each["path"])): each["value"] for each in shown}
    assert values["variables.UV_PUBLISH_TOKEN.description"] == "the token"
    assert values["variables.UV_PUBLISH_TOKEN.value"] == "…"
    assert values["publish.variables.UV_PUBLISH_USERNAME"] == ""
    assert values["publish.script.0"] == "export UV_PUBLISH_TOKEN=…"
    assert values["variables.UV_NO_WRAP"] == "0"


def test_every_secret_is_found(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", PIPELINE)
    outcome = uvci("check", "--output-format", "json", "--select", "UVC501", "--exit-zero")
    lines = {finding["start"]["line"] for finding in json.loads(outcome.out)}
    typed = {i + 1 for i, line in enumerate(PIPELINE.splitlines()) if WORD in line or TOKEN in line}
    unused_and_comment = {11, 14}
    assert lines == typed - unused_and_comment


def test_a_quoted_line_keeps_its_width(uvci: CommandLine) -> None:
    uvci.write(
        ".gitlab-ci.yml", f"a:\n  variables:\n    UV_PUBLISH_TOKEN: {WORD}\n  script: [uv]\n"
    )
    outcome = uvci("check", "--select", "UVC501")
    shown = [line for line in outcome.out.splitlines() if "*" * len(WORD) in line]
    assert len(shown) == 1
    assert "^" * len(WORD) in outcome.out


@pytest.mark.parametrize("options", [["--diff"], ["--diff", "--unsafe-fixes"]])
def test_a_diff_shows_no_secret(uvci: CommandLine, options: list[str]) -> None:
    uvci.write(".gitlab-ci.yml", PIPELINE)
    outcome = uvci("check", *options, "--exit-zero")
    assert "@@" in outcome.out
    assert not [secret for secret in SECRETS if secret in outcome.out + outcome.err]


def test_a_fingerprint_does_not_depend_on_the_secret(uvci: CommandLine) -> None:
    found = []
    for word in (WORD, "0ther-w0rds"):
        uvci.write(".gitlab-ci.yml", PIPELINE.replace(WORD, word))
        outcome = uvci("check", "--output-format", "gitlab", "--exit-zero")
        found.append(hashes(outcome.out))
    assert found[0] == found[1]
    assert sha256(WORD.encode()).hexdigest() not in found[0]


def test_what_is_no_secret_stays_readable() -> None:
    text = (
        "a:\n  variables:\n    UV_PUBLISH_TOKEN: $CI_JOB_TOKEN\n    NAME: value\n"
        "  needs: [pypi-publish-1, pypi-attestations]\n"
        '  script:\n    - uv publish --token "$T" --username bot\n    - uv pip install -p 3.12 x\n'
        "    - uv sync --index https://gitlab-ci-token:${CI_JOB_TOKEN}@example.org/simple\n"
    )
    assert concealed(parse(text)) == text


def test_a_password_that_is_a_word_is_hidden_where_it_stands_only(uvci: CommandLine) -> None:
    uvci.write(
        ".gitlab-ci.yml",
        "test:\n  services: [postgres]\n  variables:\n    URL: pg://app:postgres@postgres/app\n"
        "  script: [uv run pytest]\n",
    )
    shown = uvci("resolve").out
    assert "- postgres" in shown
    assert "pg://app:…@postgres/app" in shown


@pytest.mark.parametrize("typed", ["'{}'", '"{}"', ">-\n      {}", "|\n      {}", "{}  # why"])
def test_a_secret_is_hidden_however_it_is_typed(typed: str) -> None:
    text = f"a:\n  variables:\n    UV_PUBLISH_TOKEN: {typed.format(WORD)}\n  script: [uv publish]\n"
    shown = concealed(parse(text))
    assert len(shown) == len(text)
    assert shown == text.replace(WORD, "*" * len(WORD))
