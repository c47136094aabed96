"""Whole jobs of uv: each is valid where it is put, without any finding, and runs."""

import pytest
from uvci.features.completion import complete
from uvci.features.context import context_of
from uvci.features.new_jobs.jobs import NEW_JOBS
from uvci.features.snippet import plain_text
from uvci.features.view import CompletionItem
from uvci.rules.check import check
from uvci.text.edits import apply_edits

from tests.features.cases import view_of

PACKAGE = {
    "uv.lock": 'version = 1\nrequires-python = ">=3.12"\n',
    "pyproject.toml": """\
[project]
name = "app"
version = "1"
requires-python = ">=3.12"
[build-system]
requires = ["uv_build>=0.9"]
build-backend = "uv_build"
[dependency-groups]
dev = ["pytest>=8", "ruff"]
""",
}
TAGGED = {
    **PACKAGE,
    "pyproject.toml": """\
[project]
name = "app"
dynamic = ["version"]
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
""",
    ".python-version": "3.13\n",
}
APP = {
    "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n',
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'
    '[tool.uv]\nrequired-version = ">=0.9,<0.10"\n',
}
REQUIREMENTS = {"requirements.txt": "httpx\n"}
OLD = {
    "uv.lock": 'version = 1\nrequires-python = ">=3.8"\n',
    "pyproject.toml": """\
[project]
name = "app"
requires-python = ">=3.8"
[project.optional-dependencies]
test = ["pytest"]
[build-system]
requires = ["hatchling"]
[dependency-groups]
lint = ["ruff"]
[tool.uv]
required-version = "~=0.5.0"
""",
}
POETRY = {
    "pyproject.toml": '[tool.poetry]\nname = "app"\n'
    '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
}
SETUP = {"setup.py": "", "requirements/dev.txt": "-r base.txt\npytest>=8\n"}
FILES = {
    "package": PACKAGE,
    "version of git's tags": TAGGED,
    "app": APP,
    "requirements": REQUIREMENTS,
    "an old uv": OLD,
    "poetry": POETRY,
    "setup.py": SETUP,
    "nothing": {},
}
TEMPLATE = """\
.python:
  image: ghcr.io/astral-sh/uv:$UV_VERSION-python$PYTHON_VERSION-trixie
  variables:
    UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
    UV_LOCKED: "1"
  cache:
    key: {files: [LOCK]}
    paths: [$UV_CACHE_DIR]
  after_script:
    - uv cache prune --ci
"""
VARIABLES = 'variables:\n  UV_VERSION: "0.9.30"\n  PYTHON_VERSION: "3.13"\n'
PIPELINES = {
    "empty": "",
    "stages": "stages: [check, build, ship]\n\nother:\n  stage: ship\n  script: [date]\n",
    "default image": "default:\n  image: ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie\n\n"
    "build:\n  stage: build\n  script: [date]\n",
    "default of another tool": "default:\n  image: node:24\n  cache: {paths: [node_modules]}\n"
    "  before_script: [npm ci]\n  after_script: [date]\n\ntest:\n  script: [npm test]\n",
    "template": f"{VARIABLES}\n{TEMPLATE}",
    "a builder": "build:\n  stage: build\n"
    "  image: ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie\n  script: [uv build]\n"
    "  artifacts: {paths: [dist/]}\n",
}
PIPELINES["a template that is not for every job"] = """\
.deploy:
  image: ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie
  stage: deploy
  environment: production
"""
PIPELINES["a builder that comes too late"] = (
    "stages: [release, test, build]\n" + PIPELINES["a builder"]
)
PROXIED = "${CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX}"
PIPELINES["through the dependency proxy"] = f"""\
variables:
  UV_PYTHON: "3.12"
default:
  image: {PROXIED}/python:3.12
"""
PIPELINES["a cache under the same file"] = """\
docs:
  image: python:3.12
  cache:
    key: {files: [LOCK]}
    paths: [.venv]
  script: [make docs]
"""
OTHER = "\n\nuvci-other:\n  image: alpine\n  script: [date]\n"


def items(text: str, files: dict[str, str]) -> dict[str, CompletionItem]:
    labels = {job.label for job in NEW_JOBS}
    found = complete(view_of(text, files), len(text)).items
    return {item.label: item for item in found if item.label in labels}


def filled(text: str, item: CompletionItem) -> str:
    assert item.snippet is not None
    assert plain_text(item.snippet) == item.edit.content
    return apply_edits(text, [item.edit])


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
@pytest.mark.parametrize("pipeline", PIPELINES.values(), ids=PIPELINES)
def test_each_is_valid_and_has_no_findings(pipeline: str, files: dict[str, str]) -> None:
    lock = next((name for name in files if name.endswith((".lock", ".txt"))), "")
    pipeline = pipeline.replace("key: {files: [LOCK]}", f"key: {{files: [{lock}]}}")
    if not lock:
        pipeline = pipeline.replace(
            "  cache:\n    key: {files: []}\n    paths: [$UV_CACHE_DIR]\n", ""
        ).replace("  cache:\n    key: {files: []}\n    paths: [.venv]\n", "")
    found = items(pipeline + "\n", files)
    assert "uv-test" in found
    before = {each.message for each in check(context_of(view_of(pipeline, files)))}
    for label, item in found.items():
        text = filled(pipeline + "\n", item)
        view = view_of(text if pipeline else text + OTHER, files)
        assert not view.document.problems
        # Jobs that pin another uv than the project takes are wrong already.
        known = ("UVC109",) if files is OLD else ()
        found_now = [each for each in check(context_of(view)) if each.rule.code not in known]
        new = [each for each in found_now if each.message not in before]
        assert not new, (label, text, [(each.rule.code, each.message) for each in new])


def test_what_builds_is_waited_for_where_it_comes_before() -> None:
    early = PIPELINES["a builder"] + "\n"
    late = PIPELINES["a builder that comes too late"] + "\n"
    assert "  needs:\n    - build\n" in items(early, PACKAGE)["uv-publish"].edit.content
    assert "needs" not in items(late, PACKAGE)["uv-publish"].edit.content


def test_a_template_for_some_jobs_is_not_extended() -> None:
    text = PIPELINES["a template that is not for every job"] + "\n"
    for item in items(text, PACKAGE).values():
        assert "extends: .deploy" not in item.edit.content


def test_a_free_name_is_taken() -> None:
    taken = "".join(f"{name}:\n  script: [date]\n" for name in ("test", "uv-test", "uv-test-2"))
    assert items(taken, PACKAGE)["uv-test"].edit.content.startswith("\nuv-test-3:\n")
