"""The other sub-commands."""

import json
import subprocess
import sys

import pytest
from uvci import __version__
from uvci.catalog.versions import newest
from uvci.rules.registry import RULES

from tests.cli.command_line import BAD, CommandLine, process


def test_the_version(uvci: CommandLine) -> None:
    assert uvci("--version").out == f"uvci {__version__}\n"


def test_help_names_every_command(uvci: CommandLine) -> None:
    done = uvci("--help")
    assert done.code == 0
    for command in ("check", "rule", "resolve", "doctor", "catalog", "server"):
        assert f"\n  {command} " in done.out
        assert uvci(command, "--help").code == 0


def test_no_command_shows_the_help(uvci: CommandLine) -> None:
    done = uvci()
    assert done.code == 2
    assert "Commands:" in done.err + done.out


@pytest.mark.parametrize("name", ["UVC101", "uvc101", "unpublished-image-tag"])
def test_a_rule_is_explained(uvci: CommandLine, name: str) -> None:
    done = uvci("rule", name)
    assert done.code == 0
    assert done.out.startswith("# unpublished-image-tag (UVC101)\n")
    for heading in ("What it does", "Why it matters", "Example", "Use instead", "References"):
        assert f"\n## {heading}\n" in done.out


def test_rules_are_listed(uvci: CommandLine) -> None:
    lines = uvci("rule").out.splitlines()
    assert [line.split()[:2] for line in lines] == [[rule.code, rule.name] for rule in RULES]
    listed = json.loads(uvci("rule", "--output-format", "json").out)
    assert [each["code"] for each in listed] == [rule.code for rule in RULES]
    table = uvci("rule", "--output-format", "markdown").out
    assert table.count("\n| [UVC") == len(RULES)
    assert "What it does" not in table


def test_all_rules_at_once(uvci: CommandLine) -> None:
    page = uvci("rule", "--all").out
    assert all(f"## {rule.name} ({rule.code})" in page for rule in RULES)
    records = json.loads(uvci("rule", "--all", "--output-format", "json").out)
    assert all(record["what"] and record["examples"] for record in records)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rule", "unpublished-image-tga"), "Did you mean UVC101 (unpublished-image-tag)?"),
        (("rule", "nonsense"), "`uvci rule` lists them all."),
        (("rule", "UVC101", "--all"), "give a CODE or --all, not both."),
        (("server", "--stdio", "--tcp", "0"), "--stdio and --tcp exclude each other."),
        (("server", "--tcp", "99999"), "99999 is not in the range"),
        (("resolve", "nope.yml"), "'nope.yml' does not exist."),
    ],
)
def test_wrong_usage(uvci: CommandLine, arguments: tuple[str, ...], said: str) -> None:
    done = uvci(*arguments)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1


def test_the_catalog(uvci: CommandLine) -> None:
    assert str(newest()) in uvci("catalog").out
    known = json.loads(uvci("catalog", "--output-format", "json").out)
    assert known["newest_uv"]["version"] == str(newest())


def test_the_doctor_tells_why(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "include: /ci/a.yml\n" + BAD)
    uvci.write("ci/a.yml", ".a:\n  script: [a]\n")
    uvci.write("compose.yml", "a: 1\n")
    uvci.write("pyproject.toml", '[tool.uvci]\nignore = ["UVC103"]\nnope = 1\n')
    answers = {
        path: dict(json.loads(uvci("doctor", path, "--output-format", "json").out)[path])
        for path in (".gitlab-ci.yml", "ci/a.yml", "compose.yml", "missing.yml")
    }
    assert answers[".gitlab-ci.yml"]["looked at"] == "yes: pipelines start from it"
    assert answers["ci/a.yml"]["looked at"] == "yes: it is included by .gitlab-ci.yml"
    assert answers["compose.yml"]["looked at"].startswith("no: its name is none of")
    assert answers["missing.yml"]["text"] == "there is no such file"
    text = uvci("doctor").out
    assert f"version           {__version__}" in text
    assert "UVC103 (from pyproject.toml)" in text
    assert "pyproject.toml:3: There is no setting `nope`." in text


def test_the_doctor_looks_for_what_the_settings_name(uvci: CommandLine) -> None:
    uvci.write("ci/main.yml", BAD)
    uvci.write("ci/uvci.toml", 'root = ["main.yml", "gone.yml"]\nincludes = { "a/b" = "gone" }\n')
    text = uvci("doctor", "ci/main.yml").out
    assert text.count("\n  wrong ") == 2
    assert "`root` names `ci/gone.yml`, and there is no such file." in text
    assert "`includes.a/b` names `gone`, and there is no such folder." in text


def test_the_server_speaks_the_protocol(uvci: CommandLine) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "shutdown"})
    leave = json.dumps({"jsonrpc": "2.0", "method": "exit"})
    start = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 0,
            "method": "initialize",
            "params": {"processId": None, "rootUri": None, "capabilities": {}},
        }
    )
    sent = (start, body, leave)
    messages = "".join(f"Content-Length: {len(each)}\r\n\r\n{each}" for each in sent)
    done = subprocess.run(
        [sys.executable, "-m", "uvci", "server", "--stdio"],
        cwd=uvci.folder,
        input=messages.encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert b'"name": "uvci"' in done.stdout or b'"name":"uvci"' in done.stdout


def test_the_module_runs(uvci: CommandLine) -> None:
    assert process(uvci.folder, "--version").stdout == f"uvci {__version__}\n"


def test_a_mistake_of_its_own_is_told_without_a_traceback(
    uvci: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ValueError("no\nway")

    uvci.write(".gitlab-ci.yml", BAD)
    monkeypatch.setattr("uvci.cli.run.run_check", broken)
    monkeypatch.delenv("UVCI_TRACEBACK")
    done = uvci("check")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(
        "uvci: a mistake of uvci itself, please report it: ValueError: no way\n"
    )
