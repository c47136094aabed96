"""Commands of real pipelines: what rules say of them is what real releases of uv say."""

import subprocess
from collections.abc import Iterator
from functools import cache

import pytest
from uvci.pipeline.scripts import uv_commands
from uvci.rules.check import check
from uvci.rules.commands import unknown_uv_command, unknown_uv_flag
from uvci.rules.rule import Context

from tests.catalog.uv_binary import uv_binary
from tests.rules.building import context_of
from tests.rules.corpus import roots
from tests.shared import shared

pytestmark = pytest.mark.slow

VERSIONS = ("0.4.30", "0.6.17", "0.8.24", "0.10.12", "0.12.5", "0.13.9")
RULES = (unknown_uv_command.RULE, unknown_uv_flag.RULE)
MISTAKES = """\
uv install
uv sync --no-root
uv sync --all-group
uv sync --version
uv run --no-install-project
uv --locked sync
uv lock --check --system
uv pip isntall ruff
uv pip install -qy ruff
uv pip install -t lib ruff
uv pip uninstall -y ruff
uv cache clean --ci
uv cache clear
uv tool install -w twine hatch
uv tree --outdated --invert
uv python upgrade
uv self version
uv format --check
uv audit --frozen
"""


@cache
def calls() -> tuple[str, ...]:
    """Every known call of uv, up to the program that it starts."""
    found = {call for root in roots(shared("corpus") / "uv") for call in calls_in(root.context())}
    return tuple(sorted(found.union(MISTAKES.splitlines())))


def calls_in(context: Context) -> Iterator[str]:
    for job in context.pipeline.jobs:
        for call in uv_commands(job):
            command = call.command
            child = command.child[0].span.start if command.child else command.span.end
            text = call.line.text[command.name_span.start : child].replace("\\\n", " ")
            if text.startswith("uv ") and not set(text) & set("\"'$`()\n") and not command.opaque:
                yield " ".join(text.split())


def is_refused(call: str, at: str) -> bool:
    """Whether that uv stops at the words of a call; asked for help, it does nothing else."""
    command = [uv_binary(at), *call.split()[1:], "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "unexpected argument" in done.stderr or "unrecognized subcommand" in done.stderr


@pytest.mark.parametrize("at", VERSIONS)
def test_calls_are_refused_by_the_rules_that_are_refused_by_uv(at: str) -> None:
    lines = "".join(f"    - {call}\n" for call in calls())
    context = context_of(f"test:\n  image: ghcr.io/astral-sh/uv:{at}\n  script:\n{lines}")
    text = context.pipeline.files[0].document.text
    told = {text.count("\n", 0, finding.span.start) - 3 for finding in check(context, RULES)}
    refused = {index for index, call in enumerate(calls()) if is_refused(call, at)}
    assert [calls()[index] for index in told ^ refused] == []
    assert len(calls()) > 50
    assert len(refused) > 8
