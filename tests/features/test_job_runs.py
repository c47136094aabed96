"""Scripts of new and of migrated jobs, run in a shell by a real uv, without a network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from uvci.catalog.versions import newest
from uvci.features.migration.model import Plan
from uvci.features.migration.plan import plan_of
from uvci.features.migration.result import Migration, migration_of
from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Job, Section, Variant
from uvci.text.edits import apply_edits

from tests.catalog.uv_binary import uv_binary
from tests.features.cases import view_of
from tests.features.local_index import TOKEN, make_certificate, registry, write_wheel
from tests.features.test_new_jobs import PIPELINES, TEMPLATE, VARIABLES, filled, items

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell"),
]
PROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.11"
[build-system]
requires = ["uv_build>=0.8,<1"]
build-backend = "uv_build"
[dependency-groups]
dev = ["pytest", "ruff"]
"""
FILES = ("dist/app-1-py3-none-any.whl", "dist/app-1.tar.gz")


class Runner:
    """A folder in which jobs run as GitLab's runner would have them."""

    def __init__(self, folder: Path, texts: Mapping[str, str]) -> None:
        self.folder, self.index = folder / "project", folder / "index"
        self.index.mkdir()
        for name in ("pytest", "ruff"):
            write_wheel(self.index, name, "9.0")
        for name, text in texts.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.uv = uv_binary(str(newest()))
        python = Path(sys.base_prefix) / "bin"
        path = (self.uv.parent, python, *os.environ["PATH"].split(os.pathsep))
        self.environment = {
            "PATH": os.pathsep.join(map(str, path)),
            "HOME": str(folder),
            "CI_PROJECT_DIR": str(self.folder),
            "GITLAB_CI": "true",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_FIND_LINKS": str(self.index),
            "UV_NO_INDEX": "1",
            "UV_OFFLINE": "1",
        }

    def files(self) -> dict[str, str]:
        names = ("uv.lock", "pyproject.toml", "requirements.txt")
        paths = [self.folder / name for name in names]
        return {path.name: path.read_text() for path in paths if path.exists()}

    def shell(self, script: str, variables: Mapping[str, str]) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        return done.stdout

    def run(self, pipeline: str, label: str, more: Mapping[str, str] | None = None) -> list[str]:
        """What a new job prints, its scripts run with its variables."""
        item = items(pipeline + "\n", self.files())[label]
        before = {job.name for job in view_of(pipeline, self.files()).pipeline.jobs}
        found = view_of(filled(pipeline + "\n", item), self.files()).pipeline.jobs
        (job,) = [job for job in found if job.name not in before]
        variables = {
            **_variables(job.variants[0], {**self.environment, **(more or {})}),
            **(more or {}),
        }
        printed = self.shell(_script(job, Section.BEFORE, Section.MAIN), variables)
        return (printed + self.shell(_script(job, Section.AFTER), variables)).splitlines()


def _script(job: Job, *sections: Section) -> str:
    return "\n".join(line.text for line in job.scripts if line.section in sections)


def _variables(variant: Variant, known: Mapping[str, str]) -> dict[str, str]:
    """The job's variables as its shell gets them."""
    values = {}
    for name, variable in variant.variables.items():
        if variable.origin is not None:
            text = expand_text(variable.raw or "", variant, Place.RUNNER).text or variable.raw or ""
            for other, value in known.items():
                text = text.replace(f"${other}", value)
            values[name] = text
    return values


@pytest.fixture
def project(tmp_path: Path) -> Runner:
    """A locked package of the folder's own uv."""
    runner = Runner(tmp_path, {"pyproject.toml": PROJECT, "src/app/__init__.py": ""})
    runner.shell("uv lock", {})
    return runner


def test_tests_and_lints_run_in_the_locked_project(project: Runner) -> None:
    assert project.run("", "uv-test") == ["pytest"]
    assert (project.folder / ".uv-cache").is_dir()
    assert project.run("", "uv-test-matrix") == ["pytest"]
    assert project.run("", "uv-lint") == ["ruff check", "ruff format --check"]
    assert project.run("", "uv-lock-check") == []


def test_tools_of_groups_and_extras_are_found(tmp_path: Path) -> None:
    wanted = """\
[dependency-groups]
lint = [{include-group = "tools"}]
tools = ["ruff"]
[project.optional-dependencies]
test = ["pytest"]
"""
    text = PROJECT.partition("[dependency-groups]")[0] + wanted
    runner = Runner(tmp_path, {"pyproject.toml": text, "src/app/__init__.py": ""})
    runner.shell("uv lock", {})
    assert runner.run("", "uv-test") == ["pytest"]
    assert runner.run("", "uv-lint") == ["ruff check", "ruff format --check"]
    assert runner.run("", ".uv") == ["pytest"]


def test_a_template_is_enough_for_them(project: Runner) -> None:
    template = VARIABLES + TEMPLATE.replace("LOCK", "uv.lock")
    assert project.run(template, "uv-test") == ["pytest"]
    assert project.run(template, "uv-lint") == ["ruff check", "ruff format --check"]
    project.run(template, "uv-build")
    assert sorted(map(str, project.folder.glob("dist/app*"))) == sorted(
        str(project.folder / name) for name in FILES
    )


def test_without_a_project_tools_run_by_themselves(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"README": ""})
    assert runner.run("", "uv-test") == ["pytest"]
    assert runner.run("", "uv-lint") == ["ruff check", "ruff format --check"]


def test_requirements_are_installed_into_an_environment(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"requirements.txt": "ruff\n"})
    assert runner.run("", "uv-test") == ["pytest"]
    assert (runner.folder / ".venv" / "bin" / "ruff").exists()


def test_distributions_are_built_and_published_to_the_project_s_registry(project: Runner) -> None:
    project.run("", "uv-build")
    with registry() as uploads:
        settings = {
            "CI_API_V4_URL": f"{uploads.address}/api/v4",
            "CI_PROJECT_ID": "7",
            "CI_JOB_TOKEN": "secret",
            "UV_OFFLINE": "0",
        }
        project.run(PIPELINES["a builder"], "uv-publish", settings)
    names = [Path(name).name for name in FILES]
    assert sorted(uploads.seen) == [("gitlab-ci-token", "secret", name) for name in names]


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_gitlab_vouches_for_what_is_published_elsewhere(project: Runner) -> None:
    certificate = make_certificate(project.index)
    with registry(certificate) as uploads:
        settings = {
            "UV_PUBLISH_URL": f"{uploads.address}/legacy/",
            "SSL_CERT_FILE": str(certificate[0]),
            "PYPI_ID_TOKEN": "vouched",
            "UV_OFFLINE": "0",
        }
        project.run("", "uv-publish-pypi", settings)
    names = [Path(name).name for name in FILES]
    assert sorted(uploads.seen) == [("__token__", TOKEN, name) for name in names]


PIP_JOB = """\
test:
  image: python:3.12
  before_script:
    - python3 -m venv env
    - . env/bin/activate
    - pip install --upgrade pip
    - pip install --no-cache-dir -q -r requirements.txt -c constraints.txt
  script:
    - pip install --force-reinstall --no-deps "ruff<9"; pip install tool
    - python -m pip uninstall -y tool
"""
SHOW = (
    "import importlib.metadata as m; print(sorted((d.name, d.version) for d in m.distributions()))"
)


def migrated(text: str, files: Mapping[str, str]) -> str:
    view = view_of(text, dict(files))
    plan = plan_of(view.pipeline.jobs[0], view)
    assert isinstance(plan, Plan)
    migration = migration_of(plan)
    assert isinstance(migration, Migration)
    return apply_edits(text, [each.edit for each in migration.fix.edits])


def test_a_migrated_job_publishes_where_poetry_did(project: Runner) -> None:
    text = """\
publish:
  image: python:3.13
  script:
    - poetry config repositories.gitlab "$CI_API_V4_URL/projects/7/packages/pypi"
    - poetry config http-basic.gitlab gitlab-ci-token $CI_JOB_TOKEN
    - poetry publish --build -r gitlab
"""
    (job,) = view_of(migrated(text, project.files()), project.files()).pipeline.jobs
    with registry() as uploads:
        settings = {
            "CI_API_V4_URL": f"{uploads.address}/api/v4",
            "CI_JOB_TOKEN": "secret",
            "UV_OFFLINE": "0",
        }
        project.shell(_script(job, Section.MAIN), settings)
    names = [Path(name).name for name in FILES]
    assert sorted(uploads.seen) == [("gitlab-ci-token", "secret", name) for name in names]


def test_a_migrated_job_installs_what_pip_did(tmp_path: Path) -> None:
    texts = {"requirements.txt": "pytest\nruff\n", "constraints.txt": "pytest<9\n"}
    runner = Runner(tmp_path, texts)
    for name, version in (("pytest", "8.0"), ("ruff", "8.5"), ("tool", "1.0")):
        write_wheel(runner.index, name, version)
    runner.environment |= {"PIP_FIND_LINKS": str(runner.index), "PIP_NO_INDEX": "1"}
    new = migrated(PIP_JOB, texts)
    shown = []
    for text in (PIP_JOB, new):
        (job,) = view_of(text, texts).pipeline.jobs
        variables = _variables(job.variants[0], runner.environment)
        script = f"{_script(job, Section.BEFORE, Section.MAIN)}\npython -c '{SHOW}'"
        shown.append(runner.shell(script, variables).splitlines()[-1])
        shutil.rmtree(runner.folder / "env")
    assert "('pytest', '8.0'), " in shown[0]
    assert "('ruff', '8.5'), " in shown[0]
    assert shown[0] == shown[1]
    assert "pip install" not in new.replace("uv pip install", "")
