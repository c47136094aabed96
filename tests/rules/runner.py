"""A runner of jobs in miniature, and a package index for them: caches as GitLab keeps them."""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from uvci.pipeline.model import Job, Section

_BACKEND = """\
import hashlib, base64, zipfile
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "built-1.0-py3-none-any.whl"
    files = {
        "built.py": "VALUE = 1\\n",
        "built-1.0.dist-info/METADATA": "Metadata-Version: 2.2\\nName: built\\nVersion: 1.0\\n",
        "built-1.0.dist-info/WHEEL":
            "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr("built-1.0.dist-info/RECORD", "".join(f"{p},,\\n" for p in files))
    return name
"""
_PROJECT = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = ["built", "ready"]
"""


@dataclass(slots=True)
class Index:
    """A package index at `url`; `served` are the files that it sent whole."""

    url: str
    served: list[str] = field(default_factory=list)


@contextmanager
def package_index(folder: Path) -> Iterator[Index]:
    """An index with `ready`, a wheel, and `built`, which is built from its source."""
    _write(folder / "built" / "built-1.0.tar.gz", _source())
    _write(folder / "ready" / "ready-1.0-py3-none-any.whl", _wheel())
    for name in ("built", "ready"):
        links = [f'<a href="{file.name}">{file.name}</a>' for file in (folder / name).iterdir()]
        _write(folder / name / "index.html", "".join(links).encode())
    index = Index("")

    class Handler(SimpleHTTPRequestHandler):
        """Notes what is sent; quiet."""

        def __init__(self, *given: object, **options: object) -> None:
            super().__init__(*given, directory=str(folder), **options)  # type: ignore[arg-type]

        def log_request(self, code: int | str = "-", _size: int | str = "-") -> None:
            if code == 200 and self.command == "GET" and not self.path.endswith("/"):
                index.served.append(self.path.rsplit("/", 1)[-1])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    index.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield index
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(slots=True)
class Runner:
    """Runs jobs in fresh clones below `folder`, with the caches that the runs before left."""

    folder: Path
    uv: Path
    index: Index
    runs: int = 0

    def run(self, job: Job) -> Path:
        """Run a job's script in a shell; the folder where its cache was saved."""
        self.runs += 1
        clone = self.folder / f"clone{self.runs}"
        clone.mkdir()
        (clone / "pyproject.toml").write_text(_PROJECT)
        self._restore(job, clone)
        for lines in self._scripts(job):
            subprocess.run(
                ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
                cwd=clone,
                env=self._environment(job, clone),
                check=True,
                capture_output=True,
            )
        return self._save(job, clone)

    def _scripts(self, job: Job) -> Iterator[list[str]]:
        """The lines of each shell: `after_script` has one of its own."""
        yield [line.text for line in job.scripts if line.section is not Section.AFTER]
        if after := [line.text for line in job.scripts if line.section is Section.AFTER]:
            yield after

    def _variables(self, job: Job, clone: Path) -> dict[str, str]:
        given = job.variants[0].variables.items()
        texts = {
            name: (one.raw or "").replace("$CI_PROJECT_DIR", str(clone)) for name, one in given
        }
        return {"CI_PROJECT_DIR": str(clone), **texts}

    def _environment(self, job: Job, clone: Path) -> dict[str, str]:
        home = self.folder / f"home{self.runs}"
        home.mkdir(exist_ok=True)
        return {
            "PATH": f"{self.uv.parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(home),
            "UV_DEFAULT_INDEX": self.index.url,
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
            **self._variables(job, clone),
        }

    def _paths(self, job: Job, clone: Path) -> Iterator[tuple[Path, Path]]:
        """The cached folders of a job inside its clone, each with where it is kept."""
        for path in (path for cache in job.caches for path in cache.paths):
            text = path.plain.text
            for name, value in self._variables(job, clone).items():
                text = text.replace(f"${name}", value)
            place = clone / text
            yield place, self.folder / "kept" / place.relative_to(clone)

    def _restore(self, job: Job, clone: Path) -> None:
        for place, kept in self._paths(job, clone):
            if kept.exists():
                shutil.copytree(kept, place, symlinks=True)

    def _save(self, job: Job, clone: Path) -> Path:
        for place, kept in self._paths(job, clone):
            shutil.rmtree(kept, ignore_errors=True)
            if place.exists():
                shutil.copytree(place, kept, symlinks=True)
        return self.folder / "kept"


def size_of(folder: Path) -> int:
    """How many bytes the files below a folder hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _source() -> bytes:
    files = {
        "PKG-INFO": "Metadata-Version: 2.2\nName: built\nVersion: 1.0\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n[project]\nname = "built"\nversion = "1.0"\n',
        "backend.py": _BACKEND,
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"built-1.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _wheel() -> bytes:
    """A wheel that is mostly padding, so that its place in a cache shows."""
    info = "ready-1.0.dist-info"
    files = {
        "ready.py": "# " + "x" * 200_000 + "\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: ready\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
            rows.append(f"{name},sha256={digest.decode()},{len(text)}")
        wheel.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,", ""]))
    return buffer.getvalue()
