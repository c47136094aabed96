"""What the Python project around a pipeline says."""

from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.sources import MemoryFiles
from uvci.workspace.project import read_project


def test_everything_that_is_written() -> None:
    files = MemoryFiles(
        {
            "pyproject.toml": '[project]\nrequires-python = ">=3.11"\n'
            '[tool.uv]\nrequired-version = ">=0.8"\n',
            "uv.lock": "",
            ".python-version": "# pinned\n3.13\n",
        }
    )
    assert read_project(files) == PythonProject(
        requires_python=">=3.11",
        python_version_file="3.13",
        required_uv=">=0.8",
        has_pyproject=True,
        has_lock=True,
    )


def test_uv_toml_wins_over_pyproject() -> None:
    files = MemoryFiles(
        {
            "pyproject.toml": '[tool.uv]\nrequired-version = ">=0.8"\n',
            "uv.toml": 'required-version = "==0.9.1"\n',
        }
    )
    assert read_project(files).required_uv == "==0.9.1"


def test_what_does_not_parse_says_nothing() -> None:
    files = MemoryFiles({"pyproject.toml": "[project\n", "uv.toml": "a = " + "[" * 5000})
    assert read_project(files) == PythonProject(has_pyproject=True)
    odd = MemoryFiles({"pyproject.toml": 'project = "x"\n[tool.uv]\nrequired-version = 1\n'})
    assert read_project(odd) == PythonProject(has_pyproject=True)
