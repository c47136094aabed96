from uvci.pipeline.python_project import (
    PythonProject,
    read_project,
    read_pyproject,
    requirement_name,
)
from uvci.pipeline.sources import MemoryFiles
from uvci.pipeline.uv_lock import read_lock

PYPROJECT = """\
[project]
name = "x"
requires-python = ">=3.11"
dynamic = ["version"]
dependencies = ["httpx>=0.27", "lib @ git+https://example.com/lib"]
[project.optional-dependencies]
cli = ["rich"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
[build-system]
requires = ["hatchling", "hatch_vcs>=0.4"]
build-backend = "hatchling.build"
[tool.uv]
required-version = ">=0.9"
package = true
"""
LOCK = """\
version = 1
requires-python = ">=3.11"
[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://example.com/simple" }
sdist = { url = "https://example.com/numpy-2.1.0.tar.gz" }
wheels = [
    { url = "https://example.com/numpy-2.1.0-cp312-cp312-manylinux_2_17_x86_64.whl" },
    { url = "https://example.com/not-a-wheel.whl" },
]
[[package]]
name = "lib"
version = "0.1"
source = { git = "https://example.com/lib?rev=main#abc" }
"""


def test_a_project() -> None:
    files = MemoryFiles(
        {"pyproject.toml": PYPROJECT, "uv.lock": LOCK, ".python-version": "# pinned\n3.12\n"}
    )
    project = read_project(files)
    assert (project.requires_python, project.required_uv) == (">=3.11", ">=0.9")
    assert project.python_version_file == "3.12"
    assert project.pythons is not None
    assert [version in project.pythons for version in ("3.10", "3.12")] == [False, True]
    pyproject = project.pyproject
    assert pyproject.groups == {"dev": ("pytest",), "lint": ("ruff",)}
    assert pyproject.extras == {"cli": ("rich",)}
    assert pyproject.uv["package"] is True
    assert pyproject.version_from_git
    assert requirement_name(pyproject.dependencies[0]) == "httpx"


def test_a_lock() -> None:
    lock = read_lock(LOCK)
    assert lock is not None
    assert [package.name for package in lock.from_git] == ["lib"]
    numpy = lock.package("NumPy")
    assert numpy is not None
    assert numpy.source == "registry"
    assert {tag.platform for tag in numpy.tags()} == {"manylinux_2_17_x86_64"}


def test_uv_toml_wins() -> None:
    files = MemoryFiles({"pyproject.toml": PYPROJECT, "uv.toml": 'required-version = "==0.9.5"'})
    assert read_project(files).required_uv == "==0.9.5"


def test_what_does_not_parse_says_nothing() -> None:
    files = MemoryFiles({"pyproject.toml": "[project", "uv.lock": "x", ".python-version": ""})
    project = read_project(files)
    assert (project.requires_python, project.python_version_file) == (None, None)
    assert (project.has_pyproject, project.has_lock, project.lock) == (True, True, None)
    assert PythonProject(requires_python="nonsense").pythons is None
    assert read_pyproject("project = 1\ndependency-groups = []\n").name is None
    assert requirement_name("==") == ""
