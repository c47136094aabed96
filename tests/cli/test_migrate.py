"""`uvci migrate`: what it shows, what it writes, and what it says of jobs that stay."""

import pytest

from tests.cli.command_line import CommandLine

PIPELINE = """\
.python:
  image: python:3.13-slim  # small
  before_script:
    - pip install ruff

lint:
  extends: .python
  script: [ruff check]

own:
  image: registry.example.com/own
  script:
    - pip install ruff

odd:
  image: python:3.13-slim
  script:
    - pip install $ODD
    - pip install black
"""
ALIKE = "`registry.example.com/own` may hold more than Python: no image of uv is known to be alike."


@pytest.fixture
def pipeline(uvci: CommandLine) -> CommandLine:
    uvci.write(".git/HEAD", "")
    uvci.write(".gitlab-ci.yml", PIPELINE)
    return uvci


def test_all_jobs_are_shown_and_nothing_is_written(pipeline: CommandLine) -> None:
    done = pipeline("migrate")
    assert done.code == 0
    assert "-    - pip install ruff\n+    - uv pip install --system ruff\n" in done.out
    assert "-python3.13-trixie-slim  # small\n" in done.out
    assert done.err.splitlines() == [
        "uvci: .python: 1 command becomes uv's",
        f"uvci: own: stays as it is. {ALIKE}",
        "uvci: odd: 1 command becomes uv's",
        "uvci: odd: `pip install $ODD` stays: `$ODD` may hold options",
    ]
    assert pipeline.read(".gitlab-ci.yml") == PIPELINE


def test_one_job_is_written(pipeline: CommandLine) -> None:
    done = pipeline("migrate", "--job", "odd", "--write", ".gitlab-ci.yml")
    assert (done.code, done.out) == (0, "")
    text = pipeline.read(".gitlab-ci.yml")
    assert text.startswith(PIPELINE.partition("odd:")[0])
    assert "    - pip install $ODD\n    - uv pip install --system black\n" in text
    again = pipeline("migrate", "--job", "odd")
    assert again.out == ""


def test_a_job_that_cannot_be_migrated_is_a_failure_where_it_is_named(
    pipeline: CommandLine,
) -> None:
    assert pipeline("migrate", "--job", "own").code == 1
    missing = pipeline("migrate", "--job", "nothing")
    assert missing.code == 2
    assert "has no job `nothing`" in missing.err


def test_the_jobs_of_an_included_file_are_migrated_in_it(uvci: CommandLine) -> None:
    uvci.write(".git/HEAD", "")
    uvci.write(".gitlab-ci.yml", "include: ci/lint.yml\ntest: {script: [date]}\n")
    job = "lint:\n  image: python:3.13\n  script:\n    - pip install ruff\n"
    uvci.write("ci/lint.yml", job)
    done = uvci("migrate", "--write", "ci/lint.yml")
    assert (done.code, done.err) == (0, "uvci: lint: 1 command becomes uv's\n")
    text = uvci.read("ci/lint.yml")
    assert text.count("image:") == 1
    assert "    - uv pip install --system ruff\n" in text
