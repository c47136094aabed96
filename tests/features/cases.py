"""Cases as texts: a pipeline with `$0` at the cursor, and what is expected below it.

    === title
    +++ uv.lock            (further files of the repository, empty unless lines follow)
    --- .gitlab-ci.yml     (optional: only to start the pipeline after other files)
    test:
      image: $0
    ---
    expectations

A `$0` stands for the cursor, `^M` for a carriage return, `^T` for a tab, `^---` for a `---` line,
`NEWEST` for uv's newest release.
"""

from dataclasses import dataclass, field
from pathlib import Path

from uvci.catalog.versions import newest
from uvci.features.view import View
from uvci.pipeline.build import build_pipeline
from uvci.pipeline.python_project import read_project
from uvci.pipeline.sources import MemoryFiles
from uvci.syntax.parse import parse

ROOT = ".gitlab-ci.yml"
CURSOR = "$0"


@dataclass(frozen=True)
class Case:
    """One case of a file; `expected` are the lines under its text."""

    title: str
    text: str
    offset: int
    expected: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)

    def view(self) -> View:
        """What a feature is given for it."""
        return view_of(self.text, self.files)


def view_of(text: str, files: dict[str, str] | None = None) -> View:
    """A repository of one pipeline and maybe more files, seen at its pipeline."""
    sources = MemoryFiles({ROOT: text, **(files or {})})
    return View(ROOT, parse(text), build_pipeline(ROOT, sources), read_project(sources), sources)


def cases(folder: Path) -> list[Case]:
    """All cases of the folder's files, in order."""
    return [
        _case(f"{path.stem}: {block.splitlines()[0].strip()}", block.splitlines()[1:])
        for path in sorted(folder.glob("*.txt"))
        for block in f"\n{path.read_text(encoding='utf-8')}".split("\n=== ")[1:]
    ]


def unescaped(line: str) -> str:
    """A line of a case as the text holds it."""
    line = line.replace("^M", "\r").replace("^T", "\t").replace("^---", "---")
    return line.replace("NEWEST", str(newest()))


def _case(title: str, lines: list[str]) -> Case:
    files: dict[str, list[str]] = {}
    current = files.setdefault(ROOT, [])
    at = 0
    while lines[at] != "---":
        line = lines[at]
        if line.startswith(("+++ ", "--- ")):
            current = files.setdefault(line[4:], [])
        else:
            current.append(unescaped(line))
        at += 1
    texts = {path: "\n".join(content) for path, content in files.items()}
    marked = texts.pop(ROOT)
    offset = marked.index(CURSOR)
    text = marked.replace(CURSOR, "", 1)
    expected = tuple(line for line in lines[at + 1 :])
    while expected and not expected[-1]:
        expected = expected[:-1]
    return Case(title, text, offset, expected, texts)
