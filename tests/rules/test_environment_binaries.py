"""What UVC401 says of `uv pip install`, and each of its fixes, tried with real releases of uv."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from uvci.pipeline.scripts import uv_commands
from uvci.rules.check import check
from uvci.rules.commands import pip_without_environment
from uvci.rules.proof import fixed_texts, proven_fixes
from uvci.rules.rule import Context

from tests.catalog.uv_binary import uv_binary
from tests.rules.building import PIPELINE, context_of

pytestmark = pytest.mark.slow

# Each with an operating system that its images of every Python have.
VERSIONS = {"0.4.30": "bookworm", "0.8.24": "bookworm", "0.13.9": "trixie"}
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
OTHER = "3.8"
ARGUMENTS = ("", f" --python {OWN}", f" -p cpython@{OWN}", f" --python {OTHER}", " --target lib")


def job_with(arguments: str, version: str) -> Context:
    return context_of(
        f"test:\n  image: ghcr.io/astral-sh/uv:{version}-python{OWN}-{VERSIONS[version]}\n"
        f"  script:\n    - uv pip install{arguments} -r requirements.txt\n"
    )


def exit_code(context: Context, version: str, folder: Path) -> int:
    """How the job's script ends, with nothing on PATH but that uv and the Python of the tests."""
    folder.mkdir()
    (folder / "requirements.txt").write_text("")
    job = context.pipeline.jobs[0]
    variables = {name: one.raw or "" for name, one in job.variants[0].variables.items()}
    path = [uv_binary(version).parent, Path(sys.base_prefix) / "bin", "/usr/bin", "/bin"]
    done = subprocess.run(
        ["sh", "-ec", "\n".join(line.text for line in job.scripts)],
        cwd=folder,
        env={
            "PATH": os.pathsep.join(map(str, path)),
            "HOME": str(folder),
            "UV_OFFLINE": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            **variables,
        },
        capture_output=True,
        check=False,
    )
    return done.returncode


def fixed(context: Context) -> dict[str, Context]:
    """The pipeline after each fix of its one finding; none where there is no finding."""
    found = [one for one in check(context) if one.rule is pip_without_environment.RULE]
    fixes = proven_fixes(found[0], context) if found else ()
    texts = {fix.title: fixed_texts(fix.edits, context.pipeline) or {} for fix in fixes}
    return {title: context_of(text[PIPELINE]) for title, text in texts.items()}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_call_without_an_environment_exits_with_2_until_it_is_fixed(
    arguments: str, version: str, tmp_path: Path
) -> None:
    context = job_with(arguments, version)
    afterwards = fixed(context)
    assert exit_code(context, version, tmp_path / "before") == (2 if afterwards else 0)
    for number, (title, after) in enumerate(afterwards.items()):
        # The other Python is not on this machine, and a test downloads none.
        if OTHER in arguments:
            assert len(afterwards) == 1
            assert title.startswith("Make an environment")
        else:
            assert exit_code(after, version, tmp_path / f"after{number}") == 0, title
    if afterwards and OTHER not in arguments:
        assert len(afterwards) == 4
    assert bool(afterwards) == ("--target" not in arguments or version == "0.4.30")


@pytest.mark.parametrize("version", VERSIONS)
def test_no_system_flag_helps_where_another_python_is_asked_for(
    version: str, tmp_path: Path
) -> None:
    context = job_with(f" --system --python {OTHER}", version)
    assert len(uv_commands(context.pipeline.jobs[0])) == 1
    assert exit_code(context, version, tmp_path / "run") == 2
